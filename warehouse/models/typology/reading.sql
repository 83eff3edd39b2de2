-- One row per unit × facet × value: how far all words of the network's own texts speak for it (`log_odds`; the weights of
-- `reading_word` are fitted to networks described and labelled), how likely that alone makes it, and the sentence that speaks for
-- it most.
with said as (
    select network_id, phase_id, phrase_id, followed, bool_or(statement_kind = 'sentence') as is_sentence
    from {{ ref('statement') }}
    where statement_kind in ('sentence', 'name') and source != 'article'
    group by all
),

unit as (
    select said.network_id, null::varchar as phase_id, said.phrase_id, bool_or(said.is_sentence) as is_sentence
    from said
    where not said.followed
    group by said.network_id, said.phrase_id
    union all by name
    select network_id, phase_id, phrase_id, is_sentence from said where phase_id is not null
),

heard as (
    select
        unit.network_id,
        unit.phase_id,
        {% for reading in readings() %}
            sum(phrase.{{ reading.words }}) / sqrt(sum(phrase.mass)) as {{ reading.words }},
            arg_max(unit.phrase_id, (phrase.{{ reading.words }}, unit.phrase_id)) filter (where unit.is_sentence) as for_{{ reading.words }}{{ ',' if not loop.last }}
        {% endfor %}
    from unit
    inner join {{ ref('phrase_reading') }} as phrase using (phrase_id)
    group by unit.network_id, unit.phase_id
    -- Few words prove little: what is shorter is left to the rules.
    having sum(phrase.mass) >= {{ var('reading')['least_mass'] }}
),

weighed as (
    {% for reading in readings() %}
        select
            heard.network_id,
            heard.phase_id,
            '{{ reading.facet }}' as facet,
            '{{ reading.value }}' as value,
            heard.for_{{ reading.words }} as phrase_id,
            always.{{ reading.words }}::double + heard.{{ reading.words }} as log_odds
        from heard
        cross join (select * from {{ ref('reading_word') }} where words = '(always)') as always
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    network_id,
    phase_id,
    facet,
    value,
    phrase_id,
    log_odds,
    exp(log_odds) / sum(exp(log_odds)) over (partition by network_id, phase_id, facet) as probability
from weighed
