-- One row per different sentence, folded, with the terms of the lexicon that occur in it: a sentence is read once,
-- however many pages repeat it.
select
    folded,
    {% for term, words in lexicon().items() %}
        regexp_matches(folded, {{ literal(any_of(words)) }}) as has_{{ term }},
    {% endfor %}
    -- Whether a word of these seeds occurs at all: most sentences hold none, and need no look at each.
    regexp_matches(folded, {{ literal(words_of(ref('sector_word'))) }}) as names_a_sector,
    regexp_matches(folded, {{ literal(words_of(ref('macro_region'))) }}) as names_a_region,
    regexp_matches(folded, {{ literal(words_of(ref('country_word'))) }}) as names_a_country
from (select distinct folded from {{ ref('statement') }})
