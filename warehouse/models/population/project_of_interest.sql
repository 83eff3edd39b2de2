-- Projects that a release shows: all of most sources; of lists of everything there is, those about
-- networks of clusters, with a cluster among their participants, or named after one.
with universe as (
    select distinct source from {{ source('staging', 'harvest') }} where universe
),

with_a_cluster as (
    select distinct participation.source, participation.project_source_id as source_id
    from {{ source('staging', 'participation') }} as participation
    inner join {{ source('staging', 'organisation') }} as organisation
        on
            organisation.source = participation.source
            and organisation.door = participation.door
            and organisation.source_id = participation.organisation_source_id
    where {{ names_a_cluster('organisation.name') }}
)

select project.source, project.source_id
from {{ ref('project_current') }} as project
left join {{ ref('project_scope') }} as scope using (source, source_id)
where
    project.source not in (select source from universe)
    or coalesce(scope.about_networks, false)
    or {{ names_a_cluster("coalesce(project.title, '')") }}
    or (project.source, project.source_id) in (select (source, source_id) from with_a_cluster)
union
select distinct participation.source, participation.project_source_id as source_id
from {{ source('staging', 'participation') }} as participation
where participation.source not in (select source from universe)
