-- One row per network or phase and value that its words speak for: the sentence that does so most.  It has no weight among the
-- signs of rules; `likeliest` weighs all words beside them (RR).
{{ config(materialized='view') }}
select
    reading.network_id,
    reading.phase_id,
    statement.source,
    statement.source_id,
    statement.url,
    statement.fetched_at,
    statement.origin,
    statement.language,
    reading.facet,
    reading.value,
    'reading' as signal_id,
    'reading' as sign_group,
    'RR' as rule_id,
    0.0 as weight,
    'All words of its texts, weighed: ' || round(100 * reading.probability)::int || ' % for this value' as rationale,
    'D' as grade,
    {{ quote_around('statement.text', '1') }} as quote,
    null::varchar as structured_value,
    null::varchar as not_counted,
    false as in_name,
    statement.phrase_id as statement_id
from {{ ref('reading') }} as reading
inner join {{ ref('statement') }} as statement
    on
        statement.network_id = reading.network_id
        and statement.phrase_id = reading.phrase_id
        and statement.statement_kind = 'sentence'
        and coalesce(statement.phase_id = reading.phase_id, reading.phase_id is null)
where reading.probability >= {{ var('reading')['heard'] }}
qualify row_number() over (
    partition by reading.network_id, reading.phase_id, reading.facet, reading.value order by statement.source, statement.source_id, statement.url, statement.text
) = 1
