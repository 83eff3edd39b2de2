-- One row per unit: whether it is about one field or about many, by the rules (R11) and with all words of its texts weighed (RR).
with ruled as (
    select
        *,
        -- An umbrella of clusters that names a field in passing is for all of them (R5).
        umbrella and not in_name and focus <= 2 as settled
    from {{ ref('sector') }}
),

chosen as (
    select
        coalesce(ruled.network_id, likeliest.network_id) as network_id,
        coalesce(ruled.phase_id, likeliest.phase_id) as phase_id,
        ruled.* exclude (network_id, phase_id, value, settled),
        ruled.value as ruled_value,
        coalesce(ruled.settled, false) as settled,
        likeliest.facet is not null and not coalesce(ruled.settled, false) as weighed,
        if(weighed, likeliest.value, ruled.value) as value,
        if(weighed, likeliest.margin, null) as reading_margin,
        likeliest.shown
    from ruled
    full join (select * from {{ ref('likeliest') }} where facet = 'sector_coverage') as likeliest
        on likeliest.network_id = ruled.network_id and likeliest.phase_id is not distinct from ruled.phase_id
),

resting as (
    select
        chosen.* exclude (rests_on),
        coalesce(chosen.value, '') != coalesce(chosen.ruled_value, '') as by_words,
        -- The field itself, or the sign of breadth; else the sentence that its words are clearest in.
        case
            when chosen.value = 'sectoral' and chosen.ecosystem is not null or score.evidence_id is null then chosen.rests_on
            else struct_pack(evidence_id := score.evidence_id, grade := score.grade, tier := score.tier)
        end as rests_on
    from chosen
    left join ({{ first_tier('sector_coverage') }}) as score
        on
            score.network_id = chosen.network_id
            and score.phase_id is not distinct from chosen.phase_id
            and score.value = chosen.value
)

select
    network_id,
    phase_id,
    'sector_coverage' as facet,
    if(rests_on['evidence_id'] is null, null, value) as value,
    ruled_value,
    settled,
    weighed,
    by_words,
    rests_on['tier'] as tier,
    if(value = 'sectoral', focus, generality)::double as score,
    if(by_words, 'D', rests_on['grade']) as grade,
    if(by_words, 'RR', 'R11') as rule_id,
    rests_on['evidence_id'] as evidence_id,
    coalesce(reading_margin, abs(focus - generality)::double) as margin,
    if(by_words, shown, null) as note
from resting
