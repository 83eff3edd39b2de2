select
    identity.entity_id,
    identifier.scheme,
    identifier.value,
    min(identifier.source) as source_id,
    min(identifier.url) as url
from {{ source('staging', 'identifier') }} as identifier
inner join {{ source('identity', 'record') }} as identity
    on
        identity.entity_kind = identifier.entity_kind
        and identity.source = identifier.source
        and identity.source_id = identifier.entity_source_id
where
    identity.entity_id in (select organisation_id from {{ ref('organisation') }})
    or identity.entity_id in (select network_id from {{ ref('network') }})
group by identity.entity_id, identifier.scheme, identifier.value
union all by name
select
    network_id as entity_id,
    upper(source) || '_PROJECT' as scheme,
    source_id as value,
    source as source_id,
    min(url) as url
from {{ ref('network_of_record') }}
where subject_kind = 'project'
group by network_id, source, source_id
