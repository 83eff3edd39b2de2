-- One row per organisation in a network and spell, whether a page lists it or a grant names it.
with listed as (
    select
        network.network_id,
        organisation.entity_id as organisation_id,
        coalesce(membership.role, 'unknown') as role,
        membership.role_original,
        membership.valid_from,
        membership.valid_to,
        membership.basis,
        membership.source,
        membership.url,
        membership.fetched_at,
        membership.origin
    from {{ source('staging', 'membership') }} as membership
    inner join {{ ref('network_of_record') }} as network
        on network.source = membership.source and network.source_id = membership.network_source_id
    inner join {{ source('identity', 'record') }} as organisation
        on
            organisation.entity_kind = 'organisation'
            and organisation.source = membership.source
            and organisation.source_id = membership.organisation_source_id
),

granted as (
    select
        network.network_id,
        organisation.entity_id as organisation_id,
        if(participation.role = 'coordinator', 'coordinator', 'member') as role,
        participation.role_original,
        network.start_date as valid_from,
        network.end_date as valid_to,
        'project partner' as basis,
        participation.source,
        participation.url,
        participation.fetched_at,
        participation.origin
    from {{ source('staging', 'participation') }} as participation
    inner join {{ ref('network_of_record') }} as network
        on
            network.subject_kind = 'project'
            and network.source = participation.source
            and network.source_id = participation.project_source_id
    inner join {{ source('identity', 'record') }} as organisation
        on
            organisation.entity_kind = 'organisation'
            and organisation.source = participation.source
            and organisation.source_id = participation.organisation_source_id
)

select *
from (select * from listed
union all by name
select * from granted)
qualify row_number() over (
    partition by network_id, organisation_id, basis, valid_from
    order by if(role = 'coordinator', 0, 1), coalesce(valid_to, '9999-12-31'::date) desc, fetched_at desc, url
) = 1
