with value as (
    select network_id, facet, string_agg(value, '|' order by value) as value
    from {{ ref('typology') }}
    where phase_id is null
    group by all
),

wide as (
    select
        network_id,
        {% for facet in (
            'integration_level', 'geographic_coverage', 'sector_coverage', 'legal_form', 'staffing', 'sustainability',
            'legal_instrument', 'governance', 'governed', 'funding', 'cooperation_topics'
        ) %}
            max(value) filter (where facet = '{{ facet }}') as {{ facet }}{{ ',' if not loop.last }}
        {% endfor %}
    from value
    group by network_id
),

level_index as (
    -- How deep the cooperation goes, from 1 to 3: the mean of the levels, weighted by what speaks for each.
    select
        network_id,
        coalesce(sum(score) filter (where value = '1'), 0) as exchange,
        coalesce(sum(score) filter (where value = '2'), 0) as coordination,
        coalesce(sum(score) filter (where value = '3'), 0) as integration,
        round(sum(value::int * score) / nullif(sum(score), 0), 2) as integration_index
    from {{ ref('score') }} as score
    where
        facet = 'integration_level' and phase_id is null
        and tier = (
            select min(best.tier) from {{ ref('score') }} as best
            where
                best.network_id = score.network_id and best.facet = 'integration_level' and best.phase_id is null
                -- Words alone are no sign.
                and best.score > 0
        )
    group by network_id
)

select
    network.network_id,
    wide.integration_level,
    if(wide.integration_level = 'unknown', null, level_index.integration_index) as integration_index,
    round(coalesce(level_index.exchange, 0), 2) as exchange_score,
    round(coalesce(level_index.coordination, 0), 2) as coordination_score,
    round(coalesce(level_index.integration, 0), 2) as integration_score,
    wide.geographic_coverage,
    coalesce(claimed.value, 'unknown') as geographic_claimed,
    coalesce(geography.observed, 'unknown') as geographic_observed,
    -- Where too few members are known, what they show is no disagreement.
    coalesce(claimed.value != geography.observed and geography.decides, false) as geographic_disagreement,
    geography.members_known,
    geography.members_stated::int as members_stated,
    wide.sector_coverage,
    wide.legal_form,
    legal_form_named.national_name as legal_form_national,
    legal_form_named.elf_code as legal_form_elf,
    wide.legal_instrument,
    wide.staffing,
    staff_counted.staff_stated,
    staff_counted.staff_fte,
    wide.sustainability,
    wide.governance,
    wide.governed,
    wide.funding,
    if(
        list_has_all(string_split(wide.governance, '|'), ['general_assembly', 'board', 'working_groups']), 'yes', 'unknown'
    ) as participative,
    wide.cooperation_topics,
    life.last_grant_end,
    life.last_seen_on as last_sign_of_life,
    life.date_precision as last_sign_of_life_precision,
    life.months_survived,
    round(life.months_granted / 12, 2) as years_granted,
    round(life.months_active / 12, 2) as years_active,
    -- Unknown where no dated grant is, or no beginning.
    if(life.months_granted / life.months_active > 1, 1, round(life.months_granted / life.months_active, 2)) as grant_dependence,
    input_digest.digest as input_digest
from {{ ref('network') }} as network
inner join wide using (network_id)
left join level_index using (network_id)
left join {{ ref('score_claimed') }} as claimed
    on claimed.network_id = network.network_id and claimed.phase_id is null and network.kind != 'instrument'
left join {{ ref('geography') }} as geography on geography.network_id = network.network_id
left join {{ ref('legal_form_named') }} as legal_form_named
    on legal_form_named.network_id = network.network_id and legal_form_named.legal_form = wide.legal_form
left join {{ ref('staff_counted') }} as staff_counted on staff_counted.network_id = network.network_id
left join {{ ref('life') }} as life on life.network_id = network.network_id
left join {{ ref('input_digest') }} as input_digest on input_digest.network_id = network.network_id
