-- One row per different sentence, name or label, as patterns read it: it is read once, however many pages repeat it.
with said as (
    select phrase_id, any_value(struct_pack(text, statement_kind)) as statement
    from {{ ref('statement') }}
    group by phrase_id
)

select phrase_id, {{ folded_statement() }} as folded
from (select phrase_id, statement['text'] as text, statement['statement_kind'] as statement_kind from said)
