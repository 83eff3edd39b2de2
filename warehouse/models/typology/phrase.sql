-- One row per different sentence, folded, with the terms of the lexicon that occur in it.
{% set found = namespace(terms={}) %}
{% for row in patterns('term') %}
    {% do found.terms.setdefault(row['name'], []).append(row) %}
{% endfor %}
with searched as (
    select
        {% for term, rows in found.terms.items() %}
            {{ matches(rows) }} as has_{{ term }},
        {% endfor %}
        -- Whether a word of these seeds occurs at all: most sentences hold none, and need no look at each.
        {% for row in patterns('batch') %}
            {{ matches([row]) }} as {{ row['name'] }},
        {% endfor %}
        phrase_id,
        folded,
        columns('possible_.*')
    from {{ ref('phrase_text') }}
    inner join {{ ref('phrase_possible') }} using (phrase_id)
)

select
    *,
    -- How many of these terms occur: a sentence without any says nothing of networks.
    {% for term in telling_terms() %}has_{{ term }}::int + {% endfor %}0 as terms,
    {% for batch in batches(ref('sector_word'), 'sector') %}names_a_sector_{{ loop.index }} or {% endfor %}false as names_a_sector
from searched
