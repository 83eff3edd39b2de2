-- One row per grant or label of a network and when it runs.  A label runs from its start for the duration that its page
-- states; a project that was terminated ended when it was, whatever end its record plans.
select
    record.network_id,
    record.phase_id,
    record.source,
    record.source_id,
    record.url,
    record.fetched_at,
    record.origin,
    record.grade,
    record.subject_kind,
    record.subject_kind = 'project' as is_project,
    project.status,
    record.start_date,
    coalesce(
        if(record.date_precision = 'year', (record.end_date + interval 1 year - interval 1 day)::date, record.end_date),
        (record.start_date + to_months(try_cast(regexp_extract(duration.value, '(\d+) months?', 1) as int)) - interval 1 day)::date
    ) as end_date,
    coalesce(status.value ilike '%voluntary%', false) as label_only,
    status.value as label_status
from {{ ref('network_of_record') }} as record
left join {{ ref('project_current') }} as project
    on record.subject_kind = 'project' and project.source = record.source and project.source_id = record.source_id
left join {{ source('staging', 'claim') }} as duration
    on
        duration.source = record.source and duration.subject_source_id = record.source_id
        and duration.attribute = 'duration'
left join {{ source('staging', 'claim') }} as status
    on
        status.source = record.source and status.subject_source_id = record.source_id
        and status.attribute = 'label_status'
where not record.curated and record.kind != 'instrument'
qualify row_number() over (partition by record.network_id, record.source, record.source_id order by record.fetched_at desc, duration.value, status.value, project.status) = 1
