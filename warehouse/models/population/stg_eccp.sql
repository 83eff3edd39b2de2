-- One row per profile of a network or partnership on ECCP.
select
    source,
    door,
    source_id,
    url,
    fetched_at,
    origin,
    name,
    name_key,
    acronym,
    kind,
    member_type,
    website,
    programme,
    call,
    start_date,
    end_date,
    date_precision,
    language,
    'B' as grade
from {{ source('staging', 'network') }}
where source = 'eccp'
