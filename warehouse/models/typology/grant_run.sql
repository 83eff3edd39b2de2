-- One row per record of a network that runs for a time, and when it does; `is_grant` are grants and labels, `runs_now` are projects that
-- run today by their dates and by what their records say.  A label runs from its start for the duration that its page states; a project
-- that was terminated ended when it was, whatever end its record plans.
with run as (
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
        record.subject_kind = 'project' or record.programme_code is not null or status.value is not null as is_grant,
        project.status,
        coalesce(project_status.closed::boolean, false) as closed,
        coalesce(project_status.runs::boolean, true) as may_run,
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
    left join {{ ref('project_status') }} as project_status on project_status.status = project.status
    left join {{ source('staging', 'claim') }} as duration
        on
            duration.source = record.source and duration.subject_source_id = record.source_id
            and duration.attribute = 'duration'
    left join {{ source('staging', 'claim') }} as status
        on
            status.source = record.source and status.subject_source_id = record.source_id
            and status.attribute = 'label_status'
    where not record.curated and record.kind != 'instrument'
    qualify row_number() over (
        partition by record.network_id, record.source, record.source_id
        order by record.fetched_at desc, duration.value, status.value, project.status
    ) = 1
)

select
    * exclude (may_run),
    is_project and may_run and end_date >= '{{ var("as_of") }}'::date and coalesce(start_date <= '{{ var("as_of") }}'::date, true) as runs_now
from run
