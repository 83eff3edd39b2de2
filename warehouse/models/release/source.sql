select
    source as source_id,
    door,
    title,
    publisher,
    access,
    outcome,
    reason,
    loaded as rows,
    read,
    set_aside,
    fetched_at,
    stale_since,
    licence,
    attribution,
    base_url,
    grade,
    caveats
from {{ source('staging', 'harvest') }}
