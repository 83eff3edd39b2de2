-- One row per record that speaks of a network: its network, and its phase where a programme is named.
select
    record.*,
    identity.entity_id as network_id,
    identity.rule as identity_rule,
    identity.first_seen,
    coalesce(harvest.checked_at, identity.last_seen) as last_seen,
    case
        -- A whole framework programme, named by the article alone, is no phase.
        when record.programme_code is not null and not (record.curated and programme.generic = 'true')
            then 'P' || upper(left(md5(identity.entity_id || '|' || record.programme_code), 10))
    end as phase_id
from {{ ref('network_record') }} as record
inner join {{ source('identity', 'record') }} as identity
    on
        identity.entity_kind = 'network'
        and identity.source = record.source
        and identity.source_id = record.source_id
left join {{ source('staging', 'harvest') }} as harvest
    on harvest.source = record.source and harvest.door = record.door
left join {{ ref('programme') }} as programme on programme.programme_code = record.programme_code
