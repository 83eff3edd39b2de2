with entity as (
    select network_id as entity_id, name from {{ ref('network') }}
    union all
    select organisation_id, name from {{ ref('organisation') }}
),

known as (
    select record.entity_id, seen.name, seen.language, seen.kind, seen.first_seen, seen.last_seen
    from {{ source('identity', 'known_name') }} as seen
    inner join {{ source('identity', 'record') }} as record using (entity_kind, source, source_id)
    union all by name
    -- A project's title and acronym name the network that it is.
    select network_id as entity_id, name, language, 'official' as kind, first_seen, last_seen
    from {{ ref('network_of_record') }} where subject_kind = 'project'
    union all by name
    select network_id as entity_id, acronym as name, language, 'acronym' as kind, first_seen, last_seen
    from {{ ref('network_of_record') }} where subject_kind = 'project' and acronym is not null
)

select
    known.entity_id,
    known.name,
    any_value(known.language) as language,
    -- A name that the entity no longer goes by is an alias of it.
    case when known.kind = 'official' and known.name != entity.name then 'alias' else known.kind end as kind,
    min(known.first_seen) as first_seen,
    max(known.last_seen) as last_seen
from known
inner join entity using (entity_id)
group by known.entity_id, known.name, case when known.kind = 'official' and known.name != entity.name then 'alias' else known.kind end
