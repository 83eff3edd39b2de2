-- One row per sign that rests on structured data: programme, grant, label, member roles and places.
{{ config(materialized='view') }}
with record as (
    select * from {{ ref('network_of_record') }}
    where kind != 'instrument'
),

programme as (
    select
        record.network_id, record.phase_id, record.source, record.source_id, record.url, record.fetched_at, record.origin,
        fact.facet, fact.value, 'programme_' || record.programme_code as signal_id, fact.rule_id,
        fact.weight::double as weight, fact.rationale,
        'programme = ' || programme.name as structured_value,
        -- What the article says of a group stays weak, whoever names the programme; a portal's own field is
        -- structured data; a grant is a record.
        case
            when record.curated or fact.source_of_fact = 'article' then 'D'
            when record.subject_kind = 'project' then record.grade
            else 'C'
        end as grade
    from record
    inner join {{ ref('programme') }} as programme using (programme_code)
    inner join {{ ref('programme_fact') }} as fact using (programme_code)
),

grant_funding as (
    select
        record.network_id, record.phase_id, record.source, record.source_id, record.url, record.fetched_at, record.origin,
        'funding' as facet, if(project.label_only, 'eu_label_without_cofunding', 'eu_project') as value,
        'grant_of_project' as signal_id, if(project.label_only, 'RF2', 'RF1') as rule_id,
        1.0 as weight, 'The record of a project that the EU pays for, or labels, shows it' as rationale,
        if(project.label_only, 'label ', 'grant agreement ') || record.source_id as structured_value, record.grade
    from record
    inner join {{ ref('project_current') }} as project using (source, source_id)
    where record.subject_kind = 'project'
),

grant_form as (
    select
        network_id, phase_id, source, source_id, url, fetched_at, origin,
        'legal_form' as facet, 'consortium_contract_or_grant' as value, 'grant' as signal_id, 'RL2' as rule_id,
        1.0 as weight, 'A grant agreement binds the partners' as rationale,
        'grant agreement ' || source_id as structured_value, grade
    from record
    where subject_kind = 'project'
),

project_form as (
    -- It speaks of itself as a project: EU money that pays for it binds the partners by a grant.  So does a project that its text
    -- comes back to; one that it speaks of once may be somebody else's.
    select
        text.network_id, text.phase_id, text.source, text.source_id, text.url, text.fetched_at, text.origin,
        'legal_form' as facet, 'consortium_contract_or_grant' as value,
        if(text.value = 'eu_project', 'project_with_eu_money', 'project_again') as signal_id, 'RL2' as rule_id,
        if(text.value = 'eu_project', 0.8, 0.4) as weight,
        if(
            text.value = 'eu_project', 'EU money for a project: a grant binds the partners', 'It speaks of the project in several sentences'
        ) as rationale,
        text.quote, text.structured_value, text.grade
    from {{ ref('evidence_text') }} as text
    inner join {{ ref('project_spoken') }} as spoken using (network_id)
    where
        text.not_counted is null
        and (
            -- 'European funds' may be anybody's.
            text.value = 'eu_project' and not regexp_matches(text.words, '^european (?:funds?|money|funding|grants?)$')
            or text.signal_id = 'f_grant' and spoken.sentences >= 2
        )
),

label as (
    select
        record.network_id, record.phase_id, claim.source, claim.source_id, claim.url, claim.fetched_at, claim.origin,
        'funding' as facet,
        if(claim.value ilike '%voluntary%', 'eu_label_without_cofunding', 'eu_project') as value,
        'label_status' as signal_id,
        if(claim.value ilike '%voluntary%', 'RF2', 'RF1') as rule_id,
        2.0 as weight, 'The portal states the status of the label' as rationale,
        'label status = ' || claim.value as structured_value, 'B' as grade
    from {{ source('staging', 'claim') }} as claim
    inner join record on record.source = claim.source and record.source_id = claim.subject_source_id
    where claim.attribute = 'label_status'
),

lead as (
    select
        member.network_id, null::varchar as phase_id, member.source, null::varchar as source_id, member.url, member.fetched_at, member.origin,
        'governance' as facet, 'lead_member' as value, 'role_coordinator' as signal_id, 'RG2' as rule_id,
        1.0 as weight, 'A member coordinates' as rationale,
        'coordinator = ' || organisation.name as structured_value,
        if(member.basis = 'project partner', 'A', 'C') as grade
    from {{ ref('member') }} as member
    inner join {{ ref('organisation') }} as organisation using (organisation_id)
    where member.role = 'coordinator'
),

