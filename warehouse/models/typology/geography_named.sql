-- One row per network whose sentences name countries of members: what these countries would show.
with named as (
    select
        named.network_id,
        list_sort(list(distinct named.country)) as countries,
        coalesce(list_sort(list(distinct named.country) filter (where not country.in_wider_europe)), []) as outside,
        arg_max(named.text, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as text,
        arg_max(named.source, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as source,
        arg_max(named.source_id, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as source_id,
        arg_max(named.url, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as url,
        arg_max(named.fetched_at, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as fetched_at,
        arg_max(named.origin, (length(named.text) <= 300, named.grade, named.text, named.source, named.source_id, named.url)) as origin,
        min(named.grade) as grade
    from {{ ref('country_named') }} as named
    left join {{ ref('country') }} as country on country.country = named.country
    group by named.network_id
),

region as (
    {{ region_holding('named') }}
),

-- How many pairs of two or three countries touch.
touching as (
    select named.network_id, count(distinct [border.country, border.neighbour]) as pairs
    from named
    inner join {{ ref('border') }} as border
        on
            border.country < border.neighbour
            and list_contains(named.countries, border.country) and list_contains(named.countries, border.neighbour)
    where len(named.countries) in (2, 3)
    group by named.network_id
),

placed as (
    select
        named.*,
        region.macro_region,
        coalesce(touching.pairs = len(named.countries) * (len(named.countries) - 1) / 2, false) as neighbours
    from named
    left join region using (network_id)
    left join touching using (network_id)
)

select
    *,
    {{ coverage_of() }} as value,
    case len(countries) when 1 then 0.5 when 2 then 1.0 else 1.3 end as weight
from placed
-- A country beyond Europe, named alone, is a target.
where len(countries) > 1 or len(outside) = 0
