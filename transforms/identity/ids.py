"""Stable, opaque IDs, carried from night to night.

An ID is made once, from source and source ID of a cluster's first record, and never from a name.
A cluster whose records already have IDs keeps the oldest; the others redirect to it.  Which ID a record
had before is remembered, so that a part that is split off again takes its own one back.
"""

from __future__ import annotations

import duckdb

PREFIX = {"network": "N", "organisation": "O"}

TABLES = """
create schema if not exists identity;
create table if not exists identity.record (
    entity_kind varchar, source varchar, source_id varchar, entity_id varchar, rule varchar,
    first_seen varchar, last_seen varchar
);
create table if not exists identity.former (
    entity_kind varchar, source varchar, source_id varchar, entity_id varchar, until varchar
);
create table if not exists identity.redirect (old_id varchar, new_id varchar, since varchar);
create table if not exists identity.known_name (
    entity_kind varchar, source varchar, source_id varchar, name varchar, kind varchar, language varchar,
    first_seen varchar, last_seen varchar
);
"""

# `cluster` is a temporary table (source, source_id, cluster, rule): one row a record of tonight.
ASSIGN = """
create or replace temporary table chosen as
with held as (
    select
        cluster.cluster, record.entity_id, record.first_seen, record.source, record.source_id,
        former.entity_id is not null as moved
    from cluster
    inner join identity.record
        on record.entity_kind = $kind and record.source = cluster.source and record.source_id = cluster.source_id
    left join (select distinct entity_kind, source, source_id, 'yes' as entity_id from identity.former) as former
        on former.entity_kind = $kind and former.source = cluster.source and former.source_id = cluster.source_id
),
known as (
    select
        cluster,
        entity_id,
        min(first_seen) as since,
        bool_and(moved) as moved,
        arg_min(source || '|' || source_id, (first_seen, source, source_id)) as first_key
    from held
    group by all
),
oldest as (
    select * from known
    qualify row_number() over (partition by cluster order by since, entity_id) = 1
),
taken as (
    -- Where a cluster fell apart, the part that never had another ID keeps it, else the one with the oldest record.
    select entity_id, cluster from oldest
    qualify row_number() over (partition by entity_id order by moved, since, first_key, cluster) = 1
),
borne as (
    select former.entity_id, cluster.cluster, count(*) as records, min(former.until) as until
    from cluster
    inner join identity.former
        on former.entity_kind = $kind and former.source = cluster.source and former.source_id = cluster.source_id
    where cluster.cluster not in (select cluster from taken) and former.entity_id not in (select entity_id from taken)
    group by former.entity_id, cluster.cluster
),
restored as (
    -- A part that was merged into another takes its own ID back: the one that most of its records had, the oldest first.
    select * from borne
    qualify row_number() over (partition by cluster order by records desc, until, entity_id) = 1
        and row_number() over (partition by entity_id order by records desc, until, cluster) = 1
),
first_record as (
    select cluster, min(source || '|' || source_id) as key from cluster group by cluster
),
fresh as (
    select
        cluster,
        $prefix || upper(left(md5($kind || '|' || key), 10)) as entity_id,
        -- The plain ID is somebody's already where its record has moved to another cluster.
        $prefix || upper(left(md5($kind || '|' || key || '|' || $now), 10)) as other_id
    from first_record
)
select
    fresh.cluster,
    coalesce(taken.entity_id, restored.entity_id, if(used.entity_id is null, fresh.entity_id, fresh.other_id)) as entity_id
from fresh
left join taken using (cluster)
left join restored using (cluster)
left join (
    select entity_id from taken
    union
    select entity_id from restored
    union
    select entity_id from identity.record where entity_kind = $kind
) as used on used.entity_id = fresh.entity_id
"""

REDIRECT = """
insert into identity.redirect
select distinct record.entity_id, chosen.entity_id, $now
from cluster
inner join chosen using (cluster)
inner join identity.record
    on record.entity_kind = $kind and record.source = cluster.source and record.source_id = cluster.source_id
where record.entity_id != chosen.entity_id
    and record.entity_id not in (select entity_id from chosen)
    and record.entity_id not in (select old_id from identity.redirect)
"""

