-- One row per unit × facet × value × tier: the weights of its signs added up, and the sign that it rests on most.
select
    network_id,
    phase_id,
    facet,
    value,
    tier,
    -- Rounded, as sums of fractions differ in their last digits with the order in which they are made.
    round(sum(weight), 4) as score,
    max(weight) as strongest,
    -- A value is graded as the sign is that it rests on.
    arg_max(grade, (weight, grade = 'A', sign_group, evidence_id)) as grade,
    arg_max(rule_id, (weight, grade = 'A', sign_group, evidence_id)) as rule_id,
    arg_max(evidence_id, (weight, grade = 'A', sign_group, evidence_id)) as evidence_id
from {{ ref('sign') }}
group by all
