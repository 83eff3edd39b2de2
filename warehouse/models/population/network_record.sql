-- One row per record of a source that speaks of a network, with the programme that it names.
with record as (
    {% for source_model in ('stg_article', 'stg_cordis', 'stg_eccp') %}
        select * from {{ ref(source_model) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    record.*,
    {{ first_code(ref('programme'), 'programme_code', "concat_ws(' ', record.programme, record.call)") }} as programme_code
from record
