-- One row per different sentence × sign in it: what hit, where, and whether what stands before takes it back.
{% set lexicon = lexicon() %}
{% set signs = [] %}
{% for row in rows_of('select signal_id, pattern from ' ~ ref('typology_signal') ~ ' order by signal_id') %}
    {% do signs.append((row['signal_id'], terms_occur(row['pattern'], lexicon), compiled(row['pattern'], lexicon))) %}
{% endfor %}
{% for row in rows_of("select 'sector_' || sector as signal_id, words from " ~ ref('sector_word') ~ ' order by 1') %}
    {% do signs.append((row['signal_id'], 'names_a_sector', any_of(row['words']))) %}
{% endfor %}
{% for row in rows_of("select 'region_' || macro_region as signal_id, words from " ~ ref('macro_region') ~ ' order by 1') %}
    {% do signs.append((row['signal_id'], 'names_a_region', any_of(row['words']))) %}
{% endfor %}
{% for row in rows_of("select 'country_' || country as signal_id, words from " ~ ref('country_word') ~ ' order by 1') %}
    {% do signs.append((row['signal_id'], 'names_a_country', any_of(row['words']))) %}
{% endfor %}

with found as (
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

placed as (
    select
        folded,
        sign['signal_id'] as signal_id,
        sign['words'] as words,
        strpos(folded, sign['words']) as word_start,
        -- 'Non-profit' and the like deny nothing; what companies wish for is what the network is for.
        regexp_replace(
            left(folded, greatest(strpos(folded, sign['words']) - 1, 0)),
            '\bnon-?profit|not-for-profit|not only|non seulement|nicht nur|no solo|non solo|gemeinnutzig'
            || '|(?:firms|companies|smes|enterprises|entreprises|pme|unternehmen|kmu|firmen|empresas|pymes|imprese|pmi)'
            || ' (?:that|which|who|qui|die|que|che) (?:wish|want|would like|souhaitent|veulent|wollen|mochten|desean|quieren|desiderano|vogliono)'
            || '|\bnee?s? (?:en|de|d.un|d.une|des|du)\b'
            || '|(?:sans|a) but (?:non )?lucratif|senza (?:scopo|fini) di lucro|sin (?:animo|fines) de lucro',
            '',
            'g'
        ) as before,
        substr(folded, strpos(folded, sign['words']) + length(sign['words'])) as after
    from found
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
