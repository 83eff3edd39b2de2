-- One row per network and stated attribute: the value chosen (newest of the best source), and whether sources disagree.
select
    network.network_id,
    claim.attribute,
    arg_min(claim.value, (network.grade, -epoch(claim.fetched_at::timestamptz)::bigint, network.trust, claim.value)) as value,
    count(distinct claim.value) > 1 as conflict,
    array_to_string(list_sort(list(distinct claim.source || ': ' || claim.value)), '; ') as said
from {{ source('staging', 'claim') }} as claim
inner join {{ ref('network_of_record') }} as network
    on network.source = claim.source and network.source_id = claim.subject_source_id
where claim.subject_kind = 'network' and claim.attribute in ('members_stated', 'members_named', 'countries_stated', 'founded', 'staff_fte')
group by all
