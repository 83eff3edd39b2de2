-- One row per network × facet that a person decided, whatever the rules propose; the last decision counts.
select
    record.entity_id as network_id,
    decision.facet,
    decision.value,
    decision.why,
    decision.decided_by,
    decision.decided_at,
    decision.proposed,
    decision.evidence_digest
from {{ source('staging', 'facet_decision') }} as decision
inner join {{ source('identity', 'record') }} as record
    on record.entity_kind = 'network' and record.source = decision.source and record.source_id = decision.source_id
qualify row_number() over (partition by record.entity_id, decision.facet order by decision.decided_at desc) = 1
