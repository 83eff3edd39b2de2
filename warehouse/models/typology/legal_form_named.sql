-- One row per network whose legal form is named as a country's law names it: the national name and the code of ISO 20275.
-- Words such as 'e.V.' name their country; others, such as 'GmbH', need the country of the network.
with seat as (
    select record.network_id, min(claim.value) as country
    from {{ source('staging', 'claim') }} as claim
    inner join {{ ref('network_of_record') }} as record
        on record.source = claim.source and record.source_id = claim.subject_source_id
    where
        claim.subject_kind = 'network' and claim.attribute in ('seat_country', 'country')
        and (claim.attribute = 'seat_country' or record.network_id not in (
            select network_id from {{ ref('geography') }} where len(countries) > 1
        ))
    group by record.network_id
    having count(distinct claim.value) = 1
),

said as (
    select
        network_id,
        value as legal_form,
        {{ folded("concat_ws(' ', quote, structured_value)") }} as folded
    from {{ ref('unit_evidence') }}
    where facet = 'legal_form' and unit_phase is null
),

named as (
    select
        said.network_id,
        said.legal_form,
        code.elf_code,
        code.national_name,
        code.country,
        code.names_country::boolean as names_country,
        length(regexp_extract(said.folded, code.words)) as letters
    from said
    inner join {{ ref('legal_form_code') }} as code using (legal_form)
    left join seat using (network_id)
    where
        regexp_matches(said.folded, code.words)
        and (code.names_country::boolean or code.country = seat.country)
)

select network_id, legal_form, elf_code, national_name, country
from named
-- The longest name is the most special one: a gGmbH is more than a GmbH.
qualify row_number() over (
    partition by network_id, legal_form order by letters desc, names_country desc, elf_code
) = 1
