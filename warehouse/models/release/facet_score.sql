-- What speaks for each value that has a sign, and how much of it would be enough: what an answer turns on.
with score as (
    select network_id, facet, value, sum(score) as score, sum(signs)::int as signs
    from {{ ref('score') }}
    where phase_id is null and facet != 'sector_coverage'
    group by all
    having sum(score) > 0
),

sector as (
    select network_id, 'sector_coverage' as facet, 'sectoral' as value, focus::double as score, focus::int as signs
    from {{ ref('sector') }}
    where phase_id is null and focus > 0
    union all
    select
        network_id, 'sector_coverage' as facet, 'generalist' as value, generality::double as score, null::int as signs
    from {{ ref('sector') }}
    where phase_id is null and generality > 0
)

select
    network_id,
    facet,
    value,
    round(score, 2) as score,
    case
        when facet = 'integration_level' and value = '3' then {{ var('enough')['integration'] }}
        when facet = 'integration_level' and value = '2' then {{ var('enough')['coordination'] }}
        when facet = 'integration_level' then {{ var('enough')['exchange'] }}
        -- The weightier of the claims holds.
        when facet in ('geographic_coverage', 'sector_coverage')
            then coalesce(max(score) over (
                partition by network_id, facet order by score desc rows between unbounded preceding and unbounded following exclude current row
            ), 0)
        else 0.8
    end::double as enough,
    signs
from (
    select * from score
    union all by name
    select * from sector
)
