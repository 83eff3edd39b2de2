-- One row per unit × facet that words are read for: the value that words and the rules' scores, weighed together, make likeliest (RR).
with first as (
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
        any_value(asked) as asked,
        string_agg(value || ': ' || round(100 * probability)::int || ' %', ', ' order by value) as shown
    from {{ ref('weighed') }}
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
from first
