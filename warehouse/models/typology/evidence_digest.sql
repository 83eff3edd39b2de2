-- One row per network and facet: a digest of the signs that count, so that changed evidence shows.
select
    network_id,
    facet,
    md5(string_agg(evidence_id, '|' order by evidence_id)) as digest
from {{ ref('evidence') }}
where counts
group by network_id, facet
