-- One row per unit and sign that counts.  A unit is a network as a whole (no phase) or a phase of it; a network is what
-- its latest phases are.
{{ config(materialized='view') }}
with unit as (
    select evidence.network_id, null::varchar as unit_phase, evidence.* exclude (network_id)
    from {{ ref('evidence') }} as evidence
    where not evidence.followed
    union all by name
    select network_id, phase_id as unit_phase, * exclude (network_id) from {{ ref('evidence') }}
    where phase_id is not null
)

select * from unit where counts
