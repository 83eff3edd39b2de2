-- One row per different sentence × word or pair of neighbouring words in it, each cut to seven letters: endings differ from
-- language to language, beginnings say what is meant.
{{ config(materialized='view') }}
with stemmed as (
    select
        phrase_id,
        list_transform(regexp_extract_all(folded, '[a-zß]{2,}'), lambda word: left(word, 7)) as stems
    from {{ ref('phrase') }}
    -- One of these terms alone may stand in any sentence ('coffee is served').
    where
        terms >= 2
        or terms = 1
        and not ({% for term in telling_terms(anywhere=true) %}has_{{ term }} or {% endfor %}false)
)

select
    phrase_id,
    unnest(list_distinct(list_concat(
        stems, list_transform(range(1, len(stems)), lambda place: stems[place] || ' ' || stems[place + 1])
    ))) as words
from stemmed
