-- One row per network and country that its sentences speak of, by name or by a region or city of it; markets, missions and
-- what is said of others are left out.
select
    statement.network_id,
    regexp_replace(hit.signal_id, '^(?:country|place)_', '') as country,
    count(distinct statement.phrase_id) as sentences,
    arg_min(statement.text, (statement.grade, statement.text))
        filter (where statement_kind = 'sentence' and length(statement.text) <= 300) as quote,
    arg_min(
        struct_pack(source, source_id, url, fetched_at, origin, grade),
        (statement_kind != 'sentence' or length(statement.text) > 300, statement.grade, statement.text, statement.source, statement.source_id, statement.url)
    ) as said_at
from {{ ref('statement') }} as statement
inner join {{ ref('hit') }} as hit using (phrase_id)
inner join {{ ref('phrase') }} as phrase using (phrase_id)
where
    not statement.followed
    and regexp_matches(hit.signal_id, '^(?:country|place)_')
    and (coalesce(hit.modality, '') not in ('negation', 'others') or starts_with(hit.signal_id, 'place_'))
    and statement.statement_kind in ('sentence', 'name')
    and not phrase.has_market and not phrase.has_mission_only
group by statement.network_id, country
