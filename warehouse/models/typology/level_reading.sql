-- One row per unit × level: how far all words of the network's own texts speak for it (`log_odds`; the weights of `level_word` are
-- fitted to networks described and labelled), how likely that alone makes it, and the sentence that speaks for it most.
with said as (
    select network_id, phase_id, folded, bool_or(statement_kind = 'sentence') as is_sentence
    from {{ ref('statement') }}
    where statement_kind in ('sentence', 'name') and source != 'article'
    group by all
),

unit as (
    select said.network_id, null::varchar as phase_id, said.folded, bool_or(said.is_sentence) as is_sentence
    from said
    left join {{ ref('phase_followed') }} as followed using (phase_id)
    where followed.phase_id is null
    group by said.network_id, said.folded
    union all by name
    select network_id, phase_id, folded, is_sentence from said where phase_id is not null
),

heard as (
    select
        unit.network_id,
        unit.phase_id,
        {% for level in ('exchange', 'coordination', 'integration') %}
            sum(phrase.{{ level }}) / sqrt(sum(phrase.mass)) as {{ level }},
            arg_max(unit.folded, (phrase.{{ level }}, unit.folded)) filter (where unit.is_sentence) as for_{{ level }}{{ ',' if not loop.last }}
        {% endfor %}
    from unit
    inner join {{ ref('phrase_level') }} as phrase using (folded)
    group by unit.network_id, unit.phase_id
    -- Few words prove little: what is shorter is left to the rules.
    having sum(phrase.mass) >= {{ var('reading')['least_mass'] }}
),

weighed as (
    {% for value, level in (('1', 'exchange'), ('2', 'coordination'), ('3', 'integration')) %}
        select
            heard.network_id,
            heard.phase_id,
            '{{ value }}' as value,
            heard.for_{{ level }} as folded,
            always.{{ level }}::double + heard.{{ level }} as log_odds
        from heard
        cross join (select * from {{ ref('level_word') }} where words = '(always)') as always
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    network_id,
    phase_id,
    value,
    folded,
    log_odds,
    exp(log_odds) / sum(exp(log_odds)) over (partition by network_id, phase_id) as probability
from weighed
