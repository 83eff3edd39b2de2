-- One row per network: when its last grant ended, how it was last seen alive after that, and what follows.
with run as (
    select
        network_id,
        min(start_date) as first_start,
        max(end_date) filter (where is_grant and not label_only) as last_grant_end,
        max(end_date) as last_end,
        max(coalesce(end_date, start_date)) as last_run,
        bool_or(runs_now) as granted_now,
        bool_and(is_project and closed) as all_closed,
        -- Months in which a grant ran, each once.
        nullif(len(list_distinct(flatten(list(
            if(
                is_grant and not label_only and start_date is not null and end_date is not null,
                generate_series(date_trunc('month', start_date), least(date_trunc('month', end_date), '{{ var("as_of") }}'::date), interval 1 month),
                []
            )
        )))), 0) as months_granted
    from {{ ref('grant_run') }}
    group by network_id
),

sign as (
    select sign.*
    from {{ ref('life_sign') }} as sign
    left join run using (network_id)
    where sign.seen_on > coalesce(run.last_run, '1900-01-01'::date) and not sign.of_beginning
    qualify row_number() over (
        partition by sign.network_id order by sign.seen_on desc, sign.grade, sign.quote, sign.structured_value, sign.url, sign.source, sign.source_id
    ) = 1
),

founded as (
    select network_id, min(try_cast(left(value, 4) as int)) as founded
    from {{ ref('stated') }}
    where attribute = 'founded'
    group by network_id
),

dated as (
    select network_id, min(seen_on) as first_date from {{ ref('life_sign') }} group by network_id
)

select
    record.network_id,
    run.last_grant_end,
    sign.seen_on as last_seen_on,
    sign.date_precision,
    sign.quote,
    coalesce(sign.structured_value, sign.quote) as shown,
    sign.source,
    sign.source_id,
    sign.url,
    sign.fetched_at,
    sign.origin,
    sign.grade,
    if(run.last_grant_end < '{{ var("as_of") }}'::date, date_sub('month', run.last_grant_end, sign.seen_on), null) as months_survived,
    coalesce(run.all_closed, false) as closed,
    -- One date alone may be that of its beginning.
    coalesce(run.network_id is not null or founded.founded < year(sign.seen_on) or dated.first_date < sign.seen_on, false) as known_before,
    run.months_granted,
    -- Active from its founding, or its first grant where that came before, to today or to the last that is known of it.  First and last
    -- month included, as the months of the grants are.
    least(make_date(founded.founded, 1, 1), run.first_start) as active_from,
    case
        when run.granted_now or sign.seen_on >= '{{ var("as_of") }}'::date - interval {{ var('alive_months') }} month then '{{ var("as_of") }}'::date
        else greatest(run.last_end, sign.seen_on)
    end as active_to,
    if(active_from <= active_to, 1 + date_diff('month', active_from, active_to), null) as months_active
from (select distinct network_id from {{ ref('network_of_record') }} where kind != 'instrument') as record
left join run using (network_id)
left join sign using (network_id)
left join founded using (network_id)
left join dated using (network_id)
