-- One row per different sentence: what its words weigh for each level, rare words more than frequent ones.
select
    word.folded,
    sum(known.rarity::double * known.rarity::double) as mass,
    sum(known.rarity::double * known.exchange::double) as exchange,
    sum(known.rarity::double * known.coordination::double) as coordination,
    sum(known.rarity::double * known.integration::double) as integration
from {{ ref('phrase_word') }} as word
inner join {{ ref('level_word') }} as known using (words)
group by word.folded
