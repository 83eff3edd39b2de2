-- One row per thing said of a network: a sentence of a passage, its name, or a labelled value.
with sentence as (
    select
        network.network_id,
        network.phase_id,
        passage.source,
        passage.source_id,
        network.subject_kind,
        network.grade,
        passage.url,
        passage.fetched_at,
        passage.origin,
        passage.language,
        'sentence' as statement_kind,
        null::varchar as attribute,
        -- Cut before a capital or a digit that follows an end of sentence; the text itself stays as it is.
        unnest(string_split(
            regexp_replace(passage.text, '([.!?])\s+([\p{Lu}0-9])', '\1' || chr(31) || '\2', 'g'), chr(31)
        )) as text
    from {{ source('staging', 'passage') }} as passage
    inner join {{ ref('network_of_record') }} as network
        on
            network.source = passage.source
            and network.door = passage.door
            and network.source_id = passage.subject_source_id
    where passage.subject_kind = network.subject_kind
),

labelled as (
    select
        network.network_id,
        network.phase_id,
        claim.source,
        claim.source_id,
        network.subject_kind,
        network.grade,
        claim.url,
        claim.fetched_at,
        claim.origin,
        network.language,
        'label' as statement_kind,
        claim.attribute,
        claim.value as text
    from {{ source('staging', 'claim') }} as claim
    inner join {{ ref('network_of_record') }} as network
        on network.source = claim.source and network.source_id = claim.subject_source_id
    where claim.subject_kind = 'network' and claim.attribute in ('legal_form', 'sector', 'ecosystem')
),

-- Whom a portal says that the members are; what the article says of them is no evidence of its placements.
members as (
    select
        network_id, phase_id, source, source_id, subject_kind, grade, url, fetched_at, origin, language,
        'label' as statement_kind, 'member_type' as attribute, member_type as text
    from {{ ref('network_of_record') }}
    where member_type is not null and not curated
),

named as (
    select
        network_id,
        phase_id,
        source,
        source_id,
        subject_kind,
        'D' as grade,
        url,
        fetched_at,
        origin,
        language,
        'name' as statement_kind,
        'name' as attribute,
        name as text
    from {{ ref('network_of_record') }}
)

select
    *,
    -- What is said of a phase that a later one has followed speaks for that phase alone.
    coalesce(phase_id in (select phase_id from {{ ref('phase_followed') }}), false) as followed,
    -- Sentences are many and long: what is found in one is kept by a number.
    md5_number_lower({{ folded_statement() }}) as phrase_id
from (
    select * from sentence
    union all by name
    select * from labelled
    union all by name
    select * from members
    union all by name
    select * from named
)
where length(text) > 1
qualify row_number() over (
    partition by network_id, phase_id, source, source_id, statement_kind, attribute, text order by fetched_at desc, url
) = 1
