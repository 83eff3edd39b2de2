-- One row per unit × facet × value that the rules choose. Every rule of the code book has its id here.
with score as (
    select * from {{ ref('score') }}
),

level as (
    select
        -- What the words of the whole text decide is weak; it rests on the sign that a rule knows, else on their clearest sentence.
        score.* replace (
            if(deepest.by_words, 'RR', score.rule_id) as rule_id,
            if(deepest.by_words, 'D', score.grade) as grade
        ),
        -- What it would take for the value to fall, or for a deeper one to hold.
        coalesce(deepest.reading_margin, least(
            score.score - case score.value
                when '3' then {{ var('enough')['integration'] }}
                when '2' then {{ var('enough')['coordination'] }}
                else {{ var('enough')['exchange'] }}
            end,
            if(score.value = '3', 9, {{ var('enough')['integration'] }} - deepest.integration),
            if(score.value != '1', 9, {{ var('enough')['coordination'] }} - deepest.coordination)
        )) as margin,
        if(deepest.by_words, deepest.shown, null) as note
    from score
    inner join {{ ref('level_decision') }} as deepest
        on
            deepest.network_id = score.network_id
            and deepest.phase_id is not distinct from score.phase_id
            and deepest.tier = score.tier
            and deepest.value = score.value
    where score.facet = 'integration_level'
    qualify row_number() over (partition by score.network_id, score.phase_id order by score.tier) = 1
),

-- RL1: a form that the network itself or its statutes name goes before the grant that binds a consortium (RL2), and
-- that before what a memorandum alone lets one suppose (RL3).  A project spoken of once may be somebody else's.
form as (
    select *, null::varchar as note
    from score
    where facet = 'legal_form' and score >= {{ var('enough')['other'] }}
    qualify row_number() over (
        partition by network_id, phase_id
        order by rule_id, tier, score desc, value
    ) = 1
),

staffing as (
    select *, null::varchar as note
    from score
    where facet = 'staffing' and score >= {{ var('enough')['other'] }}
    qualify row_number() over (partition by network_id, phase_id order by tier, score desc, value) = 1
),

-- RG3: a sentence that says who outside runs it goes before bodies that its members form.
governed as (
    select *, null::varchar as note
    from score
    where facet = 'governed' and score >= {{ var('enough')['other'] }}
    qualify row_number() over (partition by network_id, phase_id order by value = 'internally', tier) = 1
),

-- RS1 to RS4: a live grant first, then an end that a text states, then what stands by itself, then a bare label.
sustainability as (
    select *, null::varchar as note
    from score
    where facet = 'sustainability'
    qualify row_number() over (
        partition by network_id, phase_id
        order by list_position(['funded', 'ended', 'label_only', 'self_standing', 'dormant'], value), tier
    ) = 1
),

many as (
    select *, null::varchar as note
    from score
    where facet in ('governance', 'funding', 'cooperation_topics', 'legal_instrument') and score >= {{ var('enough')['other'] }}
    qualify row_number() over (partition by network_id, phase_id, facet, value order by tier) = 1
)

{% for part in ('level', ref('geography_decision'), ref('sector_decision'), 'form', 'staffing', 'governed', 'sustainability', 'many') %}
    select network_id, phase_id, facet, value, grade, rule_id, score, note, evidence_id,
        {{ 'margin' if loop.index <= 3 else 'null::double' }} as margin
    from {{ part }}
    where value is not null
    {{ 'union all' if not loop.last }}
{% endfor %}
