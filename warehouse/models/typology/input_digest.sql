-- One row per network: a digest of what sources say of it.  Where it stays and a value moves, a rule moved it, or time.
with said as (
    select network_id, md5(concat_ws('|', source, source_id, statement_kind, attribute, text)) as item
    from {{ ref('statement') }}
    union
    select network_id, md5(concat_ws('|', source, source_id, programme_code, start_date, end_date, kind)) as item
    from {{ ref('network_of_record') }}
    union
    select record.network_id, md5(concat_ws('|', claim.source, claim.source_id, claim.attribute, claim.value)) as item
    from {{ source('staging', 'claim') }} as claim
    inner join {{ ref('network_of_record') }} as record
        on record.source = claim.source and record.source_id = claim.subject_source_id
    where claim.subject_kind = record.subject_kind
    union
    select network_id, md5(concat_ws('|', source, organisation_id, role, valid_from, valid_to, basis)) as item
    from {{ ref('member') }}
    union
    select network_id, md5(concat_ws('|', source, source_id, status, start_date, end_date)) as item
    from {{ ref('grant_run') }}
)

select network_id, md5(bit_xor(md5_number(item))::varchar) as digest
from said
group by network_id
