-- Networks that registrants name or are: whose name says that several clusters are meant, who list two
-- clusters among their members, or whom another source lists under the same name. Most names in the
-- register are of other bodies, and a single cluster is no network of them.
with listed as (
    {{ listed_networks('transparency_register') }}
),

elsewhere as (
    select name_key from {{ source('staging', 'network') }} where source != 'transparency_register'
),

with_clusters as (
    select membership.network_source_id as source_id
    from {{ source('staging', 'membership') }} as membership
    inner join {{ source('staging', 'organisation') }} as organisation
        on
            organisation.source = membership.source
            and organisation.door = membership.door
            and organisation.source_id = membership.organisation_source_id
    where membership.source = 'transparency_register'
    group by membership.network_source_id
    having count(distinct organisation.name_key) filter (where {{ names_a_cluster('organisation.name') }}) >= 2
)

select *
from listed
where
    name_key in (select name_key from elsewhere)
    or (source_id in (select source_id from with_clusters) and not regexp_matches(name, '(?i)\bcluster$'))
    or (
        {{ names_a_cluster('name') }}
        and regexp_matches(name, '(?i)\bclusters\b|p[oô]les|alliance|network|federation|partnership|council|r[ée]seau|verbund|platform')
    )
