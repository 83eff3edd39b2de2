{# A list of the signals of a seed (signal_id, pattern, literal) that hit `text`: [{signal_id, hit}]. #}
{% macro hits(seed, where, text) %}
    list_filter([
        {% for signal in rows_of("select * from " ~ seed ~ " where " ~ where ~ " order by signal_id") %}
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
