-- One row per sign that a statement holds: signal, quote, and whether it counts (denied, hoped, past or of others does not).
with found as (
    select
        statement.*,
        unnest(
            {{ hits(ref('typology_signal'), "true", 'statement.text') }}
        ) as found
    from {{ ref('statement') }} as statement
),

sector as (
    select
        statement.*,
        unnest({{ hits(ref('sector_word'), "true", 'statement.text') }}) as found
    from {{ ref('statement') }} as statement
),

region as (
    select
        statement.*,
        unnest({{ hits('(select macro_region as signal_id, pattern, null as literal from ' ~ ref('macro_region') ~ ')', "true", 'statement.text') }}) as found
    from {{ ref('statement') }} as statement
),

signalled as (
    select
        found.* exclude (found),
        signal.facet,
        signal.value,
        signal.signal_id,
        signal.rule_id,
        signal.weight::double as weight,
        signal.rationale,
        found.found.hit as hit
    from found
    inner join {{ ref('typology_signal') }} as signal on signal.signal_id = found.found.signal_id
    where
        -- A name tells where and of what; a labelled value only what its label says.
        case statement_kind
            when 'name' then signal.facet in ('geographic_coverage', 'sector_coverage')
            when 'label' then attribute = 'legal_form' and signal.facet in ('legal_form', 'legal_instrument')
            else true
        end
    union all by name
    select
        sector.* exclude (found),
        'sector_coverage' as facet,
        'sectoral' as value,
        signal.signal_id,
        'R11' as rule_id,
        1.0 as weight,
        'A market or technology is named: ' || signal.ecosystem as rationale,
        sector.found.hit as hit
    from sector
    inner join {{ ref('sector_word') }} as signal on signal.signal_id = sector.found.signal_id
    where statement_kind != 'label' or attribute in ('sector', 'ecosystem')
    union all by name
    select
        region.* exclude (found),
        'geographic_coverage' as facet,
        'trans-border' as value,
        'region_' || region.found.signal_id as signal_id,
        'R10' as rule_id,
        1.5 as weight,
        'A macro-region is named' as rationale,
        region.found.hit as hit
    from region
    where statement_kind != 'label'
),

placed as (
    select
        *,
        -- 'Non-profit' and the like deny nothing.
        regexp_replace(
            left(text, greatest(strpos(text, hit) - 1, 0)),
            '(?i)non-?profit|not-for-profit|(?:sans|à) but (?:non )?lucratif|non lucratif|senza scopo di lucro|sin [áa]nimo de lucro',
            '',
            'g'
        ) as before
    from signalled
)

select
    * exclude (before, text),
    case when statement_kind = 'sentence' then
        -- At most 300 characters, the sign among them.
        substr(text, if(length(text) <= 300, 1, greatest(1, least(strpos(text, hit) - 140, length(text) - 299))), 300)
    end as quote,
    case when statement_kind != 'sentence' then attribute || ' = ' || left(text, 280) end as structured_value,
    case
        when statement_kind != 'sentence' then null
        {% for modality in signals_of(ref('modality'), 'true', 'modality') %}
            when regexp_matches({{ 'before' if modality['scope'] == 'before' else 'text' }}, {{ literal(modality['pattern']) }})
                {% if modality['modality'] == 'negation' %}and signal_id not in ('f_none', 'w_none') {% endif %}
                {% if modality['modality'] == 'objective' %}
                    -- A grant's objectives are operative, and so is one with a date, a budget or a lead.
                    and facet = 'integration_level' and value > '1' and subject_kind != 'project'
                    and not regexp_matches(text, '\d{4}|€|EUR|(?i:budget|deliverable|work ?package|work plan|led by)')
                {% endif %}
                then {{ literal(modality['modality'] ~ ': ' ~ modality['rationale']) }}
        {% endfor %}
    end as not_counted
from placed
