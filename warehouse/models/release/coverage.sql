-- Facets: of all networks; fields: of the rows that a source loaded.
with facet as (
    select
        'all' as source_id,
        'network_typology.' || facet as field,
        count(distinct network_id) as expected,
        count(distinct network_id) filter (where value != 'unknown') as held
    from {{ ref('typology') }}
    where phase_id is null and network_id in (select network_id from {{ ref('network') }} where kind != 'instrument')
    group by facet
),

field as (
    {% for column in ('name', 'kind', 'country', 'city', 'nuts_code', 'lon', 'website') %}
        select source as source_id, 'organisation.{{ column }}' as field, count(*) as expected, count({{ column }}) as held
        from {{ source('staging', 'organisation') }} group by source
        union all
    {% endfor %}
    {% for column in ('acronym', 'member_type', 'website', 'programme', 'start_date', 'end_date') %}
        select source as source_id, 'network.{{ column }}' as field, count(*) as expected, count({{ column }}) as held
        from {{ source('staging', 'network') }} group by source
        union all
    {% endfor %}
    {% for column in ('title', 'call', 'start_date', 'end_date', 'eu_contribution', 'total_cost') %}
        select source as source_id, 'project.{{ column }}' as field, count(*) as expected, count({{ column }}) as held
        from {{ source('staging', 'project') }} group by source
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

page as (
    select source as source_id, 'pages' as field, announced as expected, announced as held
    from {{ source('staging', 'harvest') }}
    where announced > 0
)

select
    source_id,
    field,
    expected,
    held,
    round(held / nullif(expected, 0), 4) as known_share,
    (select max(fetched_at) from {{ source('staging', 'harvest') }})::varchar as counted_at
from (select * from facet
union all by name
select * from field
union all by name
select * from page)
