-- Groupings whose members are clusters: named so, or with two members that are. The others are
-- organisations of territorial cooperation, not networks of clusters.
with grouping_of_clusters as (
    select membership.network_source_id as source_id
    from {{ source('staging', 'membership') }} as membership
    inner join {{ source('staging', 'organisation') }} as organisation
        on organisation.source = membership.source and organisation.source_id = membership.organisation_source_id
    where membership.source = 'egtc'
    group by membership.network_source_id
    having count(*) filter (where {{ names_a_cluster('organisation.name') }}) >= 2
)

select listed.*
from ({{ listed_networks('egtc') }}) as listed
where {{ names_a_cluster('listed.name') }} or listed.source_id in (select source_id from grouping_of_clusters)
