with facet as (
    select unnest([
        'integration_level', 'geographic_coverage', 'sector_coverage', 'legal_form', 'governance', 'funding',
        'staffing', 'cooperation_topics', 'sustainability', 'legal_instrument', 'governed'
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
    select network_id, phase_id, facet, if(min(value) = max(value), 1, 2) as values_said
    from {{ ref('score') }}
    where score >= {{ var('enough')['other'] }}
    group by all
),

-- Where the words of the whole text make what the rules find too doubtful to say.
doubted as (
    select network_id, phase_id, 'integration_level' as facet from {{ ref('level_decision') }} where tier = 1 and value is null and by_words
    {% for decision in ('geography_decision', 'sector_decision') %}
        union all
        select network_id, phase_id, facet from {{ ref(decision) }} where value is null and ruled_value is not null
    {% endfor %}
),

-- Where the words of the whole text choose otherwise than the signs do, or a rule chose beside a deeper level that has enough weight.
contested as (
    select network_id, phase_id, 'integration_level' as facet
    from {{ ref('level_decision') }}
    where
        by_words and ruled_value is not null and value is not null
        or value = '1' and coordination >= {{ var('enough')['coordination'] }}
        or value in ('1', '2') and integration >= {{ var('enough')['integration'] }}
    {% for decision in ('geography_decision', 'sector_decision') %}
        union all
        select network_id, phase_id, facet from {{ ref(decision) }} where by_words and ruled_value is not null and value is not null
    {% endfor %}
),

heard as (
    select network_id, bool_or(not curated) as beyond_article
    from {{ ref('network_of_record') }}
    group by network_id
),

chosen as (
    select * from {{ ref('decision') }}
    where network_id not in (select network_id from instrument)
),

-- What the rules propose.
proposed as (
    select
        unit.network_id,
        unit.phase_id,
        facet.facet,
        coalesce(decision.value, 'unknown') as value,
        coalesce(decision.grade, 'U') as grade,
        decision.rule_id,
        case
            when decision.value is not null
                then coalesce(rule.statement, '') || coalesce(' ' || decision.note, '')
            when instrument.network_id is not null then 'not_applicable'
            when coalesce(rival.values_said > 1, false) or doubted.facet is not null then 'conflicting'
            when coalesce(heard.beyond_article, false) then 'not_found'
            else 'not_harvested'
        end as reason,
        decision.value is not null and contested.facet is not null
        or coalesce(
            facet.facet in ('geographic_coverage', 'sector_coverage', 'legal_form', 'staffing', 'governed', 'sustainability')
            and rival.values_said > 1, false
        ) as conflict,
        decision.evidence_id,
        round(decision.margin, 2) as margin,
        support.signs,
        support.sources
    from unit
    cross join facet
    left join instrument on instrument.network_id = unit.network_id
    left join chosen as decision
        on
            decision.network_id = unit.network_id
            and decision.phase_id is not distinct from unit.phase_id
            and decision.facet = facet.facet
    left join {{ ref('support') }} as support
        on
            support.network_id = unit.network_id
            and support.phase_id is not distinct from unit.phase_id
            and support.facet = facet.facet
            and support.value = decision.value
    left join {{ ref('rule') }} as rule on rule.rule_id = decision.rule_id
    left join rival
        on
            rival.network_id = unit.network_id
            and rival.phase_id is not distinct from unit.phase_id
            and rival.facet = facet.facet
    left join heard on heard.network_id = unit.network_id
    left join doubted
        on
            doubted.network_id = unit.network_id
            and doubted.phase_id is not distinct from unit.phase_id
            and doubted.facet = facet.facet
    left join (select distinct * from contested) as contested
        on
            contested.network_id = unit.network_id
            and contested.phase_id is not distinct from unit.phase_id
            and contested.facet = facet.facet
),

-- What a person decided stands instead, with the proposal beside it.
overridden as (
    select
        network_id,
        facet,
        unnest(string_split(value, '|')) as value,
        why
    from {{ ref('decided') }}
),

proposal as (
    select network_id, facet, string_agg(value, '|' order by value) as proposed_value, any_value(conflict) as conflict
    from proposed
    where phase_id is null and (network_id, facet) in (select network_id, facet from {{ ref('decided') }})
    group by network_id, facet
)

select
    proposed.network_id,
    proposed.phase_id,
    proposed.facet,
    proposed.value,
    proposed.grade,
    proposed.rule_id,
    '{{ var("rule_version") }}' as rule_version,
    proposed.reason,
    proposed.conflict,
    proposed.value as proposed_value,
    null::varchar as override_reason,
    proposed.evidence_id,
    proposed.margin,
    proposed.signs,
    proposed.sources
from proposed
where
    proposed.phase_id is not null
    or (proposed.network_id, proposed.facet) not in (select network_id, facet from {{ ref('decided') }})
union all by name
select
    overridden.network_id,
    null::varchar as phase_id,
    overridden.facet,
    overridden.value,
    -- A person's word alone is weak; evidence of the same value lends its grade.
    if(overridden.value = 'unknown', 'U', coalesce(min(evidence.grade), 'D')) as grade,
    'RO' as rule_id,
    '{{ var("rule_version") }}' as rule_version,
    if(overridden.value = 'unknown', 'conflicting', 'A person decided: ' || any_value(overridden.why)) as reason,
    any_value(proposal.conflict) as conflict,
    any_value(proposal.proposed_value) as proposed_value,
    any_value(overridden.why) as override_reason,
    arg_min(evidence.evidence_id, (evidence.grade, -evidence.weight, evidence.evidence_id)) as evidence_id,
    null::double as margin,
    count(distinct evidence.sign_group) as signs,
    count(distinct evidence.source_id) as sources
from overridden
inner join proposal using (network_id, facet)
left join {{ ref('unit_evidence') }} as evidence
    on
        evidence.network_id = overridden.network_id and evidence.unit_phase is null
        and evidence.facet = overridden.facet and evidence.value = overridden.value
group by overridden.network_id, overridden.facet, overridden.value
