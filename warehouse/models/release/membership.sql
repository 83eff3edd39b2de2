select
    network_id,
    organisation_id,
    role,
    role_original,
    valid_from,
    valid_to,
    basis,
    source as source_id,
    url,
    fetched_at,
    origin
from {{ ref('member') }}
