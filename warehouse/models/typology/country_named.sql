-- One row per network and country that a sentence about its members names; sentences about markets do not place members.
with countries as (
    select phrase_id, count(*) as named
    from {{ ref('hit') }}
    where signal_id like 'country\_%' escape '\'
    group by phrase_id
),

listed as (
    -- Three countries in a row are those of members, whatever these are called.
    select phrase_id from countries where named >= 3
)

select
    statement.network_id,
    regexp_replace(hit.signal_id, '^(?:country|place)_', '') as country,
    statement.text,
    statement.source,
    statement.source_id,
    statement.url,
    statement.fetched_at,
    statement.origin,
    statement.grade
from {{ ref('statement') }} as statement
inner join {{ ref('hit') }} as hit using (phrase_id)
inner join {{ ref('phrase') }} as phrase using (phrase_id)
left join listed using (phrase_id)
where
    not statement.followed
    and (
        hit.signal_id like 'country\_%' escape '\'
        -- Beside a country, a region or city of another stands for that.
        or hit.signal_id like 'place\_%' escape '\' and hit.phrase_id in (select phrase_id from countries)
    )
    and coalesce(hit.modality, '') not in ('negation', 'others', 'hope', 'history')
    and (
        statement.statement_kind = 'sentence'
        and (phrase.has_members or listed.phrase_id is not null)
        and not phrase.has_market
        and not phrase.has_mission_only
        -- Whoever agrees with somebody is named by it.
        or statement.statement_kind = 'name'
        and phrase.has_agreement_name
    )
    and not phrase.has_aimed_at
    and not phrase.has_office_abroad
qualify row_number() over (
    partition by statement.network_id, country
    order by length(statement.text) > 300, statement.grade, statement.text, statement.source, statement.source_id, statement.url
) = 1
