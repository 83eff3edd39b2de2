-- One row per unit: the coverage.  R9: members' places decide where enough of them are known, else what is claimed (R9a), all words of
-- the texts weighed beside the claims (RR).
with claimed as (
    select * from {{ ref('score_claimed') }}
),

observed as (
    select
        geography.network_id,
        null::varchar as phase_id,
        geography.observed as value,
        1 as tier,
        2.0 as score,
        'C' as grade,
        if(geography.observed in ('trans-border', 'national-transregional'), 'R10', 'R9') as rule_id,
        geography.shown as note,
        2.0 as margin,
        members_places.evidence_id
    from {{ ref('geography') }} as geography
    left join (select * from claimed where phase_id is null) as claimed on claimed.network_id = geography.network_id
    left join (
        select network_id, evidence_id from {{ ref('sign') }}
        where sign_group = 'members_places' and phase_id is null
    ) as members_places on members_places.network_id = geography.network_id
    where geography.decides or (geography.may_decide and claimed.value is null)
),

chosen as (
    select
        coalesce(claimed.network_id, likeliest.network_id) as network_id,
        coalesce(claimed.phase_id, likeliest.phase_id) as phase_id,
        claimed.value as ruled_value,
        likeliest.facet is not null and coalesce(claimed.tier, 1) = 1 as weighed,
        if(weighed, likeliest.value, claimed.value) as value,
        if(weighed, likeliest.margin, claimed.score - claimed.second) as margin,
        likeliest.shown
    from claimed
    full join (select * from {{ ref('likeliest') }} where facet = 'geographic_coverage') as likeliest
        on likeliest.network_id = claimed.network_id and likeliest.phase_id is not distinct from claimed.phase_id
),

said as (
    select
        chosen.network_id,
        chosen.phase_id,
        score.value,
        chosen.ruled_value,
        chosen.weighed,
        chosen.value != coalesce(chosen.ruled_value, '') as by_words,
        score.tier,
        score.score,
        if(by_words, 'D', coalesce(claimed.grade, score.grade)) as grade,
        if(by_words, 'RR', coalesce(claimed.rule_id, score.rule_id)) as rule_id,
        if(by_words, chosen.shown, 'claimed by the text; the members known do not decide') as note,
        chosen.margin,
        coalesce(claimed.evidence_id, score.evidence_id) as evidence_id
    from chosen
    left join ({{ first_tier('geographic_coverage') }}) as score
        on
            score.network_id = chosen.network_id
            and score.phase_id is not distinct from chosen.phase_id
            and score.value = chosen.value
    left join claimed
        on
            claimed.network_id = chosen.network_id
            and claimed.phase_id is not distinct from chosen.phase_id
            and claimed.value = chosen.value
)

select network_id, phase_id, 'geographic_coverage' as facet, * exclude (network_id, phase_id)
from (
    select *, value as ruled_value, true as settled, false as weighed, false as by_words from observed
    union all by name
    select *, false as settled from said
    where phase_id is not null or network_id not in (select network_id from observed)
)
