-- Networks that registrants name or are: those whose name says that clusters are meant, and those
-- that another source lists under the same name. Most names in the register are of other bodies.
with listed as (
    {{ listed_networks('transparency_register') }}
),

elsewhere as (
    select name_key from {{ source('staging', 'network') }} where source != 'transparency_register'
)

select *
from listed
where {{ names_a_cluster('name') }} or name_key in (select name_key from elsewhere)
