"""Why records are one organisation or network: each pair that joined them, its probability, and every term with its weight."""

from __future__ import annotations

from typing import Any

import duckdb

from flows.problems import Problem
from flows.sql import literal
from flows.terminal import as_document

JOINED = """
select * from identity_pair
where left_entity_id = {entity} and right_entity_id = {entity} and joined
order by probability desc, left_source, left_id, right_source, right_id
"""
ORGANISATIONS = """
select distinct organisation.organisation_id, organisation.name, organisation.city, organisation.country
from organisation
left join name on name.entity_id = organisation.organisation_id
where organisation.organisation_id = upper({asked}) or lower(strip_accents({asked})) in (
    lower(strip_accents(organisation.name)), lower(strip_accents(name.name))
)
order by all
limit 10
"""
SHOWN = 5  # pairs that are printed; `--json` has them all


def joined_pairs(connection: duckdb.DuckDBPyConnection, entity: str) -> list[dict[str, Any]]:
    """The pairs of records that make an organisation or network one."""
    found = connection.execute(JOINED.format(entity=literal(entity)))
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def print_pairs(pairs: list[dict[str, Any]]) -> None:
    """Each pair with what spoke for and against it."""
    for pair in pairs[:SHOWN]:
        decided = f", decided by a person: {pair['decision']}" if pair["decision"] else ""
        print(
            f"  {pair['left_name']} [{pair['left_source']}:{pair['left_id']}] = "
            f"{pair['right_name']} [{pair['right_source']}:{pair['right_id']}]  {pair['probability']:.1%}{decided}"
        )
        print(f"    for: {pair['speaks_for'] or 'nothing'}")
        if pair["speaks_against"]:
            print(f"    against: {pair['speaks_against']}")
    if len(pairs) > SHOWN:
        print(f"  {len(pairs) - SHOWN:,} pairs more, in `--json`")


def print_organisation(connection: duckdb.DuckDBPyConnection, asked: str, as_json: bool) -> None:
    """One organisation with the records that make it; the hits where several fit; raises Problem where none does."""
    rows = connection.execute(ORGANISATIONS.format(asked=literal(asked))).fetchall()
    if not rows:
        raise Problem(
            f"Nothing is called '{asked}'; look with `metaclusters query \"select name from network\"` "
            'or `"select name from organisation"`.'
        )
    hits = [dict(zip(("organisation_id", "name", "city", "country"), row, strict=True)) for row in rows]
    if len(hits) > 1:
        if as_json:
            as_document({"hits": hits})
            return
        print("Several organisations fit; ask again with an ID:")
        for hit in hits:
            print(f"  {hit['organisation_id']}  {hit['name']}, {hit['city'] or '?'}, {hit['country'] or '?'}")
        return
    pairs = joined_pairs(connection, hits[0]["organisation_id"])
    if as_json:
        as_document({"organisation": hits[0], "joined": pairs})
        return
    print(f"{hits[0]['name']}  {hits[0]['organisation_id']}")
    print("one record, or records that nothing had to be compared for" if not pairs else "joined because")
    print_pairs(pairs)
