-- One row per unit × facet that words are read for: the value that words and the rules' scores, weighed together, make likeliest
-- (RR).  Row `(rules)` of `reading_word` says how much a score counts beside words.
with weighed as (
    select
        heard.network_id,
        heard.phase_id,
        heard.facet,
        heard.value,
        heard.probability as by_words,
        coalesce(score.score, 0) as score,
        exp(heard.log_odds + coalesce(score.score, 0) * case
            {% for reading in readings() %}
                when heard.facet = '{{ reading.facet }}' and heard.value = '{{ reading.value }}' then rules.{{ reading.words }}::double
            {% endfor %}
        end) as odds,
        odds / sum(odds) over (partition by heard.network_id, heard.phase_id, heard.facet) as probability
    from {{ ref('reading') }} as heard
    cross join (select * from {{ ref('reading_word') }} where words = '(rules)') as rules
    left join {{ ref('rule_score') }} as score
        on
            score.network_id = heard.network_id
            and score.phase_id is not distinct from heard.phase_id
            and score.facet = heard.facet and score.value = heard.value
),

first as (
    select
        network_id,
        phase_id,
        facet,
        arg_max(value, (probability, value)) as value,
        -- A value that no sign and no clear sentence speaks for is none to show; a field that no word of it names must be clear.
        arg_max(
            case
                when score > 0 then true
                when value = 'sectoral' then probability >= {{ var('reading')['unnamed'] }}
                else by_words >= {{ var('reading')['heard'] }}
            end,
            (probability, value)
        ) as shows,
        max(probability) as probability,
        string_agg(value || ': ' || round(100 * probability)::int || ' %', ', ' order by value) as shown
    from weighed
    group by network_id, phase_id, facet
)

select
    network_id,
    phase_id,
    facet,
    if(shows and probability >= asked, value, null) as value,
    -- In log odds, which are of the size of the rules' weights.
    round(ln(least(probability, 0.9999) / (1 - least(probability, 0.9999))) - ln(asked / (1 - asked)), 4) as margin,
    'By the words of the whole text beside the rules: ' || shown as shown
from (
    select
        *,
        case facet
            {% for facet in ('integration_level', 'geographic_coverage', 'sector_coverage') %}
                when '{{ facet }}' then {{ var('reading')[facet] }}
            {% endfor %}
        end::double as asked
    from first
)
