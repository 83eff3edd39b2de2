select
    record.phase_id,
    record.network_id,
    arg_min(record.name, (record.grade, record.source, record.source_id)) as name,
    any_value(programme.name) as programme,
    any_value(record.programme_code) as programme_code,
    arg_min(record.kind, (not record.curated, record.grade, record.source, record.source_id)) as kind,
    arg_min(record.start_date, (record.grade, record.source, record.source_id)) filter (where record.start_date is not null) as start_date,
    -- A year that alone is known of an end is over with its last day.
    arg_min(
        if(record.date_precision = 'year', (record.end_date + interval 1 year - interval 1 day)::date, record.end_date),
        (record.grade, record.source, record.source_id)
    ) filter (where record.end_date is not null) as end_date
from {{ ref('network_of_record') }} as record
inner join {{ ref('programme') }} as programme using (programme_code)
where record.phase_id is not null
group by record.phase_id, record.network_id
