-- One row per unit: the coverage that texts and programmes claim most.
select
    network_id,
    phase_id,
    value,
    tier,
    score,
    grade,
    rule_id,
    evidence_id,
    coalesce(lead(score) over (partition by network_id, phase_id, tier order by score desc, value), 0) as second
from {{ ref('claim') }}
-- A meeting in one town claims nothing.
where score >= {{ var('enough')['claim'] }}
qualify row_number() over (partition by network_id, phase_id order by tier, score desc, value) = 1
