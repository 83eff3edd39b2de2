-- One row per network with known members: where they are, how many of the stated ones that is, and what it shows.
with recursive place as (
    select
        member.network_id,
        member.organisation_id,
        organisation.country,
        left(organisation.nuts_code, 4) as region,
        member.basis = 'project partner' as in_programme,
        member.url,
        member.fetched_at,
        member.source,
        member.origin
    from {{ ref('member') }} as member
    inner join {{ ref('organisation') }} as organisation using (organisation_id)
    where member.valid_to is null or member.valid_to > '{{ var("as_of") }}' or member.basis = 'project partner'
    union all by name
    -- Countries that a source lists for a network without saying which member is where.
    select
        network.network_id, null::varchar as organisation_id, claim.value as country,
        null::varchar as region, false as in_programme,
        claim.url, claim.fetched_at, claim.source, claim.origin
    from {{ source('staging', 'claim') }} as claim
    inner join {{ ref('network_of_record') }} as network
        on network.source = claim.source and network.source_id = claim.subject_source_id
    where claim.subject_kind = 'network' and claim.attribute = 'country'
),

stated as (
    select
        network_id,
        max(try_cast(value as double)) filter (where attribute = 'members_stated') as members_stated,
        max(try_cast(value as double)) filter (where attribute = 'members_named') as members_named,
        max(try_cast(value as double)) filter (where attribute = 'countries_stated') as countries_stated
    from {{ ref('stated') }}
    group by network_id
),

-- What the sentences and names say that bears on the places of members.
said as (
    select
        network_id,
        -- Associated countries do not make a programme of the EU worldwide.
        bool_or(value in ('consortium_contract_or_grant', 'eu_project') or signal_id in ('g_eu_programme', 'g_eit')) as in_eu_programme,
        -- Nor do neighbours of the EU a network that calls itself European and nothing wider.
        bool_or(signal_id = 'g_europe') and not bool_or(value in ('worldwide', 'trans-border')) as calls_itself_european,
        bool_or(signal_id = 'g_border') as at_border,
        bool_or(
            signal_id in ('g_eu_programme', 'g_eit', 'l3_eurocluster', 'l2_escp')
            or signal_id = 'g_europe' and statement_kind = 'name'
        ) as wide,
        -- Sentences name other continents than Europe.
        bool_or(signal_id = 'g_continents' and statement_kind = 'sentence') as names_continents
    from {{ ref('evidence_text') }}
    where not_counted is null and not followed
    group by network_id
),

-- Shown with the source that places most of the members.
told as (
    select *, count(*) over (partition by network_id, source) as of_source from place
),

counted as (
    select
        place.network_id,
        count(distinct place.organisation_id) as organisations_known,
        count(distinct place.organisation_id) filter (where place.country is not null) as organisations_placed,
        list_sort(list(distinct place.country) filter (where place.country is not null)) as countries,
        -- Countries outside wider Europe; associated countries inside an EU programme do not count.
        coalesce(list_sort(list(distinct place.country) filter (
            where not country.in_wider_europe
            and not (country.associated and (place.in_programme or coalesce(said.in_eu_programme, false)))
            and not (country.neighbour and coalesce(said.calls_itself_european, false))
        )), []) as outside,
        bool_and(place.in_programme) as complete,
        arg_max(
            struct_pack(source := place.source, url := place.url, origin := place.origin, fetched_at := place.fetched_at),
            (place.of_source, place.source, place.fetched_at, place.url)
        ) as told_by
    from told as place
    left join {{ ref('country') }} as country on country.country = place.country
    left join said on said.network_id = place.network_id
    group by place.network_id
),

region as (
    {{ region_holding('counted') }}
),

-- Regions of members, where every member's is known.
member_region as (
    select distinct network_id, country, region
    from place
    qualify bool_and(coalesce(length(region), 0) = 4) over (partition by network_id)
),

-- What touches what: three to five countries, and regions.
touching as (
    select counted.network_id, 'country' as kind, border.country as place, border.neighbour, true as crosses_border
    from counted
    inner join (
        select country, neighbour from {{ ref('border') }}
        union
        select neighbour, country from {{ ref('border') }}
    ) as border
        on list_contains(counted.countries, border.country) and list_contains(counted.countries, border.neighbour)
    where len(counted.countries) between 3 and 5
    union all
    select one.network_id, 'region' as kind, one.region as place, other.region as neighbour, one.country != other.country as crosses_border
    from member_region as one
    inner join member_region as other using (network_id)
    inner join (
        select region, neighbour from {{ ref('region_border') }}
        union all
        select neighbour, region from {{ ref('region_border') }}
    ) as border on border.region = one.region and border.neighbour = other.region
),

