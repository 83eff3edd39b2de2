-- One row per project: is it about networks of clusters, and why (TYPOLOGY, 'Unit').
-- Who is linked (clusters, their bodies, regional ecosystems) and whether linking them is the aim,
-- against the many other things that 'cluster' means. Weights and patterns: seed `scope_signal`.
with passage as (
    select source, door, subject_source_id, string_agg(text, ' ' order by text) as body
    from {{ source('staging', 'passage') }}
    where subject_kind = 'project'
    group by all
),

text as (
    select
        project.source,
        project.source_id,
        concat_ws('. ', project.title, passage.body) as body,
        project.title,
        project.funding_scheme as scheme,
        concat_ws(' ', project.call, project.topic, project.programme) as topic
    from {{ ref('project_current') }} as project
    left join passage
        on
            passage.source = project.source
            and passage.door = project.door
            and passage.subject_source_id = project.source_id
),

partner as (
    select
        participation.source,
        participation.project_source_id as source_id,
        count(distinct participation.organisation_source_id) as partners,
        count(distinct participation.organisation_source_id) filter (
            where {{ names_a_cluster('organisation.name') }}
        ) as cluster_partners
    from {{ source('staging', 'participation') }} as participation
    left join {{ source('staging', 'organisation') }} as organisation
        on
            organisation.source = participation.source
            and organisation.door = participation.door
            and organisation.source_id = participation.organisation_source_id
    group by all
),

found as (
    select
        text.source,
        text.source_id,
        unnest(
            {{ hits(ref('scope_signal'), "part = 'text'", 'body') }}
            || {{ hits(ref('scope_signal'), "part = 'title'", 'title') }}
            || {{ hits(ref('scope_signal'), "part = 'topic'", 'topic') }}
            || {{ hits(ref('scope_signal'), "part = 'scheme'", 'scheme') }}
            || case
                when partner.cluster_partners >= 2 and partner.cluster_partners * 6 >= partner.partners
                    then [{'signal_id': 'who_partners', 'hit': partner.cluster_partners || ' of ' || partner.partners || ' partners'}]
                else []
            end
            || case
                when partner.partners < 3  -- where none is known, few cannot be said
                    then [{'signal_id': 'not_few_partners', 'hit': partner.partners || ' partners'}]
                else []
            end
        ) as found
    from text
    left join partner using (source, source_id)
),

scored as (
    select
        found.source,
        found.source_id,
        least(coalesce(sum(signal.weight) filter (where signal.sign = 'who'), 0), 4) as who,
        least(coalesce(sum(signal.weight) filter (where signal.sign = 'aim'), 0), 6) as aim,
        coalesce(sum(signal.weight) filter (where signal.sign = 'not'), 0) as against,
        coalesce(bool_or(
            signal.signal_id in ('aim_network_of_clusters')
            or (signal.sign = 'who' and signal.signal_id != 'who_ecosystems')
        ), false) as names_clusters,
        list_sort(list(signal.rationale || ' (' || left(found.found.hit, 80) || ')')) as reasons
    from found
    inner join {{ ref('scope_signal') }} as signal on signal.signal_id = found.found.signal_id
    group by all
)

select
    text.source,
    text.source_id,
    coalesce(scored.who, 0) as who,
    coalesce(scored.aim, 0) as aim,
    coalesce(scored.against, 0) as against,
    coalesce(
        -- Both must be there; ecosystems alone, without a word of clusters, need a clearer aim.
        scored.who >= 1.5
        and scored.aim >= 1.5
        and scored.who + scored.aim + scored.against >= case when scored.names_clusters then 3 else 4.5 end,
        false
    ) as about_networks,
    coalesce(array_to_string(scored.reasons, '; '), 'No word of clusters or of linking them') as about_networks_reason
from text
left join scored using (source, source_id)