one_country as (
    select
        record.network_id, record.phase_id, claim.source, claim.source_id, any_value(claim.url) as url,
        max(claim.fetched_at) as fetched_at, any_value(claim.origin) as origin,
        'geographic_coverage' as facet, 'national-transregional' as value, 'one_country' as signal_id, 'R10' as rule_id,
        -- One country of many members proves little.
        if(coalesce(any_value(stated.members), 0) > 1, 0.5, 1.0) as weight, 'One country is named' as rationale,
        'country = ' || any_value(claim.value) as structured_value, greatest(any_value(record.grade), 'C') as grade,
        case
            when record.network_id in (select network_id from {{ ref('geography') }} where lead_alone) then 'coverage: of a project its lead alone is known'
            when record.network_id in (select network_id from {{ ref('geography') }} where countries_stated > 1) then 'coverage: more countries are stated'
        end as not_counted
    from {{ source('staging', 'claim') }} as claim
    inner join record on record.source = claim.source and record.source_id = claim.subject_source_id
    left join (
        select network_id, max(try_cast(value as double)) as members
        from {{ ref('stated') }}
        where attribute = 'members_stated'
        group by network_id
    ) as stated on stated.network_id = record.network_id
    where claim.attribute = 'country'
    group by record.network_id, record.phase_id, claim.source, claim.source_id
    having count(distinct claim.value) = 1
),

member_place as (
    select
        network_id, null::varchar as phase_id, source, null::varchar as source_id, url, fetched_at, origin,
        'geographic_coverage' as facet, observed as value, 'members_places' as signal_id,
        if(observed in ('trans-border', 'national-transregional'), 'R10', 'R9') as rule_id,
        2.0 as weight, 'Where the known members are' as rationale, shown as structured_value, 'C' as grade,
        case
            when lead_alone then 'coverage: of a project its lead alone is known'
            when not decides and not may_decide then 'coverage: too few of the stated members are known'
        end as not_counted
    from {{ ref('geography') }}
    where observed is not null
),

science as (
    -- EuroSciVoc: CORDIS' own keywords, set by a machine from the objective; the nearest field of ours, each once.
    select
        network_id, phase_id, source, source_id, url, fetched_at, origin,
        'sector_coverage' as facet, 'sectoral' as value, 'sector_' || sector as signal_id, 'R11' as rule_id,
        0.5 as weight, 'CORDIS files the project under this field' as rationale,
        left('EuroSciVoc = ' || array_to_string(list_sort(list(distinct path)), '; '), 300) as structured_value,
        'C' as grade
    from (
        select
            record.network_id, record.phase_id, claim.source, record.source_id, record.url, record.fetched_at,
            record.origin, claim.value as path, field.sector
        from {{ source('staging', 'claim') }} as claim
        inner join record
            on
                record.source = claim.source and record.source_id = claim.subject_source_id
                and record.subject_kind = claim.subject_kind
        inner join {{ ref('science_field') }} as field
            on claim.value = field.path or starts_with(claim.value, field.path || '/')
        where claim.attribute = 'euroscivoc'
        qualify row_number() over (
            partition by record.network_id, record.phase_id, claim.source, record.source_id, claim.value
            order by length(field.path) desc
        ) = 1
    )
    group by network_id, phase_id, source, source_id, url, fetched_at, origin, sector
),

members_govern as (
    -- Bodies that the members form, or one of them that leads: they govern it themselves.
    select distinct
        network_id, phase_id, source, source_id, url, fetched_at, origin,
        'governed' as facet, 'internally' as value, 'members_govern' as signal_id, 'RG3' as rule_id,
        1.0 as weight, 'Bodies of the members govern it' as rationale,
        quote, structured_value, grade, not_counted
    from {{ ref('evidence_text') }}
    where facet = 'governance' and value != 'secretariat'
),

named_countries as (
    select
        network_id, null::varchar as phase_id, source, source_id, url, fetched_at, origin,
        'geographic_coverage' as facet, value, 'countries_named' as signal_id,
        if(value in ('trans-border', 'national-transregional'), 'R10', 'R9') as rule_id,
        weight, 'Countries of members that a sentence names: ' || array_to_string(countries, ', ') as rationale,
        if(length(text) <= 300, text, null) as quote,
        if(length(text) > 300, 'countries = ' || array_to_string(countries, ', '), null) as structured_value, grade,
        case when listed.network_id is not null then 'coverage: where its members are is known' end as not_counted
    from {{ ref('geography_named') }}
    left join (select network_id from {{ ref('geography') }} where decides or len(countries) >= 3) as listed using (network_id)
),

home_country as (
    -- All that its texts speak of lies in one country.
    select
        spoken.network_id, null::varchar as phase_id, said_at['source'] as source, said_at['source_id'] as source_id, said_at['url'] as url,
        said_at['fetched_at'] as fetched_at, said_at['origin'] as origin,
        'geographic_coverage' as facet, 'national-transregional' as value, 'home_country' as signal_id, 'R10' as rule_id,
        least(0.25 * spoken.sentences, 0.75) as weight, 'No other country is spoken of than ' || spoken.country as rationale,
        spoken.quote, if(spoken.quote is null, 'country = ' || spoken.country, null) as structured_value, said_at['grade'] as grade,
        null::varchar as not_counted
    from {{ ref('country_spoken') }} as spoken
    left join {{ ref('geography') }} as geography using (network_id)
    inner join {{ ref('country') }} as country on country.country = spoken.country
    where
        spoken.network_id in (select network_id from {{ ref('country_spoken') }} group by network_id having count(*) = 1)
        and coalesce(geography.countries, [spoken.country]) = [spoken.country]
        and not coalesce(geography.lead_alone, false)
        -- A country beyond Europe is a target, and whom a programme of the EU pays has partners in several.
        and country.in_wider_europe
        and spoken.network_id not in (select network_id from record where programme_code is not null)
),

