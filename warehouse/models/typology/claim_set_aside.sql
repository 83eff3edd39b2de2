-- One row per network × coverage that signs of some kinds claim in vain: what else is known of it, and said of it, speaks against them.
{{ config(materialized='view') }}
with region as (
    select
        network_id,
        count(distinct signal_id) filter (where sign_group = 'region') as regions,
        count(distinct sign_group) = 1 and count(distinct phrase_id) = 1 and not bool_or(statement_kind = 'name') as said_once
    from {{ ref('evidence_text') }}
    where sign_group in ('region', 'border') and not_counted is null and not followed
    group by network_id
),

at_home as (
    select network_id from {{ ref('geography') }} where len(countries) = 1
    union
    select network_id from {{ ref('evidence_structured') }} where signal_id = 'home_country' and not_counted is null
),

-- No sea, river or mountain range has fifteen countries round it, and none is crossed where one country alone is named.
judged as (
    select
        network_id,
        regions >= 4 as of_europe,
        coalesce(countries_counted.countries >= 15, false) as too_many,
        said_once and at_home.network_id is not null and across.network_id is null as at_home
    from region
    left join {{ ref('countries_counted') }} as countries_counted using (network_id)
    left join at_home using (network_id)
    -- A programme across borders pays for nobody alone.
    left join (
        select distinct network_id from {{ ref('evidence_text') }}
        where signal_id = 'u_project' and contains(words, 'interreg') and not_counted is null and not followed
    ) as across using (network_id)
)

select
    network_id,
    'trans-border' as value,
    if(of_europe or too_many, ['region'], ['region', 'border']) as sign_groups,
    'coverage: ' || case
        when of_europe then 'Who names many seas and mountains speaks of those of Europe'
        when too_many then 'So many countries lie round no sea or mountain range'
        else 'A sea, a mountain range or a border of which one country alone is named is crossed by nobody'
    end as reason
from judged
where of_europe or too_many or at_home
union all
select
    network_id,
    'national-transregional' as value,
    -- Of whatever kind they are.
    null as sign_groups,
    'coverage: Members known in two countries are not of one, whatever a sentence says of one of them' as reason
from {{ ref('geography') }}
where len(countries) > 1
