-- One row per CORDIS project that is about networks of clusters: such a project is a network of its time.
select
    project.source,
    project.door,
    project.source_id,
    project.url,
    project.fetched_at,
    project.origin,
    coalesce(project.title, project.acronym) as name,
    {{ name_key('coalesce(project.title, project.acronym)') }} as name_key,
    project.acronym,
    'project' as kind,
    null::varchar as member_type,
    null::varchar as website,
    concat_ws(' ', project.framework, project.programme) as programme,
    concat_ws(' ', project.call, project.topic) as call,
    project.start_date,
    project.end_date,
    'day' as date_precision,
    'en' as language,
    'A' as grade
from {{ ref('project_current') }} as project
inner join {{ ref('project_scope') }} as scope using (source, source_id)
where project.source = 'cordis' and scope.about_networks
