-- One row per unit × facet × value that the rules choose. Every rule of the code book has its id here.
with score as (
    select * from {{ ref('score') }}
),

best_tier as (
    select network_id, phase_id, facet, min(tier) as tier
    from score
    group by all
),

strong as (
    select score.*
    from score
    inner join best_tier
        on
            best_tier.network_id = score.network_id
            and best_tier.phase_id is not distinct from score.phase_id
            and best_tier.facet = score.facet
            and best_tier.tier = score.tier
),

-- R1: the deepest level with enough weight; weak signs of a level (under 0.8) do not carry it.
level as (
    select *, null::varchar as note
    from strong
    where facet = 'integration_level' and score >= 0.8
    qualify row_number() over (partition by network_id, phase_id order by value desc) = 1
),

-- R9: members' places decide where enough of them are known, else what is claimed (R9a).
claimed as (
    select *
    from {{ ref('score_claimed') }}
),

geographic as (
    select
        geography.network_id,
        null::varchar as phase_id,
        'geographic_coverage' as facet,
        geography.observed as value,
        1 as tier,
        2.0 as score,
        'C' as grade,
        if(geography.observed in ('trans-border', 'national-transregional'), 'R10', 'R9') as rule_id,
        1 as signs,
        1 as sources,
        geography.shown as note
    from {{ ref('geography') }} as geography
    left join claimed on claimed.network_id = geography.network_id and claimed.phase_id is null
    where geography.decides or (geography.may_decide and claimed.value is null)
    union all by name
    select claimed.*, 'claimed by the text; the members known do not decide' as note
    from claimed
    left join {{ ref('geography') }} as geography
        on geography.network_id = claimed.network_id and claimed.phase_id is null
    where not coalesce(geography.decides, false)
),

-- R11: a named market is sectoral; four ecosystems or more are several unrelated fields.
breadth as (
    select network_id, unit_phase as phase_id, count(distinct word.ecosystem) as ecosystems
    from (
        select network_id, null::varchar as unit_phase, signal_id from {{ ref('evidence') }} where counts
        union all
        select network_id, phase_id as unit_phase, signal_id from {{ ref('evidence') }} where counts and phase_id is not null
    ) as evidence
    inner join {{ ref('sector_word') }} as word using (signal_id)
    group by all
),

sector as (
    select
        strong.* replace (if(strong.value = 'sectoral', least(strong.score, 4), strong.score) as score),
        null::varchar as note
    from strong
    left join breadth
        on breadth.network_id = strong.network_id and breadth.phase_id is not distinct from strong.phase_id
    where facet = 'sector_coverage'
    qualify row_number() over (
        partition by strong.network_id, strong.phase_id
        order by
            case
                when strong.value = 'generalist' and breadth.ecosystems >= 4 then 100
                when strong.value = 'sectoral' then least(strong.score, 4)
                else strong.score
            end desc,
            strong.value
    ) = 1
),

-- RL1: a form that the network itself or its statutes name goes before the grant that binds a consortium (RL2).
form as (
    select *, null::varchar as note
    from score
    where facet = 'legal_form'
    qualify row_number() over (
        partition by network_id, phase_id
        order by value = 'consortium_contract_or_grant', tier, score desc, value
    ) = 1
),

staffing as (
    select *, null::varchar as note
    from strong
    where facet = 'staffing'
    qualify row_number() over (partition by network_id, phase_id order by score desc, value) = 1
),

-- RS1 to RS4: a live grant first, then what stands by itself, then an end that a text states, then a bare label.
sustainability as (
    select *, null::varchar as note
    from score
    where facet = 'sustainability'
    qualify row_number() over (
        partition by network_id, phase_id
        order by list_position(['funded', 'self_standing', 'ended', 'label_only'], value), tier
    ) = 1
),

many as (
    select *, null::varchar as note
    from score
    where facet in ('governance', 'funding', 'cooperation_topics') and score >= 0.8
    qualify row_number() over (partition by network_id, phase_id, facet, value order by tier) = 1
)

{% for part in ('level', 'geographic', 'sector', 'form', 'staffing', 'sustainability', 'many') %}
    select network_id, phase_id, facet, value, grade, rule_id, score, signs, sources, note from {{ part }}
    {{ 'union all' if not loop.last }}
{% endfor %}
