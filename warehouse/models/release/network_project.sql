select
    network.network_id,
    network.source || ':' || network.source_id as project_id,
    'phase' as relation,
    network.source as source_id,
    network.url
from {{ ref('network_of_record') }} as network
where network.subject_kind = 'project'
qualify row_number() over (partition by network.network_id, network.source_id order by network.fetched_at desc) = 1
