-- What was compared to say which records are one: pairs that were joined, and those that are uncertain.
with shown as (
    select organisation_id as entity_id from {{ ref('organisation') }}
    union all
    select network_id from {{ ref('network') }}
),

record as (
    select
        identity.entity_kind,
        identity.source,
        identity.source_id,
        identity.entity_id,
        any_value(coalesce(organisation.name, network.name)) as name,
        any_value(concat_ws(', ', organisation.city, organisation.country)) as place
    from {{ source('identity', 'record') }} as identity
    left join {{ source('staging', 'organisation') }} as organisation
        on
            identity.entity_kind = 'organisation'
            and identity.source = organisation.source
            and identity.source_id = organisation.source_id
    left join {{ ref('network_record') }} as network
        on
            identity.entity_kind = 'network'
            and identity.source = network.source
            and identity.source_id = network.source_id
    where identity.entity_id in (select entity_id from shown)
    group by all
)

select
    pair.entity_kind,
    l.entity_id as left_entity_id,
    pair.left_source,
    pair.left_id,
    l.name as left_name,
    nullif(l.place, '') as left_place,
    r.entity_id as right_entity_id,
    pair.right_source,
    pair.right_id,
    r.name as right_name,
    nullif(r.place, '') as right_place,
    round(pair.probability, 4) as probability,
    pair.joined,
    pair.decision,
    array_to_string(
        list_transform(
            list_filter(pair.terms, lambda sign : sign['weight'] > 0), lambda sign : sign['term'] || format(' ({:+.1f})', sign['weight'])
        ),
        '; '
    ) as speaks_for,
    array_to_string(
        list_transform(
            list_filter(pair.terms, lambda sign : sign['weight'] < 0), lambda sign : sign['term'] || format(' ({:+.1f})', sign['weight'])
        ),
        '; '
    ) as speaks_against
from {{ source('identity', 'pair') }} as pair
inner join record as l
    on l.entity_kind = pair.entity_kind and l.source = pair.left_source and l.source_id = pair.left_id
inner join record as r
    on r.entity_kind = pair.entity_kind and r.source = pair.right_source and r.source_id = pair.right_id
