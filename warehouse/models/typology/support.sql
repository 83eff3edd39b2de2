-- One row per unit × facet × value: how many kinds of signs speak for it, in how many sources.
{{ config(materialized='view') }}
select
    network_id,
    unit_phase as phase_id,
    facet,
    value,
    count(distinct sign_group) as signs,
    count(distinct source_id) as sources
from {{ ref('unit_evidence') }}
group by all