UPDATE = """
create or replace temporary table tonight as
select
    $kind as entity_kind, cluster.source, cluster.source_id, chosen.entity_id, cluster.rule,
    coalesce(record.first_seen, $now) as first_seen, $now as last_seen
from cluster
inner join chosen using (cluster)
left join identity.record
    on record.entity_kind = $kind and record.source = cluster.source and record.source_id = cluster.source_id
"""

# An ID that a record leaves is remembered; one that it comes back to is its own again, and what came after is forgotten.
REMEMBER = """
insert into identity.former
select record.entity_kind, record.source, record.source_id, record.entity_id, $now
from identity.record
inner join tonight using (entity_kind, source, source_id)
where record.entity_id != tonight.entity_id
    and not exists (
        from identity.former
        where former.entity_kind = tonight.entity_kind and former.source = tonight.source
            and former.source_id = tonight.source_id and former.entity_id = tonight.entity_id
    )
"""
FORGET = """
delete from identity.former
using tonight, identity.former as back
where back.entity_kind = tonight.entity_kind and back.source = tonight.source
    and back.source_id = tonight.source_id and back.entity_id = tonight.entity_id
    and former.entity_kind = back.entity_kind and former.source = back.source
    and former.source_id = back.source_id and former.until >= back.until
"""

# An ID that lives again leads nowhere else, and a chain of merges leads to its end.
SETTLE = """
delete from identity.redirect where old_id in (select entity_id from tonight);
update identity.redirect set new_id = next.new_id
from identity.redirect as next
where next.old_id = redirect.new_id
"""

REPLACE = """
delete from identity.record
where entity_kind = $kind and (source, source_id) in (select (source, source_id) from tonight)
"""


# Version 0.1 remembered names by entity: they go to the first record of each.
NAMES_BY_ENTITY = """
select count(*) from information_schema.columns
where table_schema = 'identity' and table_name = 'known_name' and column_name = 'entity_id'
"""
NAMES_BY_RECORD = """
create or replace table identity.known_name as
with first_record as (
    select entity_kind, source, source_id, entity_id from identity.record
    qualify row_number() over (partition by entity_id order by first_seen, source, source_id) = 1
)
select
    entity_kind, source, source_id,
    known.name, known.kind, known.language, known.first_seen, known.last_seen
from identity.known_name as known
inner join first_record using (entity_id)
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the identity tables where they are not there yet; those of an earlier version are taken over."""
    if connection.execute(NAMES_BY_ENTITY).fetchall()[0][0]:
        connection.execute(NAMES_BY_RECORD)
    connection.execute(TABLES)


def assign(connection: duckdb.DuckDBPyConnection, kind: str, now: str) -> None:
    """Give every cluster of tonight its ID and remember which record has which (`identity.record`)."""
    values = {"kind": kind}
    connection.execute(ASSIGN, {**values, "prefix": PREFIX[kind], "now": now})
    connection.execute(REDIRECT, {**values, "now": now})
    connection.execute(UPDATE, {**values, "now": now})
    connection.execute(REMEMBER, {"now": now})
    connection.execute(FORGET)
    connection.execute(REPLACE, values)
    connection.execute("insert into identity.record from tonight")
    connection.execute(SETTLE)


def remember_names(connection: duckdb.DuckDBPyConnection, now: str) -> None:
    """Keep every name that a record was ever seen with: a rename makes the old one an alias of its entity."""
    connection.execute(
        """
        create or replace temporary table seen as
        select record.entity_kind, record.source, record.source_id, name.name, name.kind, min(name.language) as language
        from staging.name as name
        inner join identity.record
            on record.entity_kind = name.entity_kind
            and record.source = name.source
            and record.source_id = name.entity_source_id
        where record.last_seen = $now
        group by all
        """,
        {"now": now},
    )
    connection.execute(
        """
        update identity.known_name set last_seen = $now
        where (entity_kind, source, source_id, name, kind) in (select (entity_kind, source, source_id, name, kind) from seen)
        """,
        {"now": now},
    )
    connection.execute(
        """
        insert into identity.known_name
        select seen.entity_kind, seen.source, seen.source_id, seen.name, seen.kind, seen.language, $now, $now
        from seen
        anti join identity.known_name using (entity_kind, source, source_id, name, kind)
        """,
        {"now": now},
    )
