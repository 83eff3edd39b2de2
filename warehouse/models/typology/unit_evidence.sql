-- One row per unit and sign that counts.  A unit is a network as a whole (no phase) or a phase of it; a network is what
-- its latest phases are, so evidence of a phase that a later one has followed speaks for that phase alone.
{{ config(materialized='view') }}
with followed as (
    select distinct earlier.phase_id
    from {{ ref('phase') }} as earlier
    inner join {{ ref('phase') }} as later
        on later.network_id = earlier.network_id and later.start_date >= coalesce(earlier.end_date, earlier.start_date)
    where later.phase_id != earlier.phase_id
),

unit as (
    select evidence.network_id, null::varchar as unit_phase, evidence.* exclude (network_id)
    from {{ ref('evidence') }} as evidence
    left join followed using (phase_id)
    where followed.phase_id is null
    union all by name
    select network_id, phase_id as unit_phase, * exclude (network_id) from {{ ref('evidence') }}
    where phase_id is not null
)

select * from unit where counts
