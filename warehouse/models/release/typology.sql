with facet as (
    select unnest([
        'integration_level', 'geographic_coverage', 'sector_coverage', 'legal_form', 'governance', 'funding',
        'staffing', 'cooperation_topics', 'sustainability', 'legal_instrument'
    ]) as facet
),

unit as (
    select network_id, null::varchar as phase_id from {{ ref('network') }}
    union all
    select network_id, phase_id from {{ ref('phase') }}
),

instrument as (
    select network_id from {{ ref('network') }} where kind = 'instrument'
),

-- Where other signs of the same strength say otherwise.
rival as (
    select network_id, phase_id, facet, count(distinct value) as values_said
    from {{ ref('score') }}
    where score >= 0.8
    group by all
),

heard as (
    select network_id, bool_or(not curated) as beyond_article
    from {{ ref('network_of_record') }}
    group by network_id
)

select
    unit.network_id,
    unit.phase_id,
    facet.facet,
    coalesce(decision.value, 'unknown') as value,
    coalesce(decision.grade, 'U') as grade,
    decision.rule_id,
    '{{ var("rule_version") }}' as rule_version,
    case
        when decision.value is not null
            then coalesce(rule.statement, '') || coalesce(' ' || decision.note, '')
        when instrument.network_id is not null then 'not_applicable'
        when coalesce(heard.beyond_article, false) then 'not_found'
        else 'not_harvested'
    end as reason,
    coalesce(
        facet.facet in ('geographic_coverage', 'sector_coverage', 'legal_form', 'sustainability')
        and rival.values_said > 1, false
    ) as conflict,
    coalesce(decision.value, 'unknown') as proposed_value,
    null::varchar as override_reason,
    decision.signs,
    decision.sources
from unit
cross join facet
left join instrument on instrument.network_id = unit.network_id
left join {{ ref('decision') }} as decision
    on
        decision.network_id = unit.network_id
        and decision.phase_id is not distinct from unit.phase_id
        and decision.facet = facet.facet
        and instrument.network_id is null
left join {{ ref('rule') }} as rule on rule.rule_id = decision.rule_id
left join rival
    on
        rival.network_id = unit.network_id
        and rival.phase_id is not distinct from unit.phase_id
        and rival.facet = facet.facet
left join heard on heard.network_id = unit.network_id
