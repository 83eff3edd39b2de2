-- One row per sign that a statement holds: signal, quote, and whether it counts (what is denied, hoped for, of the past
-- or of others does not; an objective counts less unless it is operative).
with signal as (
    select
        signal_id, facet, value, reads, weight::double as weight, sign_group, rule_id, rationale
    from {{ ref('typology_signal') }}
    union all
    select
        'sector_' || sector as signal_id, 'sector_coverage' as facet, 'sectoral' as value, 'both' as reads,
        1.0 as weight, 'sector_' || sector as sign_group, 'R11' as rule_id,
        'A market or technology is named: ' || ecosystem as rationale
    from {{ ref('sector_word') }}
    union all
    select
        'region_' || macro_region as signal_id, 'geographic_coverage' as facet, 'trans-border' as value, 'both' as reads,
        1.5 as weight, 'region' as sign_group, 'R10' as rule_id, 'A macro-region is named: ' || name as rationale
    from {{ ref('macro_region') }}
),

-- Three fields or more in one sentence.
listed as (
    select hit.phrase_id, min(hit.word_start) as word_start, string_agg(hit.words, ', ' order by hit.word_start, hit.words) as words
    from {{ ref('hit') }} as hit
    inner join {{ ref('sector_word') }} as sector on 'sector_' || sector.sector = hit.signal_id
    where not sector.theme::boolean and hit.modality is distinct from 'negation'
    group by hit.phrase_id
    having count(*) >= 3 and count(distinct sector.ecosystem) >= 2
),

signed as (
    select
        statement.*,
        signal.* exclude (reads, weight),
        -- Who bears the name of a region, of Europe or of a country draws itself within it.
        signal.weight * if(statement.statement_kind = 'name' and signal.sign_group in ('region', 'europe', 'national'), 1.5, 1) as weight,
        hit.words,
        hit.word_start,
        hit.modality,
        phrase.has_own_plans,
        phrase.has_signed_pact,
        phrase.has_work_plan,
        phrase.names_a_sector,
        listed.phrase_id is not null as lists_fields
    from {{ ref('statement') }} as statement
    inner join {{ ref('hit') }} as hit using (phrase_id)
    inner join {{ ref('phrase') }} as phrase using (phrase_id)
    inner join signal using (signal_id)
    left join listed using (phrase_id)
    where
        -- A name tells where and of what; a labelled value only what its label says.
        case statement.statement_kind
            when 'name' then signal.reads in ('both', 'name')
            when 'label'
                then case statement.attribute
                    when 'legal_form' then signal.facet in ('legal_form', 'legal_instrument')
                    when 'member_type' then signal.reads = 'members'
                    else signal.facet = 'sector_coverage' and signal.reads != 'members'
                end
            else signal.reads not in ('name', 'members')
        end
        -- A field in a sentence that says nothing of networks is none of theirs.
        and not (statement.statement_kind = 'sentence' and starts_with(signal.signal_id, 'sector_') and phrase.terms = 0)
    union all by name
    select
        statement.*,
        's_fields_listed' as signal_id,
        'sector_coverage' as facet,
        'generalist' as value,
        1.2 as weight,
        's_fields_listed' as sign_group,
        'R11' as rule_id,
        'Several fields are listed' as rationale,
        listed.words,
        listed.word_start
    from {{ ref('statement') }} as statement
    inner join listed using (phrase_id)
    where statement.statement_kind = 'sentence'
),

-- Objectives are operative where they stand in a funded work plan: in a record that speaks of the money.
funded as (
    select distinct network_id, source, source_id
    from signed
    where
        subject_kind = 'project'
        or (
            statement_kind = 'sentence' and coalesce(modality, '') in ('', 'objective')
            and (value = 'consortium_contract_or_grant' or (value = 'eu_project' and network_id in (select network_id from {{ ref('project_spoken') }})))
        )
),

judged as (
    select
        signed.*,
        case
            -- R5 and R11 speak of umbrellas and managers of clusters of all fields.
            when sign_group in ('umbrella', 's_umbrella', 's_management') and names_a_sector and not lists_fields then 'one_field'
            -- Who signs a memorandum with an association is none by that.
            when signal_id = 'f_association_name' and has_signed_pact then 'others'
            when statement_kind != 'sentence' then null
            -- R7: plans that every region makes for itself are no plan in common.
            when has_own_plans and sign_group = 'strategy' and signal_id != 'l2_strategy' then 'others'
            -- Associations and companies that a project speaks of are its partners, unless it says that it is one.
            when
                signal_id in ('f_association', 'f_company', 'f_egtc')
                and project_spoken.network_id is not null
                and not regexp_matches(words, {{ literal(any_of(lexicon()['own_form'])) }})
                then 'others'
            -- Signs of denial deny nothing when they are what is looked for.
            when modality = 'negation' and value in ('no_legal_personality', 'none', 'ended', 'eu_label_without_cofunding')
                then null
            -- Who hopes to be of the world has no members there yet (R9).
            when sign_group = 'world' and modality = 'hope' then 'hope'
            -- To exchange is an aim already: who hopes for no more than that is at level 1.
            when modality in ('hope', 'objective') and value = '1' and facet = 'integration_level' then null
            when modality = 'objective' and (
                facet != 'integration_level' or funded.network_id is not null or has_work_plan
                or contains(text, '€') or regexp_matches(substr(text, word_start), '\b20\d{2}\b')
            )
                then null
            -- What is said of somebody else still says where and of what this is about.
            when modality not in ('negation', 'market') and facet in ('geographic_coverage', 'sector_coverage') then null
            when modality = 'history' and (facet = 'sustainability' or sign_group = 'merged') then null
            -- Money of projects that it takes part in is money of projects.
            when modality = 'others' and value = 'eu_project' then null
            else modality
        end as held_against
    from signed
    left join funded using (network_id, source, source_id)
    left join {{ ref('project_spoken') }} as project_spoken using (network_id)
)

select
    judged.* exclude (text, modality, held_against, has_own_plans, has_signed_pact, has_work_plan, names_a_sector, lists_fields),
    case when statement_kind = 'sentence' then {{ quote_around('text', 'word_start') }} end as quote,
    case when statement_kind != 'sentence' then attribute || ' = ' || left(text, 280) end as structured_value,
    coalesce(modality.share::double, 1) as share,
    case when modality.share::double = 0 then modality.modality || ': ' || modality.rationale end as not_counted
from judged
left join {{ ref('modality') }} as modality
    on modality.modality = judged.held_against
