{# Whether an organisation's name says that it is a cluster, in the words of several countries. #}
{% macro names_a_cluster(name) %}
    regexp_matches(
        {{ name }}, '(?i)clust|klast|cl[uú]st|\bp[oô]le\b|distretto|bio-?regi[oó]|biop[oô]le|netzwerk'
    )
{% endmacro %}
