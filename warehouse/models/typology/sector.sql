-- One row per unit with a sign of its fields: which market, technology or value chain it is about, and how much of what
-- it says is about that one (R11).  A sentence that lists three fields or more shows breadth, not what it is about.
with breadth as (
    select distinct network_id, unit_phase, statement_id from {{ ref('unit_evidence') }} where sign_group = 's_fields_listed'
),

word as (
    select
        evidence.network_id,
        evidence.unit_phase as phase_id,
        if(evidence.source_id = 'article', 2, 1) as tier,
        sector.ecosystem,
        coalesce(evidence.statement_id, hash(evidence.structured_value)) as statement,
        evidence.in_name,
        evidence.grade,
        evidence.evidence_id,
        evidence.words,
        -- A theme across sectors weighs half: it is a field of its own where it is the aim.  So does a portal's keyword.
        sector.theme::boolean or coalesce(starts_with(evidence.structured_value, 'EuroSciVoc'), false) as half,
        not evidence.in_name and (
            breadth.statement_id is not null
            or count(distinct evidence.signal_id) filter (where not half) over of_statement >= 3
            and min(sector.ecosystem) over of_statement != max(sector.ecosystem) over of_statement
        ) as listed
    from {{ ref('unit_evidence') }} as evidence
    inner join {{ ref('sector_word') }} as sector on 'sector_' || sector.sector = evidence.signal_id
    left join breadth
        on
            breadth.network_id = evidence.network_id
            and breadth.unit_phase is not distinct from evidence.unit_phase
            and breadth.statement_id = evidence.statement_id
    window of_statement as (
        partition by evidence.network_id, evidence.unit_phase, coalesce(evidence.statement_id, hash(evidence.structured_value))
    )
),

field as (
    select
        network_id,
        phase_id,
        ecosystem,
        count(distinct statement) filter (where not listed and not half)
        + 0.5 * count(distinct statement) filter (where not listed and half) as statements,
        bool_or(in_name) as in_name,
        -- Of equal ones the same, whatever the ID of the network is.
        arg_min(struct_pack(evidence_id, grade, tier), (listed, tier, grade, statement, evidence_id)) as rests_on
    from word
    group by all
),

main as (
    select
        network_id,
        phase_id,
        arg_max(ecosystem, (in_name, statements, ecosystem)) as ecosystem,
        arg_max(rests_on, (in_name, statements, ecosystem)) as rests_on,
        bool_or(in_name) as in_name,
        arg_max(statements, (in_name, statements, ecosystem)) as statements,
        count(*) as fields,
        max(statements) / nullif(sum(statements), 0) as share
    from field
    group by all
),

general as (
    select
        network_id,
        phase_id,
        round(coalesce(sum(weight) filter (where sign_group not in ('s_fields_listed', 's_anyone')), 0), 4) as weight,
        bool_or(sign_group = 's_umbrella') as umbrella,
        bool_or(sign_group = 's_fields_listed') as fields_listed
    from {{ ref('sign') }}
    where facet = 'sector_coverage' and value = 'generalist'
    group by all
),

broad as (
    select
        coalesce(main.network_id, general.network_id) as network_id,
        coalesce(main.phase_id, general.phase_id) as phase_id,
        main.ecosystem,
        coalesce(main.fields, 0) as fields,
        main.share,
        coalesce(main.statements, 0) + if(coalesce(main.in_name, false), 2, 0) as focus,
        coalesce(general.weight, 0) as generality,
        coalesce(general.umbrella, false) as umbrella,
        coalesce(general.fields_listed, false) as fields_listed,
        coalesce(main.in_name, false) as in_name,
        main.rests_on
    from main
    full join general
        on general.network_id = main.network_id and general.phase_id is not distinct from main.phase_id
)

select
    *,
    case
        when umbrella and not in_name and focus <= 2 then 'generalist'
        when in_name and not umbrella then 'sectoral'
        when fields_listed and (focus < 1 or (fields >= 4 and coalesce(share, 0) < 0.5)) then 'generalist'
        when focus >= 2 and focus >= generality then 'sectoral'
        when generality >= 0.9 then 'generalist'
        when focus > 1 or (focus > 0 and generality < 0.5) then 'sectoral'
        -- A field once and a sign of breadth: it could be either.
        when focus > 0 then null
        -- No field at all, and a sign of breadth; firms and towns of whatever field alone are none.
        when generality >= 0.5 then 'generalist'
    end as value
from broad
