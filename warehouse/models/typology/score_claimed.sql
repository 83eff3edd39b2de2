-- One row per unit: the coverage that texts and programmes claim, members' places left out.
select
    network_id,
    phase_id,
    'geographic_coverage' as facet,
    value,
    tier,
    round(sum(weight), 4) as score,
    min(grade) as grade,
    arg_max(rule_id, (weight, sign_group)) as rule_id,
    arg_max(evidence_id, (weight, sign_group)) as evidence_id,
    count(*) as signs,
    1 as sources,
    coalesce(lead(round(sum(weight), 4)) over (partition by network_id, phase_id order by tier, round(sum(weight), 4) desc, value), 0) as second
from {{ ref('sign') }}
where
    facet = 'geographic_coverage' and sign_group != 'members_places'
    -- Members known in two countries are not of one, whatever a sentence says of one of them.
    and not (
        value = 'national-transregional'
        and network_id in (select network_id from {{ ref('geography') }} where len(countries) > 1)
    )
    -- A sea or mountain range on which one country lies crosses no border.
    and not (
        sign_group = 'region' and not repeated and not in_name
        and network_id in (select network_id from {{ ref('geography') }} where len(countries) = 1)
    )
group by network_id, phase_id, value, tier
qualify row_number() over (partition by network_id, phase_id order by tier, score desc, value) = 1
