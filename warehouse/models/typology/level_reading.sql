-- One row per unit × level: how likely the level is by all words of the network's own texts (the weights of `level_word`
-- are fitted to networks described and labelled), and the sentence that speaks for it most.
with said as (
    select
        network_id, phase_id, folded,
        arg_min(struct_pack(text, source, source_id, url, fetched_at, origin, language), (source, source_id, url, text))
            filter (where statement_kind = 'sentence') as sentence
    from {{ ref('statement') }}
    where statement_kind in ('sentence', 'name') and source != 'article'
    group by all
),

unit as (
    select said.network_id, null::varchar as phase_id, said.folded, any_value(said.sentence) as sentence
    from said
    left join {{ ref('phase_followed') }} as followed using (phase_id)
    where followed.phase_id is null
    group by said.network_id, said.folded
    union all by name
    select network_id, phase_id, folded, sentence from said where phase_id is not null
),

heard as materialized (
    select unit.*, phrase.* exclude (folded)
    from unit
    inner join {{ ref('phrase_level') }} as phrase using (folded)
),

weighed as (
    {% for value, level in (('1', 'exchange'), ('2', 'coordination'), ('3', 'integration')) %}
        select
            network_id,
            phase_id,
            '{{ value }}' as value,
            (select {{ level }}::double from {{ ref('level_word') }} where words = '(always)')
            + sum({{ level }}) / sqrt(sum(mass)) as weight,
            arg_max(sentence, ({{ level }}, folded)) filter (where sentence is not null) as sentence
        from heard
        group by network_id, phase_id
        -- Few words prove little: what is shorter is left to the rules.
        having sum(mass) >= {{ var('reading')['least_mass'] }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    network_id,
    phase_id,
    value,
    sentence,
    round(exp(weight) / sum(exp(weight)) over (partition by network_id, phase_id), 4) as probability
from weighed
