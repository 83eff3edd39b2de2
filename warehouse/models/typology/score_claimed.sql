-- One row per unit: the coverage that texts and programmes claim, members' places left out.
with claim as (
    select network_id, null::varchar as unit_phase, * exclude (network_id, phase_id) from {{ ref('evidence') }}
    union all by name
    select network_id, phase_id as unit_phase, * exclude (network_id, phase_id) from {{ ref('evidence') }}
    where phase_id is not null
),

sign as (
    select
        network_id, unit_phase as phase_id, value, signal_id, if(grade = 'D', 2, 1) as tier,
        max(weight) as weight, min(grade) as grade, min(rule_id) as rule_id
    from claim
    where facet = 'geographic_coverage' and counts and signal_id != 'members_places'
    group by all
)

select
    network_id,
    phase_id,
    'geographic_coverage' as facet,
    value,
    tier,
    sum(weight) as score,
    min(grade) as grade,
    arg_min(rule_id, (grade, -weight, signal_id)) as rule_id,
    count(*) as signs,
    1 as sources
from sign
group by network_id, phase_id, value, tier
qualify row_number() over (partition by network_id, phase_id order by tier, score desc, value) = 1
