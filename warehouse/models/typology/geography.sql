-- One row per network with known members: where they are, how many of the stated ones that is, and what it shows.
with place as (
    select
        member.network_id,
        member.organisation_id,
        organisation.country,
        country.in_wider_europe,
        country.associated,
        member.basis = 'project partner' as in_programme,
        member.url,
        member.fetched_at,
        member.source,
        member.origin
    from {{ ref('member') }} as member
    inner join {{ ref('organisation') }} as organisation using (organisation_id)
    left join {{ ref('country') }} as country on country.country = organisation.country
    where member.valid_to is null or member.valid_to > '{{ var("as_of") }}' or member.basis = 'project partner'
),

counted as (
    select
        network_id,
        count(distinct organisation_id) as members_known,
        count(distinct organisation_id) filter (where country is not null) as members_placed,
        list_sort(list(distinct country) filter (where country is not null)) as countries,
        -- Countries outside wider Europe; associated countries inside an EU programme do not count.
        list_sort(list(distinct country) filter (where not in_wider_europe and not (in_programme and associated))) as outside,
        bool_and(in_programme) as complete,
        arg_max(url, (fetched_at, url)) as url,
        arg_max(source, (fetched_at, url)) as source,
        arg_max(origin, (fetched_at, url)) as origin,
        max(fetched_at) as fetched_at
    from place
    group by network_id
),

region as (
    -- A macro-region that a text names and that holds all members' countries.
    select
        evidence.network_id,
        min(macro.name) as macro_region
    from {{ ref('evidence_text') }} as evidence
    inner join {{ ref('macro_region') }} as macro on 'region_' || macro.macro_region = evidence.signal_id
    inner join counted
        on
            counted.network_id = evidence.network_id
            and list_has_all(string_split(macro.countries, '|'), counted.countries)
    where evidence.not_counted is null
    group by evidence.network_id
),

stated as (
    select
        network_id,
        max(try_cast(value as double)) filter (where attribute = 'members_stated') as members_stated,
        max(try_cast(value as double)) filter (where attribute = 'countries_stated') as countries_stated
    from {{ ref('stated') }}
    group by network_id
),

observed as (
    select
        counted.*,
        stated.members_stated,
        stated.countries_stated,
        region.macro_region,
        case
            -- All of them round one sea or mountain range, as the network itself draws it, outsiders included.
            when len(outside) > 0 and region.macro_region is null then 'worldwide'
            when members_placed < 2 then null
            when len(countries) = 1 then 'national-transregional'
            when len(countries) = 2 and border.country is not null then 'trans-border'
            when len(countries) >= 2 and region.macro_region is not null then 'trans-border'
            when len(countries) >= 2 then 'european'
        end as observed
    from counted
    left join stated using (network_id)
    left join region using (network_id)
    left join {{ ref('border') }} as border
        on border.country = counted.countries[1] and border.neighbour = counted.countries[2]
)

select
    *,
    case
        when observed is null then false
        when observed = 'worldwide' then true
        when complete then true
        -- Few known countries prove nothing narrow against a larger stated number.
        when countries_stated > len(countries) and observed in ('trans-border', 'national-transregional') then false
        when members_stated is not null and members_placed * 2 >= members_stated then true
        when countries_stated is not null and len(countries) >= countries_stated then true
        else false
    end as decides,
    members_stated is null and countries_stated is null and members_placed >= 3 as may_decide,
    format(
        '{} members placed ({}), {} countries: {}',
        members_placed,
        coalesce(members_stated::int::varchar || ' stated', members_known::varchar || ' known'),
        len(countries),
        array_to_string(countries, ', ')
    ) || coalesce('; outside wider Europe: ' || nullif(array_to_string(outside, ', '), ''), '')
    || coalesce('; all in ' || macro_region, '') as shown
from observed
