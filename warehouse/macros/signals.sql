{# Patterns are compiled from a seed into constants, each behind a cheap literal test: a pattern that
   is a column makes DuckDB compile it for every row (317 s against 3 s on 70,000 sentences). #}
{% macro signals_of(seed, where, order_by='signal_id') %}
    {% if execute %}
        {% set found = run_query("select * from " ~ seed ~ " where " ~ where ~ " order by " ~ order_by) %}
        {{ return(found.rows) }}
    {% endif %}
    {{ return([]) }}
{% endmacro %}

{% macro literal(text) %}'{{ (text or '') | replace("'", "''") }}'{% endmacro %}

{# A list of the signals that hit `text`: [{signal_id, hit}], nulls taken out. #}
{% macro hits(seed, where, text) %}
    list_filter([
        {% for signal in signals_of(seed, where) %}
            case
                when {% if signal['literal'] %}contains(lower({{ text }}), {{ literal(signal['literal']) }}) and {% endif %}
                    regexp_matches({{ text }}, {{ literal(signal['pattern']) }})
                    then {
                        'signal_id': {{ literal(signal['signal_id']) }},
                        'hit': regexp_extract({{ text }}, {{ literal(signal['pattern']) }})
                    }
            end,
        {% endfor %}
        null
    ], lambda found: found is not null)
{% endmacro %}

{# The first code of a seed (code, pattern, rank) whose pattern fits `text`. #}
{% macro first_code(seed, code, text) %}
    {% if execute %}
        {% set found = run_query("select " ~ code ~ " as code, pattern from " ~ seed ~ " order by rank") %}
        case
            {% for row in found.rows %}
                when regexp_matches({{ text }}, {{ literal(row['pattern']) }}) then {{ literal(row['code']) }}
            {% endfor %}
        end
    {% else %}
        null
    {% endif %}
{% endmacro %}
