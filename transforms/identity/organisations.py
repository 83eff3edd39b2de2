"""Which organisation records are the same: the same PIC, else the same bare name in the same country.

Two PICs are two organisations here: an official identifier of one scheme weighs against a name.
"""

from __future__ import annotations

import duckdb

CLUSTER = """
create or replace temporary table cluster as
with pic as (
    select source, entity_source_id as source_id, min(value) as pic
    from staging.identifier
    where entity_kind = 'organisation' and scheme = 'PIC'
    group by all
),
record as (
    select organisation.source, organisation.source_id, pic.pic, organisation.name_key, organisation.country
    from staging.organisation
    left join pic using (source, source_id)
    qualify row_number() over (partition by organisation.source, organisation.source_id order by organisation.fetched_at desc) = 1
),
-- A name in a country that exactly one PIC bears stands for that PIC.
bearer as (
    select name_key, country, min(pic) as pic
    from record
    where pic is not null and country is not null
    group by all
    having count(distinct pic) = 1
)
select
    record.source,
    record.source_id,
    case
        when coalesce(record.pic, bearer.pic) is not null then 'pic:' || coalesce(record.pic, bearer.pic)
        when record.country is not null then 'name:' || record.name_key || '|' || record.country
        else 'record:' || record.source || '|' || record.source_id
    end as cluster,
    case
        when record.pic is not null then 'same PIC'
        when record.country is not null then 'same name and country'
        else 'alone: no country to compare with'
    end as rule
from record
left join bearer
    on record.pic is null and bearer.name_key = record.name_key and bearer.country = record.country
"""


def cluster(connection: duckdb.DuckDBPyConnection) -> None:
    """Write tonight's clusters of organisation records to the temporary table `cluster`."""
    connection.execute(CLUSTER)
