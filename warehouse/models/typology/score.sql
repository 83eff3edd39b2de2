-- One row per unit (network as a whole, or a phase of it) × facet × value, from the signs that count.
-- A sign counts once, however often it is repeated; D evidence is a fall-back (tier 2).
with unit as (
    select network_id, null::varchar as unit_phase, * exclude (network_id) from {{ ref('evidence') }}
    union all by name
    select network_id, phase_id as unit_phase, * exclude (network_id) from {{ ref('evidence') }}
    where phase_id is not null
),

sign as (
    select
        network_id,
        unit_phase as phase_id,
        facet,
        value,
        signal_id,
        if(grade = 'D', 2, 1) as tier,
        max(weight) as weight,
        min(grade) as grade,
        min(rule_id) as rule_id,
        count(distinct source_id) as sources
    from unit
    where counts
    group by all
)

select
    network_id,
    phase_id,
    facet,
    value,
    tier,
    sum(weight) as score,
    -- Grade and rule are those of one sign: the best graded, then the heaviest.
    min(grade) as grade,
    arg_min(rule_id, (grade, -weight, signal_id)) as rule_id,
    count(*) as signs,
    max(sources) as sources
from sign
group by all
