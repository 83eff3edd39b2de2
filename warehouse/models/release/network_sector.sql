select
    evidence.network_id,
    word.ecosystem,
    word.nace_division,
    word.nace_rev,
    min(evidence.grade) as grade,
    count(*)::int as signs,
    arg_min(evidence.evidence_id, (evidence.grade, evidence.evidence_id)) as evidence_id
from {{ ref('evidence') }} as evidence
inner join {{ ref('sector_word') }} as word on 'sector_' || word.sector = evidence.signal_id
where evidence.counts
group by evidence.network_id, word.ecosystem, word.nace_division, word.nace_rev
