{# What of a source speaks of a network: pages or register entries about one, as the portal lists them. #}
{% macro listed_networks(portal) %}
    select
        network.source, network.door, network.source_id, network.url, network.fetched_at, network.origin,
        network.name, network.name_key, network.acronym, network.kind, network.member_type, network.website,
        network.programme, network.call, network.start_date, network.end_date, network.date_precision, network.language,
        'network' as subject_kind
    from {{ source('staging', 'network') }} as network
    where network.source = '{{ portal }}'
{% endmacro %}

{# Projects of a source that are about networks of clusters: such a project is a network of its time. #}
{% macro project_networks(portal) %}
    select
        project.source, project.door, project.source_id, project.url, project.fetched_at, project.origin,
        coalesce(project.title, project.acronym) as name,
        {{ name_key('coalesce(project.title, project.acronym)') }} as name_key,
        project.acronym,
        'project' as kind,
        null::varchar as member_type,
        null::varchar as website,
        concat_ws(' ', project.framework, project.programme) as programme,
        concat_ws(' ', project.call, project.topic) as call,
        project.start_date, project.end_date, 'day' as date_precision, 'en' as language,
        'project' as subject_kind
    from {{ ref('project_current') }} as project
    inner join {{ ref('project_scope') }} as scope using (source, source_id)
    where project.source = '{{ portal }}' and scope.about_networks
{% endmacro %}
