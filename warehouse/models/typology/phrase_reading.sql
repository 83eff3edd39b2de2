-- One row per different sentence: what its words weigh for each value of the facets that words are read for, rare words more
-- than frequent ones.
select
    word.phrase_id,
    {% for reading in readings() %}
        sum(known.rarity::double * known.{{ reading.words }}::double) as {{ reading.words }},
    {% endfor %}
    sum(known.rarity::double * known.rarity::double) as mass
from {{ ref('phrase_word') }} as word
inner join {{ ref('reading_word') }} as known using (words)
group by word.phrase_id