named_after_country as (
    -- A network that bears the name of one country of Europe draws itself within it.
    select
        statement.network_id, statement.phase_id, statement.source, statement.source_id, statement.url, statement.fetched_at, statement.origin,
        'geographic_coverage' as facet, 'national-transregional' as value, 'named_after_country' as signal_id, 'R10' as rule_id,
        1.0 as weight, 'It bears the name of a country' as rationale, null::varchar as quote,
        'name = ' || left(statement.text, 280) as structured_value, 'D' as grade, null::varchar as not_counted
    from {{ ref('statement') }} as statement
    inner join {{ ref('hit') }} as hit using (phrase_id)
    inner join {{ ref('country') }} as country on 'country_' || country.country = hit.signal_id
    where statement.statement_kind = 'name'
    qualify
        count(*) over (partition by statement.network_id, statement.phase_id, statement.source, statement.source_id, statement.text) = 1
        and country.in_wider_europe
),

places_spoken as (
    -- Places in three countries or more say that it is no matter of one, where nothing says more.
    select
        network_id, null::varchar as phase_id, said_at['source'] as source, said_at['source_id'] as source_id, said_at['url'] as url,
        said_at['fetched_at'] as fetched_at, said_at['origin'] as origin,
        'geographic_coverage' as facet, 'european' as value, 'places_spoken' as signal_id, 'R10' as rule_id,
        0.5 as weight, 'Places in several countries are spoken of' as rationale, null::varchar as quote,
        'places in ' || countries as structured_value, 'D' as grade, null::varchar as not_counted
    from (
        select
            spoken.network_id,
            string_agg(spoken.country, ', ' order by spoken.country) as countries,
            arg_min(spoken.said_at, spoken.country) as said_at
        from {{ ref('country_spoken') }} as spoken
        inner join {{ ref('country') }} as country on country.country = spoken.country
        group by spoken.network_id
        having count(*) >= 3 and bool_and(country.in_wider_europe)
    )
),

live_grant as (
    select
        network_id, phase_id, source, source_id, url, fetched_at, origin,
        'sustainability' as facet, 'funded' as value, 'live_grant' as signal_id, 'RS1' as rule_id,
        2.0 as weight, 'A grant runs' as rationale,
        'grant ' || source_id || ' until ' || end_date as structured_value, grade
    from {{ ref('grant_run') }}
    where runs_now
),

closed_project as (
    -- All that is known of it are projects whose records say that they are closed.
    select
        run.network_id, run.phase_id, run.source, run.source_id, run.url, run.fetched_at, run.origin,
        'sustainability' as facet, 'ended' as value, 'projects_closed' as signal_id, 'RS2' as rule_id,
        1.0 as weight, 'Its projects are closed, and nothing is known beyond them' as rationale,
        'status = ' || run.status as structured_value, run.grade
    from {{ ref('grant_run') }} as run
    inner join {{ ref('life') }} as life using (network_id)
    where life.closed and life.last_seen_on is null and run.status is not null
),

seen_alive as (
    select
        network_id, null::varchar as phase_id, source, source_id, url, fetched_at, origin,
        'sustainability' as facet,
        if(last_seen_on >= '{{ var("as_of") }}'::date - interval {{ var('alive_months') }} month, 'self_standing', 'dormant') as value,
        'last_sign_of_life' as signal_id,
        if(last_seen_on >= '{{ var("as_of") }}'::date - interval {{ var('alive_months') }} month, 'RS3', 'RS5') as rule_id,
        1.0 as weight,
        'Last seen alive ' || if(date_precision = 'year', year(last_seen_on)::varchar, last_seen_on::varchar) as rationale,
        quote, if(quote is null, shown, null) as structured_value, grade
    from {{ ref('life') }}
    where
        last_seen_on is not null
        and (
            last_seen_on >= '{{ var("as_of") }}'::date - interval {{ var('alive_months') }} month
            -- A list of one's own may be older than what has happened since.
            or known_before and source != 'own_list'
        )
),

label_only as (
    select
        network_id, phase_id, source, source_id, url, fetched_at, origin,
        'sustainability' as facet, 'label_only' as value, 'label_without_grant' as signal_id, 'RS4' as rule_id,
        1.0 as weight, 'A label without co-funding runs' as rationale,
        'label status = ' || label_status || ', until ' || end_date as structured_value, grade
    from {{ ref('grant_run') }}
    where label_only and end_date >= '{{ var("as_of") }}'::date
)

{% for part in (
    'programme', 'grant_funding', 'grant_form', 'project_form', 'label', 'lead', 'members_govern',
    'one_country', 'member_place', 'named_countries', 'home_country', 'named_after_country', 'places_spoken', 'science',
    'live_grant', 'closed_project', 'seen_alive', 'label_only'
) %}
    select * from {{ part }}
    {{ 'union all by name' if not loop.last }}
{% endfor %}
