-- Every stated attribute of a network as each source has it: the one chosen, the rule, and the others beside it.
with said as (
    select
        network.network_id,
        claim.attribute,
        claim.value,
        claim.original,
        claim.source,
        claim.url,
        claim.fetched_at,
        network.grade,
        network.trust
    from {{ source('staging', 'claim') }} as claim
    inner join {{ ref('network_of_record') }} as network
        on network.source = claim.source and network.door = claim.door and network.source_id = claim.subject_source_id
    where
        claim.subject_kind = network.subject_kind
        and claim.attribute in ('members_stated', 'countries_stated', 'founded', 'staff_fte', 'legal_form', 'label_status')
),

ranked as (
    select
        *,
        row_number() over (
            partition by network_id, attribute order by grade, fetched_at desc, trust, value
        ) = 1 as chosen,
        count(distinct value) over (partition by network_id, attribute) > 1 as conflict
    from said
)

select
    network_id,
    attribute,
    value,
    any_value(original) as original,
    source as source_id,
    url,
    max(fetched_at) as fetched_at,
    min(grade) as grade,
    bool_or(chosen) as chosen,
    bool_or(conflict) as conflict,
    case
        when not bool_or(conflict) then 'only value'
        else 'best grade first, then the newest, then the source trusted most'
    end as rule
from ranked
group by network_id, attribute, value, source, url