-- How far one gets from the first of them without leaving them.
reached as (
    select network_id, kind, min(place) as place from touching group by network_id, kind
    union
    select reached.network_id, reached.kind, touching.neighbour as place
    from reached
    inner join touching using (network_id, kind, place)
),

together as (
    select network_id, kind, count(*) as places from reached group by network_id, kind
),

-- Three to five countries: whether all of them hang together, and whether each touches each.
chain as (
    select counted.network_id, together.places = len(counted.countries) as whole, pairs.pairs = len(counted.countries) * (len(counted.countries) - 1) as mutual
    from counted
    inner join together on together.network_id = counted.network_id and together.kind = 'country'
    inner join (select network_id, count(*) as pairs from touching where kind = 'country' group by network_id) as pairs
        on pairs.network_id = counted.network_id
),

-- Regions that hang together, across a border.
contiguous as (
    select together.network_id
    from together
    inner join (select network_id, count(*) as regions from member_region group by network_id) as held using (network_id)
    inner join (select distinct network_id from touching where kind = 'region' and crosses_border) as crossing using (network_id)
    where together.kind = 'region' and together.places = held.regions
),

known as (
    select
        counted.* exclude (told_by),
        counted.told_by['source'] as source,
        counted.told_by['url'] as url,
        counted.told_by['origin'] as origin,
        counted.told_by['fetched_at'] as fetched_at,
        greatest(counted.organisations_known, coalesce(stated.members_named, 0))::int as members_known,
        -- Where only countries are listed, each stands for a member at least.
        greatest(
            counted.organisations_placed,
            coalesce(if(len(counted.countries) > 0, stated.members_named, 0), 0),
            len(counted.countries)
        )::int as members_placed,
        stated.members_stated,
        coalesce(stated.countries_stated, countries_counted.countries) as countries_stated,
        region.macro_region,
        -- What wants partners of several countries, or calls itself European, is not drawn round a border unless it speaks of one.
        (border.country is not null or coalesce(chain.mutual, false))
        and (not coalesce(said.wide, false) or coalesce(said.at_border, false))
        or coalesce(chain.whole and said.at_border, false)
        -- Their members' regions touch, whoever pays for it.
        or contiguous.network_id is not null as neighbours,
        coalesce(said.names_continents, false) and len(counted.outside) = 0 as beyond_europe,
        -- The country of a project's lead tells nothing of its partners.
        coalesce(stated.members_named, counted.organisations_known) = 1 and len(counted.countries) = 1
        and coalesce(said.in_eu_programme, false) as lead_alone
    from counted
    left join stated using (network_id)
    left join {{ ref('countries_counted') }} as countries_counted using (network_id)
    left join region using (network_id)
    left join chain using (network_id)
    left join contiguous using (network_id)
    left join said using (network_id)
    left join {{ ref('border') }} as border
        on
            len(counted.countries) = 2
            and border.country = counted.countries[1] and border.neighbour = counted.countries[2]
),

observed as (
    select *, {{ coverage_of() }} as observed
    from known
    where len(countries) > 0
)

select
    *,
    case
        when observed = 'worldwide' then true
        when complete then members_placed >= 2
        -- Few known countries prove nothing narrow against a larger stated number.
        when countries_stated > len(countries) and observed in ('trans-border', 'national-transregional') then false
        -- Nor do countries that are listed beside members against a text that goes beyond Europe.
        when beyond_europe and organisations_placed * 2 < members_placed then false
        when members_stated is not null and members_placed * 2 >= members_stated and members_placed >= 2 then true
        when countries_stated is not null and len(countries) >= countries_stated then true
        -- No number is stated that the listed countries would fall short of.
        when members_stated is null and countries_stated is null and len(countries) >= 2 then true
        else false
    end as decides,
    -- More members could only widen what three countries show.
    ((members_stated is null and countries_stated is null) or len(countries) >= 3) and not lead_alone and not beyond_europe as may_decide,
    format(
        '{} members placed ({}), {} countries: {}',
        members_placed,
        coalesce(members_stated::int::varchar || ' stated', members_known::varchar || ' known'),
        len(countries),
        array_to_string(countries, ', ')
    ) || coalesce('; outside wider Europe: ' || nullif(array_to_string(outside, ', '), ''), '')
    || coalesce('; all in ' || macro_region, '') as shown
from observed
