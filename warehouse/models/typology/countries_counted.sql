-- One row per network whose own sentences say how many countries there are ('twelve countries').
{{ config(materialized='view') }}
select
    statement.network_id,
    max(coalesce(try_cast(regexp_extract(hit.words, '\d+') as int), number.number::int)) as countries
from {{ ref('statement') }} as statement
inner join {{ ref('hit') }} as hit using (phrase_id)
left join {{ ref('number_word') }} as number on number.word = split_part(hit.words, ' ', 1)
where
    hit.signal_id = 'g_countries' and hit.modality is null
    and statement.statement_kind = 'sentence' and not statement.followed
group by statement.network_id
