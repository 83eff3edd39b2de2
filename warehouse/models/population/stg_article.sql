-- One row per network, project or instrument that the article names.
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
    'D' as grade
from {{ source('staging', 'network') }}
where source = 'article'
