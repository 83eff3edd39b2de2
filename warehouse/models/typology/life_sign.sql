-- One row per dated sign that a network is alive: a dated sentence of its own or of a portal, a member that a page lists
-- from a date on, its own body in somebody's grant.  When we read a page is no sign, nor is a date still to come, a year since which
-- something has lasted, or a year inside a name.  A date of founding tells when it began (`of_beginning`), not that it lives.
{% set months -%}
    jan\w*|feb\w*|fev\w*|mar[csz]\w*|apr\w*|avr\w*|abr\w*|may|mai|mayo|mag\w*|jun\w*|juin|giu\w*|jul\w*|juil\w*|lug\w*|aug\w*|aout|ago\w*|sep\w*|set\w*|oct\w*|okt\w*|ott\w*|nov\w*|dec\w*|dez\w*|dic\w*|ene\w*|gen\w*|spring|summer|autumn|winter|early|late
{%- endset %}
with phrase as (
    select
        phrase_id,
        list_distinct(regexp_extract_all(
            folded,
            '\b(?:in|of|on|im|am|en|le|de|nel|del) (?:the |el |il )?(?:\d{1,2}\.? (?:de )?)?(?:(?:{{ months }})\.? (?:de |del )?)?((?:19|20)\d\d)\b',
            1
        )) as years,
        array_to_string(regexp_extract_all(folded, {{ literal(any_of(lexicon()['founding']) ~ '[^.;]*') }}), ' ') as said_of_founding
    from {{ ref('phrase') }}
    where regexp_matches(folded, '(?:19|20)\d\d')
),

dated as (
    select phrase_id, year, contains(said_of_founding, year) as of_beginning
    from (select phrase_id, said_of_founding, unnest(years) as year from phrase)
),

sentence as (
    select
        statement.network_id, make_date(dated.year::int, 1, 1) as seen_on, 'year' as date_precision, dated.of_beginning,
        if(length(statement.text) <= 300, statement.text, null) as quote,
        if(length(statement.text) > 300, 'a sentence dated ' || dated.year, null) as structured_value,
        statement.source, statement.source_id, statement.url, statement.fetched_at, statement.origin, statement.grade
    from {{ ref('statement') }} as statement
    inner join dated using (phrase_id)
    where
        statement.statement_kind = 'sentence' and statement.grade != 'D' and statement.subject_kind = 'network'
),

member as (
    select
        network_id, greatest(valid_from, valid_to) as seen_on, 'day' as date_precision, false as of_beginning,
        null::varchar as quote, 'a member listed as of ' || greatest(valid_from, valid_to) as structured_value,
        source, null::varchar as source_id, max(url) as url, max(fetched_at) as fetched_at,
        max(origin) as origin, 'C' as grade
    from {{ ref('member') }}
    where valid_from is not null and basis != 'project partner'
    group by all
),

own_body as (
    select
        network.network_id,
        least(project.end_date, '{{ var("as_of") }}'::date) as seen_on,
        'day' as date_precision,
        false as of_beginning,
        null::varchar as quote,
        'its own body in ' || coalesce(project.acronym, project.source_id) as structured_value,
        project.source, null::varchar as source_id, project.url, project.fetched_at, project.origin, 'A' as grade
    from {{ ref('network_of_record') }} as network
    inner join {{ source('staging', 'organisation') }} as organisation
        on organisation.name_key = network.name_key and network.subject_kind = 'network'
    inner join {{ source('staging', 'participation') }} as participation
        on
            participation.source = organisation.source
            and participation.organisation_source_id = organisation.source_id
    inner join {{ ref('project_current') }} as project
        on project.source = participation.source and project.source_id = participation.project_source_id
    where network.name_key != '' and project.end_date is not null
)

select distinct *
from (
    select * from sentence
    union all by name
    select * from member
    union all by name
    select * from own_body
)
where seen_on <= '{{ var("as_of") }}'::date
