-- One row per unit × coverage × tier that texts and programmes claim, members' places left out.
select
    network_id,
    phase_id,
    value,
    tier,
    round(sum(weight), 4) as score,
    arg_max(grade, (weight, sign_group, evidence_id)) as grade,
    arg_max(rule_id, (weight, sign_group, evidence_id)) as rule_id,
    arg_max(evidence_id, (weight, sign_group, evidence_id)) as evidence_id
from {{ ref('sign') }}
where facet = 'geographic_coverage' and sign_group != 'members_places'
group by network_id, phase_id, value, tier
having sum(weight) > 0
