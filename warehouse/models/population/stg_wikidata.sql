-- Items of Wikidata that are networks of clusters: named so, or with members that are clusters.
select listed.*
from ({{ listed_networks('wikidata') }}) as listed
where {{ names_a_cluster('listed.name') }} or listed.source_id in (
    select membership.network_source_id
    from {{ source('staging', 'membership') }} as membership
    where membership.source = 'wikidata'
)
