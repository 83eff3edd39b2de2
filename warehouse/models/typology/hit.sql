-- One row per different sentence × sign in it: what hit, where, and whether what stands before takes it back.
{% set lexicon = lexicon() %}
{% set signs = [] %}
{% for row in rows_of('select signal_id, pattern from ' ~ ref('typology_signal') ~ ' order by signal_id') %}
    {% do signs.append((row['signal_id'], terms_occur(row['pattern'], lexicon), compiled(row['pattern'], lexicon))) %}
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

found as (
    select
        phrase_id,
        unnest(list_filter([
            {% for signal_id, worth_looking, pattern in signs %}
                {
                    'signal_id': {{ literal(signal_id) }},
                    'words': case when {{ worth_looking }} then regexp_extract(folded, {{ literal(pattern) }}) end
                }{{ ',' if not loop.last }}
            {% endfor %}
        ], lambda sign: sign['words'] != '')) as sign
    from {{ ref('phrase') }}
),

first as (
    select phrase_id, sign['signal_id'] as signal_id, sign['words'] as words from found
    union all
    select phrase_id, signal_id, arg_min(words, (strpos(folded, words), -length(words))) as words
    from named
    inner join meant using (batch, words)
    inner join {{ ref('phrase') }} using (phrase_id)
    group by phrase_id, signal_id
),

placed as (
    select
        phrase_id,
        folded,
        signal_id,
        words,
        strpos(folded, words) as word_start,
        left(folded, greatest(strpos(folded, words) - 1, 0)) as stands_before,
        left(folded, strpos(folded, words) + length(words) - 1) as thus_far,
        substr(folded, strpos(folded, words) + length(words)) as after
    from first
    inner join {{ ref('phrase') }} using (phrase_id)
),

-- 'Non-profit' and the like deny nothing; what companies wish for is what the network is for.
{% set denies_nothing %}
    '\bnon-?profit|not-for-profit|not only|non seulement|nicht nur|no solo|non solo|gemeinnutzig'
    || '|(?:firms|companies|smes|enterprises|entreprises|pme|unternehmen|kmu|firmen|empresas|pymes|imprese|pmi)'
    || ' (?:that|which|who|qui|die|que|che) (?:wish|want|would like|souhaitent|veulent|wollen|mochten|desean|quieren|desiderano|vogliono)'
    || '|\bnee?s? (?:en|de|d.un|d.une|des|du)\b'
    || '|(?:sans|a) but (?:non )?lucratif|senza (?:scopo|fini) di lucro|sin (?:animo|fines) de lucro'
{% endset %}
qualified as (
    select
        *,
        case
            when regexp_matches(stands_before, {{ denies_nothing }}) then regexp_replace(stands_before, {{ denies_nothing }}, '', 'g')
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
        when words = '' then null
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
