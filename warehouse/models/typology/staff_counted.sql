-- One row per network whose staff is counted: heads, and full-time equivalents where the source calls them so.
with counted as (
    select
        evidence.network_id,
        coalesce(number.number::varchar, regexp_extract(evidence.words, '\d+'))::double as people,
        regexp_matches(evidence.words, '\bftes?\b|full-time|\betp\b|temps plein|vollzeit|tiempo completo|tempo pieno') as full_time
    from {{ ref('unit_evidence') }} as evidence
    left join {{ ref('number_word') }} as number on list_contains(regexp_split_to_array(evidence.words, '[^a-zß-]+'), number.word)
    where evidence.signal_id = 'w_number' and evidence.unit_phase is null
),

stated as (
    select network_id, max(try_cast(value as double)) as staff_fte
    from {{ ref('stated') }}
    where attribute = 'staff_fte'
    group by network_id
)

select
    network_id,
    max(counted.people) filter (where not counted.full_time)::int as staff_stated,
    coalesce(any_value(stated.staff_fte), max(counted.people) filter (where counted.full_time)) as staff_fte
from counted
full join stated using (network_id)
group by network_id
