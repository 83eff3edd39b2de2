{# The values that all words of a text are read for (RR): facet, value, and the column of `reading_word` with its weights. #}
{% macro readings() %}
    {{ return([
        {'facet': 'integration_level', 'value': '1', 'words': 'exchange'},
        {'facet': 'integration_level', 'value': '2', 'words': 'coordination'},
        {'facet': 'integration_level', 'value': '3', 'words': 'integration'},
        {'facet': 'geographic_coverage', 'value': 'worldwide', 'words': 'worldwide'},
        {'facet': 'geographic_coverage', 'value': 'european', 'words': 'european'},
        {'facet': 'geographic_coverage', 'value': 'trans-border', 'words': 'trans_border'},
        {'facet': 'geographic_coverage', 'value': 'national-transregional', 'words': 'national'},
        {'facet': 'sector_coverage', 'value': 'sectoral', 'words': 'sectoral'},
        {'facet': 'sector_coverage', 'value': 'generalist', 'words': 'generalist'},
    ]) }}
{% endmacro %}

{# The signs of each value of a facet, of the first tier that has any; one row per unit × value. #}
{% macro first_tier(facet) %}
    select *
    from {{ ref('score') }}
    where facet = '{{ facet }}'
    qualify row_number() over (partition by network_id, phase_id, value order by tier) = 1
{% endmacro %}
