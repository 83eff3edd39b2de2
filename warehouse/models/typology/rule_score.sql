-- One row per unit × facet × value that words are read for: what the signs of the rules score for it in the network's own texts and
-- records (tier 1), as it is weighed beside the words.
{{ config(materialized='view') }}
select network_id, phase_id, facet, value, score
from {{ ref('score') }}
where facet = 'integration_level' and tier = 1
union all
-- Claims; the places of members decide by themselves (R9).
select network_id, phase_id, 'geographic_coverage' as facet, value, least(score, 3) as score
from {{ ref('claim') }}
where tier = 1
union all
-- Three statements on one field say as much as ten; each further field says that it is not about one.
select network_id, phase_id, 'sector_coverage' as facet, 'sectoral' as value, least(focus, 3)::double as score
from {{ ref('sector') }}
union all
select network_id, phase_id, 'sector_coverage' as facet, 'generalist' as value, (generality + 0.5 * least(fields, 6))::double as score
from {{ ref('sector') }}
