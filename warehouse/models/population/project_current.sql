-- One row per project: two doors of a source can hold it, the newest look counts.
select *
from {{ source('staging', 'project') }}
qualify row_number() over (partition by source, source_id order by fetched_at desc, door) = 1
