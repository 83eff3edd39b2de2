-- One row per different sentence, folded, with the terms of the lexicon that occur in it: a sentence is read once,
-- however many pages repeat it.
select
    folded,
    {% for term, words in lexicon().items() %}
        regexp_matches(folded, {{ literal(any_of(words)) }}) as has_{{ term }}{{ ',' if not loop.last }}
    {% endfor %}
from (select distinct folded from {{ ref('statement') }})
