-- What speaks for each value, and how much of it would be enough: what an answer turns on.
with score as (
    select network_id, facet, value, sum(score) as score
    from {{ ref('score') }}
    where phase_id is null and facet != 'sector_coverage'
    group by all
    having sum(score) > 0
),

sector as (
    select network_id, 'sector_coverage' as facet, 'sectoral' as value, focus::double as score
    from {{ ref('sector') }}
    where phase_id is null and focus > 0
    union all
    select network_id, 'sector_coverage' as facet, 'generalist' as value, generality::double as score
    from {{ ref('sector') }}
    where phase_id is null and generality > 0
),

-- Where words are weighed beside the signs.
weighing as (
    select network_id, 'integration_level' as facet from {{ ref('level_decision') }} where phase_id is null and weighed
    {% for decision in ('geography_decision', 'sector_decision') %}
        union all
        select network_id, facet from {{ ref(decision) }} where phase_id is null and weighed
    {% endfor %}
),

ruled as (
    select
        network_id,
        facet,
        value,
        score,
        case
            when facet = 'integration_level' and value = '3' then {{ var('enough')['integration'] }}
            when facet = 'integration_level' and value = '2' then {{ var('enough')['coordination'] }}
            when facet = 'integration_level' then {{ var('enough')['exchange'] }}
            -- The weightier of the claims holds.
            when facet in ('geographic_coverage', 'sector_coverage')
                then coalesce(max(score) over (
                    partition by network_id, facet order by score desc rows between unbounded preceding and unbounded following exclude current row
                ), 0)
            else {{ var('enough')['other'] }}
        end::double as enough
    from (
        select * from score
        union all by name
        select * from sector
    )
),

-- The score that would make a value likely enough, all words and other scores as they are.
weighed as (
    select
        weighed.network_id,
        weighed.facet,
        weighed.value,
        weighed.score,
        weighed.score + (
            ln(weighed.asked / (1 - weighed.asked))
            - ln(weighed.odds / (sum(weighed.odds) over (partition by weighed.network_id, weighed.facet) - weighed.odds))
        ) / weighed.weight_of_score as enough,
        weighed.probability
    from {{ ref('weighed') }} as weighed
    inner join weighing using (network_id, facet)
    where weighed.phase_id is null
),

-- Where the network's own words are too doubtful, what the article says of it holds: by its weight, not by words.
held_otherwise as (
    select decision.network_id, decision.facet, decision.value
    from {{ ref('decision') }} as decision
    inner join {{ ref('likeliest') }} as likeliest using (network_id, facet)
    where decision.phase_id is null and likeliest.phase_id is null and likeliest.value is null and decision.value is not null
)

select
    found.network_id,
    found.facet,
    found.value,
    round(found.score, 2) as score,
    round(found.enough, 2) as enough,
    round(found.probability, 4) as probability,
    support.signs
from (
    select * from weighed
    where (network_id, facet, value) not in (select network_id, facet, value from held_otherwise)
    union all by name
    select * from ruled
    where
        (network_id, facet) not in (select network_id, facet from weighing)
        or (network_id, facet, value) in (select network_id, facet, value from held_otherwise)
) as found
left join {{ ref('support') }} as support
    on
        support.network_id = found.network_id and support.phase_id is null
        and support.facet = found.facet and support.value = found.value
