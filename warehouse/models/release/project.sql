with known as (
    select project.* from {{ ref('project_current') }} as project
    inner join {{ ref('project_of_interest') }} as shown using (source, source_id)
),

-- A file of participants alone names projects that nothing else describes.
named_only as (
    select distinct participation.source, participation.project_source_id as source_id
    from {{ source('staging', 'participation') }} as participation
    inner join {{ ref('project_of_interest') }} as shown
        on shown.source = participation.source and shown.source_id = participation.project_source_id
    where (participation.source, participation.project_source_id) not in (select (known.source, known.source_id) from known)
)

select
    known.source || ':' || known.source_id as project_id,
    known.acronym,
    known.title,
    concat_ws(' ', known.framework, known.programme) as programme,
    coalesce(known.call, known.topic) as call,
    known.topic,
    known.funding_scheme,
    known.status,
    known.start_date,
    known.end_date,
    known.eu_contribution,
    known.total_cost,
    known.currency,
    known.label_only,
    coalesce(scope.about_networks, false) as about_networks,
    scope.about_networks_reason,
    known.url,
    known.source as source_id
from known
left join {{ ref('project_scope') }} as scope using (source, source_id)
union all by name
select
    source || ':' || source_id as project_id,
    false as label_only,
    false as about_networks,
    'Only its participants are known' as about_networks_reason,
    source as source_id
from named_only
