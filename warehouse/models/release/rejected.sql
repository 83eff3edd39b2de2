select
    source as source_id,
    frame,
    reason,
    source_id as record_id,
    original,
    url
from {{ source('staging', 'rejected') }}
