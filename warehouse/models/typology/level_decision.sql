-- One row per unit and tier: the level that the rules find in its signs (R1 to R8), and the one that holds once all words
-- of its texts are weighed beside them (RR).
with depth as (
    select
        network_id,
        phase_id,
        tier,
        coalesce(max(score) filter (where value = '1'), 0) as exchange,
        -- Signs that only support, such as a signature or a working group, carry no level by themselves.
        coalesce(max(score) filter (where value = '2' and (strongest >= 0.8 or score >= 2)), 0) as coordination,
        coalesce(max(score) filter (where value = '3'), 0) as integration,
        coalesce(max(strongest) filter (where value = '2'), 0) as strongest_of_coordination,
        max(score) = 0 as without_a_sign
    from {{ ref('score') }}
    where facet = 'integration_level'
    group by all
),

learning as (
    select network_id, phase_id, tier from {{ ref('sign') }} where sign_group = 'policy_programme' group by all
),

ruled as (
    select
        depth.network_id,
        depth.phase_id,
        depth.tier,
        depth.coordination,
        depth.integration,
        depth.without_a_sign,
        case
            when sector.value = 'generalist' and sector.umbrella and exchange > 0 then '1'
            -- R6, R7: who learns in such a programme coordinates only with a strategy or actions of its own.
            when learning.network_id is not null and strongest_of_coordination < 1.2 and exchange > 0 then '1'
            when integration >= {{ var('enough')['integration'] }} then '3'
            when coordination >= {{ var('enough')['coordination'] }} then '2'
            -- Nearly two or nearly three is no one.
            when coordination > {{ var('enough')['coordination'] }} - {{ var('margin')['coordination'] }} then null
            when integration > {{ var('enough')['integration'] }} - {{ var('margin')['integration'] }} then null
            when exchange >= {{ var('enough')['exchange'] }} then '1'
        end as value
    from depth
    left join {{ ref('sector') }} as sector
        on sector.network_id = depth.network_id and sector.phase_id is not distinct from depth.phase_id
    left join learning
        on
            learning.network_id = depth.network_id
            and learning.phase_id is not distinct from depth.phase_id
            and learning.tier = depth.tier
),

-- What the code book settles by the kind of a network (R5 to R8) is settled, whatever the words of its texts are.
settled as (
    select distinct sign.network_id, sign.phase_id, sign.tier, sign.value
    from {{ ref('sign') }} as sign
    where
        sign.facet = 'integration_level'
        and (
            sign.sign_group in (select sign_group from {{ ref('typology_signal') }} where settles = 'true')
            or starts_with(sign.sign_group, 'programme_')
        )
),

chosen as (
    select
        ruled.* exclude (value, without_a_sign),
        ruled.value as ruled_value,
        settled.value is not null as settled,
        -- Words alone do not go before what the article says of the network's group.
        settled.value is null and ruled.tier = 1 and likeliest.facet is not null
        and not (ruled.without_a_sign and count(*) over (partition by ruled.network_id, ruled.phase_id) > 1) as weighed,
        if(weighed, likeliest.value, ruled.value) as value,
        if(weighed, likeliest.margin, null) as reading_margin,
        likeliest.shown
    from ruled
    left join settled
        on
            settled.network_id = ruled.network_id
            and settled.phase_id is not distinct from ruled.phase_id
            and settled.tier = ruled.tier
            and settled.value = ruled.value
    left join {{ ref('likeliest') }} as likeliest
        on
            likeliest.network_id = ruled.network_id
            and likeliest.phase_id is not distinct from ruled.phase_id
            and likeliest.facet = 'integration_level'
)

select
    *,
    coalesce(value, '') != coalesce(ruled_value, '') as by_words
from chosen
