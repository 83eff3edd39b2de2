"""`override`: what a person decides of two organisations or networks, written down and replayed at every refresh."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.lock import only_one
from flows.problems import Problem
from flows.reasons import check_reason
from flows.settings import Settings
from flows.sql import literal
from transforms.identity.decisions import SHARED, BadDecisions, Decision, add, read, write

MOST = 10_000  # pairs of records that one decision may part
Record = tuple[str, str]

# Records by entity ID, by an ID that was retired, or by source and source ID.
RECORDS = """
select entity_kind, source, source_id, entity_id, first_seen from identity.record
where entity_id = upper(getvariable('asked')) or source || ':' || source_id = getvariable('asked')
union
select record.entity_kind, record.source, record.source_id, record.entity_id, record.first_seen
from identity.record
inner join identity.former using (entity_kind, source, source_id)
where former.entity_id = upper(getvariable('asked'))
order by first_seen, source, source_id
"""


@dataclass(frozen=True, slots=True)
class Side:
    """The records that a reference stands for, the first one first."""

    kind: str
    records: list[Record]

    def without(self, other: Side) -> Side:
        """What is left of it without the records of another."""
        return Side(self.kind, [record for record in self.records if record not in set(other.records)])


def decide(settings: Settings, decision: str, left: str, right: str, why: str, by: str) -> tuple[int, Path]:
    """Write a decision down: `same`, `different`, or `back` for none any more; returns (pairs of records, file)."""
    if decision != "back":
        check_reason(why)
    file = settings.decisions
    with only_one(settings), _warehouse(settings) as connection:
        one, other = _sides(connection, left, right)
        if len(one.records) * len(other.records) > MOST:
            raise Problem(
                f"{len(one.records):,} and {len(other.records):,} records are too many pairs for one decision; name records (source:id).",
                code=2,
            )
        pairs = [(a, b) for a in one.records for b in other.records]
        wanted = pairs[:1] if decision == "same" else pairs if decision == "different" else []
        names = _names(connection, {record for pair in pairs for record in pair}, one.kind)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fresh = [
        Decision(decision, one.kind, *a, *b, names.get(a, ""), names.get(b, ""), why.strip(), by, now)
        for a, b in wanted
    ]
    known = _read(file)
    across = {frozenset(pair) for pair in pairs}
    kept = [row for row in known if row.pair not in across]
    if decision == "back" and len(kept) == len(known):
        shared = any(row.pair in across for row in _read(SHARED))
        way_out = f"; it is in {SHARED}, change it there" if shared else ""
        raise Problem(f"Nothing was decided of {left} and {right} in {file}{way_out}.", code=2)
    write(file, add(kept, fresh))
    return len(fresh) or len(known) - len(kept), file


def _read(file: Path) -> list[Decision]:
    try:
        return read(file)
    except BadDecisions as error:
        raise Problem(str(error)) from None


@contextmanager
def _warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    file = settings.warehouse / "warehouse.duckdb"
    if not file.is_file():
        raise Problem(f"There is no warehouse in {settings.warehouse} yet; run `metaclusters refresh` first.")
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


def _sides(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> tuple[Side, Side]:
    """The records on both sides; where one side has been merged into the other, the other is what is left of it."""
    one, other = _side(connection, left), _side(connection, right)
    if one.kind != other.kind:
        raise Problem(
            f"{left} is {_an(one.kind)} and {right} is {_an(other.kind)}; a decision is about two of a kind.", code=2
        )
    if set(one.records) >= set(other.records):
        one = one.without(other)
    elif set(other.records) > set(one.records):
        other = other.without(one)
    if not one.records or not other.records:
        raise Problem(f"{left} and {right} are the same records; name two of its records (source:id) instead.", code=2)
    return one, other


def _an(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _side(connection: duckdb.DuckDBPyConnection, asked: str) -> Side:
    connection.execute(f"set variable asked = {literal(asked)}")
    found = connection.execute(RECORDS).fetchall()
    if not found:
        raise Problem(
            f"There is no '{asked}'; give an ID (N…, O…) or a record as source:id, as `metaclusters review` prints them.",
            code=2,
        )
    return Side(found[0][0], [(row[1], row[2]) for row in found])


def _names(connection: duckdb.DuckDBPyConnection, records: set[Record], kind: str) -> dict[Record, str]:
    table = "staging.organisation" if kind == "organisation" else "population.network_record"
    rows = connection.execute(
        f"select source, source_id, any_value(name) from {table} "
        f"where (source, source_id) in ({', '.join(f'({literal(s)}, {literal(i)})' for s, i in sorted(records))}) group by all"
    ).fetchall()
    return {(source, source_id): name for source, source_id, name in rows}
