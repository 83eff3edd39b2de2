-- One row per different sentence, folded, with the terms of the lexicon that occur in it: a sentence is read once,
-- however many pages repeat it.
select
    folded,
    {% set lexicon = lexicon() %}
    {% for term, words in lexicon.items() %}
        regexp_matches(folded, {{ literal(any_of(words)) }}) as has_{{ term }},
    {% endfor %}
    -- A sentence without any of these terms says nothing of networks.
    {% for term in lexicon %}has_{{ term }} or {% endfor %}false as has_a_term,
    -- Whether a word of these seeds occurs at all: most sentences hold none, and need no look at each.
    {% for seed, code, flag in (('sector_word', 'sector', 'names_a_sector'), ('macro_region', 'macro_region', 'names_a_region'), ('country_word', 'country', 'names_a_country'), ('place_word', 'country', 'names_a_place')) %}
        {% for batch in batches(ref(seed), code) %}
            regexp_matches(folded, {{ literal(any_of(batch.values() | join('|'))) }}) {{ 'or' if not loop.last }}
        {% else %}
            false
        {% endfor %} as {{ flag }}{{ ',' if not loop.last }}
    {% endfor %}
from (select distinct folded from {{ ref('statement') }})
