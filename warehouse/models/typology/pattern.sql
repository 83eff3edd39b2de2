-- One row per pattern that sentences are searched for: the words of a term in one language, of a batch of a seed, of a sign that
-- asks for no term, of what speaks against a sign.
{% set lexicon = lexicon() %}
with pattern as (
    select 'term' as kind, term as name, '\b(?:' || words || ')\b' as pattern from {{ ref('lexicon') }}
    {% for kind in named_kinds() %}
        {% for batch in batches(ref(kind.seed), kind.code) %}
            union all
            select 'batch' as kind, {{ literal(kind.flag ~ '_' ~ loop.index) }} as name, {{ literal(any_of(batch.values() | join('|'))) }} as pattern
        {% endfor %}
    {% endfor %}
    {% for row in rows_of('select signal_id, pattern from ' ~ ref('typology_signal')) if not terms_needed(row['pattern'], lexicon) %}
        union all
        select 'sign' as kind, {{ literal(row['signal_id']) }} as name, {{ literal(compiled(row['pattern'], lexicon)) }} as pattern
    {% endfor %}
    union all
    select distinct 'modality' as kind, reads as name, pattern from {{ ref('modality_pattern') }}
)

select row_number() over (order by kind, name, pattern) - 1 as number, *
from pattern
