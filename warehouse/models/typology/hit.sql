-- One row per different sentence × sign in it: what hit, where, and whether what stands before takes it back.
{% set lexicon = lexicon() %}
{% set signs = [] %}
{% for row in rows_of('select signal_id, pattern from ' ~ ref('typology_signal') ~ ' order by signal_id') %}
    {% do signs.append((row['signal_id'], terms_occur(row['pattern'], lexicon), compiled(row['pattern'], lexicon))) %}
{% endfor %}

-- Words of a market, a region or a country: a sentence is searched for all of a seed's words at once, and the few different
-- words that turn up are told apart after.
with named as (
    {% for seed, code, flag in (('sector_word', 'sector', 'names_a_sector'), ('macro_region', 'region', 'names_a_region'), ('country_word', 'country', 'names_a_country')) %}
        select
            folded,
            '{{ code }}' as names,
            unnest(list_distinct(regexp_extract_all(folded, {{ literal(words_of(ref(seed))) }}))) as words
        from {{ ref('phrase') }}
        where {{ flag }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

meant as (
    select
        names,
        words,
        unnest(case names
            {% for seed, code, column in (('sector_word', 'sector', 'sector'), ('macro_region', 'region', 'macro_region'), ('country_word', 'country', 'country')) %}
                when '{{ code }}' then list_filter([
                    {% for row in rows_of('select ' ~ column ~ ' as code, words from ' ~ ref(seed) ~ ' order by 1') %}
                        case when regexp_matches(words, {{ literal(any_of(row['words'])) }}) then {{ literal(code ~ '_' ~ row['code']) }} end{{ ',' if not loop.last }}
                    {% endfor %}
                ], lambda code: code is not null)
            {% endfor %}
        end) as signal_id
    from (select distinct names, words from named)
),

found as (
    select
        folded,
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
    select folded, sign['signal_id'] as signal_id, sign['words'] as words from found
    union all
    select folded, signal_id, arg_min(words, strpos(folded, words)) as words
    from named
    inner join meant using (names, words)
    group by folded, signal_id
),

placed as (
    select
        folded,
        signal_id,
        words,
        strpos(folded, words) as word_start,
        -- 'Non-profit' and the like deny nothing; what companies wish for is what the network is for.
        regexp_replace(
            left(folded, greatest(strpos(folded, words) - 1, 0)),
            '\bnon-?profit|not-for-profit|not only|non seulement|nicht nur|no solo|non solo|gemeinnutzig'
            || '|(?:firms|companies|smes|enterprises|entreprises|pme|unternehmen|kmu|firmen|empresas|pymes|imprese|pmi)'
            || ' (?:that|which|who|qui|die|que|che) (?:wish|want|would like|souhaitent|veulent|wollen|mochten|desean|quieren|desiderano|vogliono)'
            || '|\bnee?s? (?:en|de|d.un|d.une|des|du)\b'
            || '|(?:sans|a) but (?:non )?lucratif|senza (?:scopo|fini) di lucro|sin (?:animo|fines) de lucro',
            '',
            'g'
        ) as before,
        substr(folded, strpos(folded, words) + length(words)) as after
    from first
)

select
    folded,
    signal_id,
    words,
    word_start,
    case
        when words = '' then null
        {% for modality in rows_of('select * from ' ~ ref('modality') ~ ' order by rank') %}
            when regexp_matches({{ modality['reads'] }}, {{ literal(modality['pattern']) }}) then {{ literal(modality['modality']) }}
        {% endfor %}
    end as modality
from placed
