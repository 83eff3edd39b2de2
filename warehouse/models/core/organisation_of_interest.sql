-- Organisations that a release shows: all of most sources; of lists of everything there is, clusters,
-- members of networks, and those who take part in a project that is shown or that another source knows too.
with record as (
    select
        identity.entity_id as organisation_id,
        organisation.source,
        organisation.source_id,
        organisation.name,
        harvest.universe
    from {{ source('staging', 'organisation') }} as organisation
    inner join {{ source('identity', 'record') }} as identity
        on
            identity.entity_kind = 'organisation'
            and identity.source = organisation.source
            and identity.source_id = organisation.source_id
    inner join {{ source('staging', 'harvest') }} as harvest
        on harvest.source = organisation.source and harvest.door = organisation.door
)

select organisation_id from record where not universe or {{ names_a_cluster('name') }}
union
select organisation_id from {{ ref('member') }}
union
select record.organisation_id
from record
inner join {{ source('staging', 'participation') }} as participation
    on participation.source = record.source and participation.organisation_source_id = record.source_id
inner join {{ ref('project_of_interest') }} as project
    on project.source = participation.source and project.source_id = participation.project_source_id
