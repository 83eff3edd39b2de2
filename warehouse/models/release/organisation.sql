with record as (
    select
        identity.entity_id as organisation_id,
        organisation.*,
        harvest.trust,
        {{ names_a_cluster('organisation.name') }} as named_cluster
    from {{ source('staging', 'organisation') }} as organisation
    inner join {{ source('identity', 'record') }} as identity
        on
            identity.entity_kind = 'organisation'
            and identity.source = organisation.source
            and identity.source_id = organisation.source_id
    inner join {{ source('staging', 'harvest') }} as harvest
        on harvest.source = organisation.source and harvest.door = organisation.door
)

select
    organisation_id,
    arg_min(name, (trust, -epoch(fetched_at::timestamptz)::bigint, source_id)) as name,
    coalesce(
        max(kind) filter (where kind = 'cluster' and named_cluster),
        max('cluster') filter (where named_cluster),
        min(kind) filter (where kind != 'cluster'),
        max(kind),
        'unknown'
    ) as kind,
    arg_min(country, (trust, source_id)) filter (where country is not null) as country,
    arg_min(country.eu_code, (trust, source_id)) filter (where country is not null) as country_eu,
    arg_min(city, (trust, source_id)) filter (where city is not null) as city,
    arg_min(nuts_code, (trust, source_id)) filter (where nuts_code is not null) as nuts_code,
    arg_min(nuts_version, (trust, source_id)) filter (where nuts_code is not null) as nuts_version,
    arg_min(lon, (trust, source_id)) filter (where lon is not null and lat is not null) as lon,
    arg_min(lat, (trust, source_id)) filter (where lon is not null and lat is not null) as lat,
    arg_min(website, (trust, source_id)) filter (where website is not null) as website
from record
inner join {{ ref('organisation_of_interest') }} as shown using (organisation_id)
left join {{ ref('country') }} as country using (country)
group by organisation_id
