-- Facet values that a person may want to look at: decisions whose evidence has changed since, and close calls.
select
    typology.network_id,
    typology.facet,
    string_agg(distinct typology.value, '|' order by typology.value) as value,
    any_value(typology.proposed_value) as proposed_value,
    if(decided.network_id is null, 'close call', 'evidence changed since the decision') as cause,
    coalesce(
        'decided ' || any_value(decided.decided_at) || ': ' || any_value(decided.why),
        format('a close call, {:.2f} from another answer', abs(min(typology.margin))) || coalesce('; it rests on: ' || min(left(coalesce(evidence.quote, evidence.structured_value), 200)), '')
    ) as why,
    if(decided.network_id is null, min(typology.margin), 0)::double as margin,
    any_value(decided.decided_by) as decided_by
from {{ ref('typology') }} as typology
inner join {{ ref('network') }} as network on network.network_id = typology.network_id and network.kind != 'instrument'
left join {{ ref('decided') }} as decided
    on decided.network_id = typology.network_id and decided.facet = typology.facet
left join {{ ref('evidence_digest') }} as digest
    on digest.network_id = typology.network_id and digest.facet = typology.facet
left join {{ ref('evidence') }} as evidence on evidence.evidence_id = typology.evidence_id
where
    typology.phase_id is null
    and case
        when decided.network_id is not null then coalesce(digest.digest, '') != coalesce(decided.evidence_digest, '')
        else typology.margin < 0.5
    end
group by typology.network_id, typology.facet, decided.network_id
