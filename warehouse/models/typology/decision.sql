-- One row per unit × facet × value that the rules choose. Every rule of the code book has its id here.
with score as (
    select * from {{ ref('score') }}
),

-- The strongest tier that carries a value: signs too weak to decide do not silence the others.
best_tier as (
    select network_id, phase_id, facet, min(tier) as tier
    from score
    where score >= 0.8
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

umbrella as (
    select network_id, null::varchar as phase_id from {{ ref('evidence') }} where counts and rule_id = 'R5'
    union
    select network_id, phase_id from {{ ref('evidence') }} where counts and rule_id = 'R5' and phase_id is not null
),

-- R1: the deepest level with enough weight. R5: an umbrella for cluster management and policy of all fields
-- stays at exchange, whatever it shares, unless it has a common offer.
level as (
    select strong.*, null::varchar as note
    from strong
    left join sector
        on sector.network_id = strong.network_id and sector.phase_id is not distinct from strong.phase_id
    left join umbrella
        on umbrella.network_id = strong.network_id and umbrella.phase_id is not distinct from strong.phase_id
    where
        strong.facet = 'integration_level' and strong.score >= 0.8
        and not (strong.value = '2' and sector.value = 'generalist' and umbrella.network_id is not null)
    qualify row_number() over (partition by strong.network_id, strong.phase_id order by strong.value desc) = 1
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

-- RS1 to RS4: a live grant first, then an end that a text states, then what stands by itself, then a bare label.
sustainability as (
    select *, null::varchar as note
    from score
    where facet = 'sustainability'
    qualify row_number() over (
        partition by network_id, phase_id
        order by list_position(['funded', 'ended', 'self_standing', 'label_only'], value), tier
    ) = 1
),

many as (
    select *, null::varchar as note
    from score
    where facet in ('governance', 'funding', 'cooperation_topics', 'legal_instrument') and score >= 0.8
    qualify row_number() over (partition by network_id, phase_id, facet, value order by tier) = 1
)

{% for part in ('level', 'geographic', 'sector', 'form', 'staffing', 'sustainability', 'many') %}
    select network_id, phase_id, facet, value, grade, rule_id, score, signs, sources, note from {{ part }}
    {{ 'union all' if not loop.last }}
{% endfor %}
