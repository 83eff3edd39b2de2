with sign as (
    select
        network_id, phase_id, source, source_id as record_id, url, fetched_at, origin, language, facet, value, signal_id,
        sign_group, rule_id, weight * share as weight, rationale, grade, quote, structured_value, not_counted,
        statement_kind = 'name' as in_name, words, phrase_id as statement_id
    from {{ ref('evidence_text') }}
    union all by name
    select
        network_id, phase_id, source, source_id as record_id, url, fetched_at, origin, facet, value, signal_id,
        signal_id as sign_group, rule_id, weight, rationale, grade, quote, structured_value, not_counted,
        false as in_name
    from {{ ref('evidence_structured') }}
    union all by name
    select * rename (source_id as record_id) from {{ ref('evidence_reading') }}
),

judged as (
    select
        sign.* replace (coalesce(
            sign.not_counted,
            -- What all words of a text say is no sign of the rules.
            case
                when sign.sign_group != 'reading' and coalesce(list_contains(aside.sign_groups, sign.sign_group), true) then aside.reason
            end
        ) as not_counted)
    from sign
    left join {{ ref('claim_set_aside') }} as aside on aside.network_id = sign.network_id and aside.value = sign.value
),

keyed as materialized (
    select
        'E' || upper(left(md5(concat_ws(
            '|', network_id, phase_id, source, record_id, facet, value, signal_id, quote, structured_value
        )), 12)) as evidence_id,
        network_id,
        phase_id,
        -- What is said of a phase that a later one has followed speaks for that phase alone.
        coalesce(phase_id in (select phase_id from {{ ref('phase_followed') }}), false) as followed,
        facet,
        value,
        quote,
        structured_value,
        url,
        fetched_at,
        source as source_id,
        record_id,
        origin,
        language,
        signal_id,
        sign_group,
        in_name,
        words,
        statement_id,
        rule_id,
        grade,
        weight,
        rationale,
        not_counted is null as counts,
        not_counted as reason_not_counted
    from judged
),

-- The same words of the same record at two addresses are one sign; that is rare, so only these are sorted.
twice as (
    select evidence_id from keyed group by evidence_id having count(*) > 1
)

select * from keyed where evidence_id not in (select evidence_id from twice)
union all
select * from keyed where evidence_id in (select evidence_id from twice)
qualify row_number() over (
    partition by evidence_id order by counts desc, url, fetched_at, words, weight desc, rationale, reason_not_counted
) = 1
