-- One row per unit × facet × value that words are read for: words and the rules' scores weighed together (RR).  Row `(rules)` of
-- `reading_word` says how much a score counts beside words; `asked` is the probability from which the likeliest value holds.
{{ config(materialized='view') }}
with beside as (
    select
        heard.network_id,
        heard.phase_id,
        heard.facet,
        heard.value,
        heard.log_odds,
        heard.probability as by_words,
        coalesce(score.score, 0) as score,
        case
            {% for reading in readings() %}
                when heard.facet = '{{ reading.facet }}' and heard.value = '{{ reading.value }}' then rules.{{ reading.words }}::double
            {% endfor %}
        end as weight_of_score,
        case heard.facet
            {% for facet in ('integration_level', 'geographic_coverage', 'sector_coverage') %}
                when '{{ facet }}' then {{ var('reading')[facet] }}
            {% endfor %}
        end::double as asked
    from {{ ref('reading') }} as heard
    cross join (select * from {{ ref('reading_word') }} where words = '(rules)') as rules
    left join {{ ref('rule_score') }} as score
        on
            score.network_id = heard.network_id
            and score.phase_id is not distinct from heard.phase_id
            and score.facet = heard.facet and score.value = heard.value
)

select
    * exclude (log_odds),
    exp(log_odds + score * weight_of_score) as odds,
    odds / sum(odds) over (partition by network_id, phase_id, facet) as probability
from beside
