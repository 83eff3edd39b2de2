-- One row per project: two doors of a source can hold it, and each field is the one seen last.
select
    source,
    source_id,
    arg_max(door, fetched_at) as door,
    arg_max(url, fetched_at) as url,
    max(fetched_at) as fetched_at,
    arg_max(origin, fetched_at) as origin,
    {% for field in (
        'acronym', 'title', 'framework', 'programme', 'call', 'topic', 'funding_scheme', 'status', 'start_date', 'end_date',
        'eu_contribution', 'total_cost', 'currency', 'label_only'
    ) %}
        arg_max({{ field }}, fetched_at) filter (where {{ field }} is not null) as {{ field }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ source('staging', 'project') }}
group by source, source_id
