-- One row per record of a source that speaks of a network, with the grade and trust of its source and the
-- programme that it names. Each source has its staging model, `stg_<source>`; flows/model.py lists them.
with record as (
    {% for portal in var('sources') %}
        select * from {{ ref('stg_' ~ portal) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    record.*,
    harvest.grade,
    harvest.trust,
    harvest.access = 'curated' as curated,
    {{ first_code(ref('programme'), 'programme_code', "concat_ws(' ', record.programme, record.call)") }} as programme_code
from record
inner join {{ source('staging', 'harvest') }} as harvest
    on harvest.source = record.source and harvest.door = record.door
