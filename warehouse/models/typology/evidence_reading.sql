-- One row per network or phase whose words speak clearly for a level: the sentence that speaks for it most.  It has no
-- weight among the signs of rules; `decision` says what such a reading may settle (RR).
select
    network_id,
    phase_id,
    sentence['source'] as source,
    sentence['source_id'] as source_id,
    sentence['url'] as url,
    sentence['fetched_at'] as fetched_at,
    sentence['origin'] as origin,
    sentence['language'] as language,
    'integration_level' as facet,
    value,
    'level_reading' as signal_id,
    'level_reading' as sign_group,
    'RR' as rule_id,
    0.0 as weight,
    'All words of its texts, weighed: ' || round(100 * probability)::int || ' % for this level' as rationale,
    'D' as grade,
    {{ quote_around("sentence['text']", '1') }} as quote,
    null::varchar as structured_value,
    null::varchar as not_counted,
    false as in_name
from {{ ref('level_reading') }}
where probability >= {{ var('reading')['fill'] }} and sentence is not null
