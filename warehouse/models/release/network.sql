with ranked as (
    select
        *,
        case
            when kind = 'instrument' then 0
            when curated then 1
            when kind = 'project' then 3
            else 2
        end as kind_trust
    from {{ ref('network_of_record') }}
)

select
    network_id,
    arg_min(name, (trust, source_id)) as name,
    arg_min(acronym, (trust, source_id)) filter (where acronym is not null) as acronym,
    arg_min(kind, (kind_trust, source_id)) as kind,
    arg_min(member_type, (trust, source_id)) filter (where member_type is not null) as member_type,
    arg_min(website, (trust, source_id)) filter (where website is not null) as website,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    count(distinct source)::int as sources,
    string_agg(distinct identity_rule, '; ' order by identity_rule) as identity_rule
from ranked
group by network_id
