-- One row per network and facet: a digest of the signs that count, so that changed evidence shows.
select
    network_id,
    facet,
    md5(bit_xor(md5_number(evidence_id))::varchar) as digest
from {{ ref('evidence') }}
where counts
group by network_id, facet
