"""What differs from the release before: one row a difference, in the table `change`."""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.sql import literal

TABLE = """
create or replace table change (
    op varchar, entity_kind varchar, entity_id varchar, field varchar, old varchar, new varchar, cause varchar, since varchar
)
"""
COMMENTS = {
    None: "One row per difference from the release before; empty where there was none.",
    "op": "ADD, MOD, DEL, MERGE or SPLIT.",
    "entity_kind": "network, facet, membership or project.",
    "entity_id": "ID of the entity that differs.",
    "field": "Field that differs; for a membership the organisation.",
    "old": "Value in the release before.",
    "new": "Value in this release.",
    "cause": "source (what a portal says), rule (rules or lexicons), time (a class that ages), merge, split or override.",
    "since": "Clock of the run that saw the difference, UTC.",
}
# Compared field by field: (kind, table, key, fields).
COMPARED = (
    ("network", "network", "network_id", ("name", "acronym", "kind", "member_type", "website")),
    (
        "facet",
        "network_typology",
        "network_id",
        (
            "integration_level",
            "geographic_coverage",
            "sector_coverage",
            "legal_form",
            "governance",
            "funding",
            "staffing",
            "cooperation_topics",
            "sustainability",
            "members_stated",
        ),
    ),
    (
        "project",
        "project",
        "project_id",
        ("title", "start_date", "end_date", "eu_contribution", "status", "about_networks"),
    ),
)

# Why a facet moved: a person's word, records that were joined, what sources say; where none of these moved, the rules
# did, and where they stand too, time.
CAUSE = """
case
    when coalesce((select any_value(override_reason) from typology as t where t.network_id = fresh.network_id
            and t.facet = $field and t.phase_id is null), '')
        != coalesce((select any_value(override_reason) from previous.typology as t where t.network_id = fresh.network_id
            and t.facet = $field and t.phase_id is null), '') then 'override'
    when fresh.network_id in (select new_id from redirect anti join previous.redirect as known using (old_id)) then 'merge'
    when fresh.input_digest is distinct from old.input_digest then 'source'
    when (select min(rule_version) from code_book) != (select min(rule_version) from previous.code_book) then 'rule'
    else 'time'
end
"""


def write(connection: duckdb.DuckDBPyConnection, previous: Path | None, now: str) -> None:
    """Fill `change` of the release being built (the open connection) against the file of the one before."""
    connection.execute(TABLE)
    if previous is not None:
        connection.execute(f"attach {literal(previous)} as previous (read_only)")
        for kind, table, key, fields in COMPARED:
            _fields(connection, kind, table, key, fields, now)
        _memberships(connection, now)
        _merges(connection, now)
        connection.execute("detach previous")
    for column, text in COMMENTS.items():
        what = f"column change.{column}" if column else "table change"
        connection.execute(f"comment on {what} is {literal(text)}")


def _fields(
    connection: duckdb.DuckDBPyConnection, kind: str, table: str, key: str, fields: tuple[str, ...], now: str
) -> None:
    """Rows that came, went, or differ in a field; facets follow their network and are only compared."""
    if kind != "facet":
        connection.execute(
            f"""
            insert into change
            select 'ADD', $kind, fresh.{key}, null, null, fresh.{fields[0]}, 'source', $now
            from {table} as fresh anti join previous.{table} as old using ({key})
            union all
            select 'DEL', $kind, old.{key}, null, old.{fields[0]}, null, 'source', $now
            from previous.{table} as old
            anti join {table} as fresh using ({key})
            where old.{key} not in (select old_id from redirect)
            """,
            {"kind": kind, "now": now},
        )
    for field in fields:
        connection.execute(
            f"""
            insert into change
            select 'MOD', $kind, fresh.{key}, $field, old.{field}::varchar, fresh.{field}::varchar,
                {CAUSE if kind == "facet" else "'source'"}, $now
            from {table} as fresh inner join previous.{table} as old using ({key})
            where fresh.{field} is distinct from old.{field}
            """,
            {"kind": kind, "field": field, "now": now},
        )


def _memberships(connection: duckdb.DuckDBPyConnection, now: str) -> None:
    for op, here, there in (("ADD", "membership", "previous.membership"), ("DEL", "previous.membership", "membership")):
        old, new = ("null", "m.organisation_id") if op == "ADD" else ("m.organisation_id", "null")
        connection.execute(
            f"""
            insert into change
            select distinct '{op}', 'membership', m.network_id, 'member', {old}, {new}, 'source', $now
            from {here} as m
            anti join {there} as other using (network_id, organisation_id)
            where m.network_id in (select network_id from network)
                and m.network_id in (select network_id from previous.network)
            """,
            {"now": now},
        )


def _merges(connection: duckdb.DuckDBPyConnection, now: str) -> None:
    connection.execute(
        """
        insert into change
        select 'MERGE', 'network', new_id, null, old_id, new_id, 'merge', $now
        from redirect anti join previous.redirect as old using (old_id)
        """,
        {"now": now},
    )
