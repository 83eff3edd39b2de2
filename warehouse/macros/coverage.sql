{# R9 and R10 over columns `countries` (sorted list), `outside` (those outside wider Europe) and `macro_region` (one
   that holds them all, as the network itself draws it), with `neighbours` true where two countries touch. #}
{% macro coverage_of() %}
    case
        when len(countries) = 0 then null
        when len(countries) = 1 then 'national-transregional'
        when len(outside) > 0 and macro_region is null then 'worldwide'
        when neighbours then 'trans-border'
        when macro_region is not null then 'trans-border'
        else 'european'
    end
{% endmacro %}
