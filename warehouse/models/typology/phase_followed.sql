-- One row per phase that a later one of its network has followed: what is said of it speaks for that phase alone.
{{ config(materialized='view') }}
select distinct earlier.phase_id
from {{ ref('phase') }} as earlier
inner join {{ ref('phase') }} as later
    on
        later.network_id = earlier.network_id
        and later.start_date >= coalesce(earlier.end_date, earlier.start_date)
        -- Of two that began together and have no end, neither follows the other.
        and (earlier.start_date is null or later.start_date > earlier.start_date)
