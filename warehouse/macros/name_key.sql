{# The folded form of a name (transforms.names.folded), for names that SQL puts together. #}
{% macro name_key(name) %}
    trim(regexp_replace(lower(strip_accents({{ name }})), '[^\p{L}\p{N}]+', ' ', 'g'))
{% endmacro %}
