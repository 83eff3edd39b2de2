select
    participation.source || ':' || participation.source_id as participation_id,
    participation.source || ':' || participation.project_source_id as project_id,
    identity.entity_id as organisation_id,
    participation.role,
    participation.role_original,
    participation.position,
    participation.eu_contribution,
    participation.total_cost,
    participation.source as source_id,
    participation.url
from {{ source('staging', 'participation') }} as participation
inner join {{ source('identity', 'record') }} as identity
    on
        identity.entity_kind = 'organisation'
        and identity.source = participation.source
        and identity.source_id = participation.organisation_source_id
where (participation.source, participation.project_source_id) in (
    select (project.source, project.source_id) from {{ ref('project_of_interest') }} as project
)
qualify row_number() over (
    partition by participation.source, participation.source_id order by participation.fetched_at desc, participation.door
) = 1
