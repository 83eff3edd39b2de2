-- One row per record that speaks of a network: its network, and its phase where a programme is named.
select
    record.*,
    identity.entity_id as network_id,
    identity.rule as identity_rule,
    identity.first_seen,
    identity.last_seen,
    case
        when record.programme_code is not null
            then 'P' || upper(left(md5(identity.entity_id || '|' || record.programme_code), 10))
    end as phase_id
from {{ ref('network_record') }} as record
inner join {{ source('identity', 'record') }} as identity
    on
        identity.entity_kind = 'network'
        and identity.source = record.source
        and identity.source_id = record.source_id
