-- Where the article puts each network, where the evidence puts it, and why they differ. The only
-- model that reads the article's placements: nothing else depends on it.
with placed as (
    select
        placement.*,
        record.network_id,
        network.name as network_name,
        network.kind as network_kind
    from {{ ref('article_placement') }} as placement
    left join {{ ref('network_of_record') }} as record
        on record.source = 'article' and record.source_id = placement.article_key
    left join {{ ref('network') }} as network on network.network_id = record.network_id
),

other as (
    select
        network_id,
        facet,
        value,
        arg_min(evidence_id, (grade, -weight, evidence_id)) as evidence_id,
        arg_min(coalesce(quote, structured_value), (grade, -weight, evidence_id)) as shown,
        arg_min(url, (grade, -weight, evidence_id)) as url
    from {{ ref('evidence') }}
    where counts and source_id != 'article'
    group by all
)

select
    placed.article_key,
    placed.article_name,
    placed.network_id,
    placed.network_name,
    placed.network_kind,
    placed.facet,
    placed.value as article_value,
    placed.basis as article_basis,
    -- What a person decided is not what the evidence says.
    typology.proposed_value as evidence_value,
    typology.grade,
    typology.rule_id,
    case
        when placed.value = 'unknown' then 'the article does not say'
        when typology.proposed_value = placed.value then 'agree'
        when typology.proposed_value = 'unknown' then 'no evidence'
        else 'differ'
    end as comparison,
    case when typology.proposed_value != placed.value and placed.value != 'unknown' then typology.reason end as why,
    other.evidence_id as other_source_evidence_id,
    other.shown as other_source_quote,
    other.url as other_source_url
from placed
left join {{ ref('typology') }} as typology
    on typology.network_id = placed.network_id and typology.phase_id is null and typology.facet = placed.facet
left join other
    on other.network_id = placed.network_id and other.facet = placed.facet and other.value = typology.proposed_value
