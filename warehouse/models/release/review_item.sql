-- Facet values that a person may want to look at: decisions whose evidence has changed since, and close calls.
with enough as (
    select
        unnest(['1', '2', '3']) as value,
        unnest([
            {{ var('enough')['exchange'] }}, {{ var('enough')['coordination'] }}, {{ var('enough')['integration'] }}
        ]) as enough
),

-- How far the nearest level is from holding, or from failing.
level as (
    select
        score.network_id,
        'integration_level' as facet,
        min(abs(score.score - enough.enough)) as margin,
        arg_min(
            format('signs of level {} weigh {:.2f}, {:.2f} are enough', score.value, score.score, enough.enough),
            abs(score.score - enough.enough)
        ) as why
    from {{ ref('score') }} as score
    inner join enough using (value)
    where score.facet = 'integration_level' and score.phase_id is null and score.tier = 1
    group by score.network_id
),

sector as (
    select
        network_id,
        'sector_coverage' as facet,
        abs(focus - generality) as margin,
        format('one field is named by {} signs, against it speak {:.1f}', focus, generality) as why
    from {{ ref('sector') }}
    where phase_id is null and focus > 0 and generality > 0
),

geographic as (
    select
        network_id,
        'geographic_coverage' as facet,
        max(score) - min(score) as margin,
        string_agg(format('{} {:.1f}', value, score), ' against ' order by score desc, value) as why
    from (
        select *
        from {{ ref('score') }}
        where facet = 'geographic_coverage' and phase_id is null and tier = 1
        qualify row_number() over (partition by network_id order by score desc, value) <= 2
    )
    group by network_id
    having count(*) = 2
),

close_call as (
    select * from level
    union all by name
    select * from sector
    union all by name
    select * from geographic
)

select
    typology.network_id,
    typology.facet,
    string_agg(distinct typology.value, '|') as value,
    any_value(typology.proposed_value) as proposed_value,
    if(decided.network_id is null, 'close call', 'evidence changed since the decision') as cause,
    coalesce('decided ' || any_value(decided.decided_at) || ': ' || any_value(decided.why), any_value(close_call.why)) as why,
    if(decided.network_id is null, any_value(close_call.margin), 0)::double as margin,
    any_value(decided.decided_by) as decided_by
from {{ ref('typology') }} as typology
inner join {{ ref('network') }} as network on network.network_id = typology.network_id and network.kind != 'instrument'
left join {{ ref('decided') }} as decided
    on decided.network_id = typology.network_id and decided.facet = typology.facet
left join {{ ref('evidence_digest') }} as digest
    on digest.network_id = typology.network_id and digest.facet = typology.facet
left join close_call
    on close_call.network_id = typology.network_id and close_call.facet = typology.facet
where
    typology.phase_id is null
    and case
        when decided.network_id is not null then coalesce(digest.digest, '') != coalesce(decided.evidence_digest, '')
        else close_call.margin < 0.5
    end
group by typology.network_id, typology.facet, decided.network_id
