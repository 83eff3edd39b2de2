-- One row per unit × coverage × tier that texts and programmes claim, members' places left out.
select
    network_id,
    phase_id,
    value,
    tier,
    round(sum(weight), 4) as score,
    min(grade) as grade,
    arg_max(rule_id, (weight, sign_group, evidence_id)) as rule_id,
    arg_max(evidence_id, (weight, sign_group, evidence_id)) as evidence_id,
    count(*) as signs
from {{ ref('sign') }}
where
    facet = 'geographic_coverage' and sign_group != 'members_places'
    -- Members known in two countries are not of one, whatever a sentence says of one of them.
    and not (
        value = 'national-transregional'
        and network_id in (select network_id from {{ ref('geography') }} where len(countries) > 1)
    )
    -- Who names many seas and mountains speaks of Europe's.
    and not (
        sign_group = 'region' and network_id in (
            select network_id from {{ ref('evidence_text') }}
            where starts_with(signal_id, 'region_') group by network_id having count(distinct signal_id) >= 4
        )
    )
    -- No sea, river or mountain range has fifteen countries round it.
    and not (
        sign_group = 'region' and network_id in (
            select network_id from {{ ref('evidence_text') }}
            where signal_id = 'g_countries' and not_counted is null and try_cast(regexp_extract(words, '\d+') as int) >= 15
        )
    )
    -- A sea, a mountain range or a border of which one country alone is named is crossed by nobody.
    and not (
        sign_group in ('region', 'border') and not repeated and not in_name
        and network_id not in (
            select network_id from {{ ref('sign') }}
            where sign_group in ('region', 'border') group by network_id, phase_id having count(*) > 1
        )
        and (
            network_id in (select network_id from {{ ref('geography') }} where len(countries) = 1)
            or network_id in (select network_id from {{ ref('sign') }} where sign_group = 'home_country')
        )
    )
group by network_id, phase_id, value, tier
having sum(weight) > 0
