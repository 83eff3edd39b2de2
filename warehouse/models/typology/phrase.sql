-- One row per different sentence, folded, with the terms of the lexicon that occur in it: a sentence is read once,
-- however many pages repeat it.
{% set lexicon = lexicon() %}
with said as (
    select phrase_id, any_value(struct_pack(text, statement_kind)) as statement
    from {{ ref('statement') }}
    group by phrase_id
),

sentence as (
    select phrase_id, {{ folded_statement() }} as folded
    from (select phrase_id, statement['text'] as text, statement['statement_kind'] as statement_kind from said)
),

searched as (
    select
        {% for term, words in lexicon.items() %}
            regexp_matches(folded, {{ literal(any_of(words)) }}) as has_{{ term }},
        {% endfor %}
        -- Whether a word of these seeds occurs at all: most sentences hold none, and need no look at each.
        {% for kind in named_kinds() %}
            {% for batch in batches(ref(kind.seed), kind.code) %}
                regexp_matches(folded, {{ literal(any_of(batch.values() | join('|'))) }}) as {{ kind.flag }}_{{ loop.index }},
            {% endfor %}
        {% endfor %}
        phrase_id,
        folded
    from sentence
)

select
    *,
    -- How many of these terms occur: a sentence without any says nothing of networks.
    {% for term in telling_terms() %}has_{{ term }}::int + {% endfor %}0 as terms,
    {% for batch in batches(ref('sector_word'), 'sector') %}names_a_sector_{{ loop.index }} or {% endfor %}false as names_a_sector
from searched
