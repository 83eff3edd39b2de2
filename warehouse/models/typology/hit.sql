-- One row per different sentence × sign in it: what hit, where, and whether what stands before takes it back.
{% set lexicon = lexicon() %}
{% set signs = [] %}
{% set bare = namespace(signs={}) %}
{% for row in patterns('sign') %}{% do bare.signs.update({row['name']: may_match([row])}) %}{% endfor %}
{% for row in rows_of('select signal_id, pattern from ' ~ ref('typology_signal') ~ ' order by signal_id') %}
    {% set needed = terms_needed(row['pattern'], lexicon) %}
    {% do signs.append((row['signal_id'], terms_occur(needed) if needed else bare.signs[row['signal_id']], compiled(row['pattern'], lexicon))) %}
{% endfor %}

{% set named = [] %}
{% for kind in named_kinds() %}
    {% for batch in batches(ref(kind.seed), kind.code) %}{% do named.append((kind.prefix, kind.flag ~ '_' ~ loop.index, batch)) %}{% endfor %}
{% endfor %}

-- Words of a market, a region, a country or a place in it: a sentence is searched for all of a seed's words at once, and the few different
-- words that turn up are told apart after.
with named as (
    {% for prefix, flag, batch in named %}
        select
            phrase_id,
            {{ loop.index }} as batch,
            unnest(list_distinct(regexp_extract_all(folded, {{ literal(any_of(batch.values() | join('|'))) }}))) as words
        from {{ ref('phrase') }}
        where {{ flag }}
        {{ 'union all' if not loop.last }}
    {% else %}
        select null::ubigint as phrase_id, 0 as batch, null::varchar as words
    {% endfor %}
),

meant as (
    select
        batch,
        words,
        unnest(case batch
            {% for prefix, flag, batch in named %}
                when {{ loop.index }} then list_filter([
                    {% for code, words in batch.items() %}
                        case when {{ 'regexp_full_match' if prefix in ('country_', 'place_') else 'regexp_matches' }}(words, {{ literal(any_of(words)) }}) then {{ literal(prefix ~ code) }} end{{ ',' if not loop.last }}
                    {% endfor %}
                ], lambda code: code is not null)
            {% else %}
                when 0 then ['']
            {% endfor %}
        end) as signal_id
    from (select distinct batch, words from named)
),

-- Kept, as what follows is set up once for each part of a union else.
first as materialized (
    {% for signal_id, worth_looking, pattern in signs %}
        select phrase_id, {{ literal(signal_id) }} as signal_id, unnest(regexp_extract_all(folded, {{ literal(pattern) }})[:1]) as words
        from {{ ref('phrase') }}
        where {{ worth_looking }}
        union all
    {% endfor %}
    select phrase_id, signal_id, arg_min(words, (strpos(folded, words), -length(words))) as words
    from named
    inner join meant using (batch, words)
    inner join {{ ref('phrase') }} using (phrase_id)
    group by phrase_id, signal_id
),

placed as (
    select
        phrase.*,
        first.signal_id,
        first.words,
        strpos(phrase.folded, first.words) as word_start,
        left(phrase.folded, greatest(word_start - 1, 0)) as stands_before
    from first
    inner join {{ ref('phrase') }} as phrase using (phrase_id)
),

-- 'Non-profit' and the like deny nothing; what companies wish for is what the network is for.
qualified as (
    select
        *,
        case
            when has_denies_nothing then regexp_replace(stands_before, {{ literal(any_of(lexicon['denies_nothing'])) }}, '', 'g')
            else stands_before
        end as before
    from placed
)

select
    phrase_id,
    signal_id,
    words,
    word_start,
    case
        -- Fields and regions are named whatever is wished or was; only to deny them takes them back.
        {% for row in modality_patterns() if row['modality'] == 'negation' %}
            when {{ fits(row) }} then {{ literal(row['modality']) }}
        {% endfor %}
        when regexp_matches(signal_id, '^(?:sector|region)_') then null
        {% for row in modality_patterns() if row['modality'] != 'negation' %}
            when {{ fits(row) }} then {{ literal(row['modality']) }}
        {% endfor %}
    end as modality
from qualified
