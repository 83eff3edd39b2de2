-- One row per unit × facet × value × kind of sign: a sign counts once, however many pages repeat it, and of signs of one
-- group the weightiest.  What the article says of a programme's group is a fall-back (tier 2).
select
    network_id,
    unit_phase as phase_id,
    facet,
    value,
    sign_group,
    if(source_id = 'article' or (grade = 'D' and starts_with(signal_id, 'programme_')), 2, 1) as tier,
    coalesce(
        min(statement_id) filter (where quote is not null) != max(statement_id) filter (where quote is not null), false
    ) as repeated,
    -- Who says it again in other words means it: two statements of a kind weigh half as much again as one.
    max(weight) * if(repeated, 1.5, 1) as weight,
    bool_or(in_name) as in_name,
    min(grade) as grade,
    -- What decides is one sign: the best graded, then the heaviest; of equal ones the same, whatever the ID of the network is.
    arg_min(evidence_id, (grade, -weight, hash(quote), evidence_id)) as evidence_id,
    arg_min(rule_id, (grade, -weight, hash(quote), evidence_id)) as rule_id
from {{ ref('unit_evidence') }}
group by all
