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
            'legal_instrument', 'governance', 'funding', 'cooperation_topics'
        ) %}
            max(value) filter (where facet = '{{ facet }}') as {{ facet }}{{ ',' if not loop.last }}
        {% endfor %}
    from value
    group by network_id
),

level_index as (
    -- The mean of the levels that have signs of the deciding strength, weighted by them.
    select
        score.network_id,
        round(sum(score.value::int * score.score) / sum(score.score), 2) as integration_index
    from {{ ref('score') }} as score
    where
        score.facet = 'integration_level' and score.phase_id is null
        and score.tier = (
            select min(best.tier) from {{ ref('score') }} as best
            where best.network_id = score.network_id and best.facet = 'integration_level' and best.phase_id is null
        )
    group by score.network_id
)

select
    network.network_id,
    wide.integration_level,
    if(wide.integration_level = 'unknown', null, level_index.integration_index) as integration_index,
    wide.geographic_coverage,
    coalesce(claimed.value, 'unknown') as geographic_claimed,
    coalesce(geography.observed, 'unknown') as geographic_observed,
    coalesce(claimed.value != geography.observed, false) as geographic_disagreement,
    geography.members_known,
    geography.members_stated::int as members_stated,
    wide.sector_coverage,
    wide.legal_form,
    wide.legal_instrument,
    wide.staffing,
    wide.sustainability,
    wide.governance,
    wide.funding,
    wide.cooperation_topics
from {{ ref('network') }} as network
inner join wide using (network_id)
left join level_index using (network_id)
left join {{ ref('score_claimed') }} as claimed
    on claimed.network_id = network.network_id and claimed.phase_id is null and network.kind != 'instrument'
left join {{ ref('geography') }} as geography on geography.network_id = network.network_id
