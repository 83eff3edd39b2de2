select old_id, new_id, since from {{ source('identity', 'redirect') }}
