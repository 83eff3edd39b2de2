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

{# One row per network: a macro-region that its texts name and that holds all countries of `places` (network_id, countries). #}
{% macro region_holding(places) %}
    select
        evidence.network_id,
        min(macro.name) as macro_region
    from {{ ref('evidence_text') }} as evidence
    inner join {{ ref('macro_region') }} as macro on 'region_' || macro.macro_region = evidence.signal_id
    inner join {{ places }} as places
        on
            places.network_id = evidence.network_id
            and list_has_all(string_split(macro.countries, '|'), places.countries)
    where evidence.not_counted is null and not evidence.followed
    group by evidence.network_id
    union
    -- Neighbours round one sea or mountain range who say that they cross a border.
    select
        places.network_id,
        min(macro.name) as macro_region
    from {{ places }} as places
    inner join {{ ref('macro_region') }} as macro on list_has_all(string_split(macro.countries, '|'), places.countries)
    where
        len(places.countries) in (2, 3)
        and places.network_id in (
            select network_id from {{ ref('evidence_text') }} where signal_id = 'g_border' and not_counted is null and not followed
        )
        and places.network_id not in (
            select network_id from {{ ref('evidence_text') }} where starts_with(signal_id, 'region_') and not_counted is null and not followed
        )
    group by places.network_id
{% endmacro %}
