"""`review`: facet values and pairs of records that are doubtful, with the reasons, and how to decide them."""

from __future__ import annotations

from typing import Any

import duckdb

from flows.settings import Settings
from flows.shelf import reading
from flows.terminal import as_document

# Most doubtful first; a pair that a person decided is settled.
UNCERTAIN = """
select *
from identity_pair
where decision is null and probability between {least} and 1 - {least}
order by abs(probability - 0.5), left_source, left_id, right_source, right_id
"""
LEAST = 0.1
# Decisions whose evidence has changed come first, then the closest calls.
FACETS = """
select review_item.*, network.name
from review_item inner join network using (network_id)
order by cause = 'close call', margin, network.name, facet
"""


def print_review(settings: Settings, limit: int, as_json: bool) -> int:
    """Print the most doubtful facet values and pairs; returns the exit status."""
    with reading(settings) as connection:
        facets, pairs = _rows(connection, FACETS), _rows(connection, UNCERTAIN.format(least=LEAST))
    if as_json:
        as_document(
            {"doubtful": len(facets), "facets": facets[:limit], "uncertain": len(pairs), "pairs": pairs[:limit]}
        )
        return 0
    print(f"{len(facets):,} facet values are doubtful; the {min(limit, len(facets)):,} most doubtful:")
    for row in facets[:limit]:
        _print_facet(row)
    print(f"\n{len(pairs):,} pairs are uncertain; the {min(limit, len(pairs)):,} most doubtful:")
    for row in pairs[:limit]:
        _print(row)
    return 0


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = connection.execute(sql)
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _print_facet(row: dict[str, Any]) -> None:
    proposed = f", proposed {row['proposed_value']}" if row["proposed_value"] != row["value"] else ""
    print(f"\n{row['name']}  [{row['network_id']}]")
    print(f"  {row['facet']}: {row['value']}{proposed} ({row['cause']})")
    print(f"  {row['why']}")
    print(f"  decide: metaclusters override set {row['network_id']} {row['facet']} CODE --why '…' --by CODER")


def _print(row: dict[str, Any]) -> None:
    left, right = (f"{row[f'{side}_source']}:{row[f'{side}_id']}" for side in ("left", "right"))
    print(f"\n{row['probability']:.0%} {'joined' if row['joined'] else 'kept apart'} ({row['entity_kind']})")
    for side, key in (("left", left), ("right", right)):
        place = f", {row[f'{side}_place']}" if row[f"{side}_place"] else ""
        print(f"  {row[f'{side}_name']}{place}  [{key}, {row[f'{side}_entity_id']}]")
    print(f"  for: {row['speaks_for'] or 'nothing'}")
    print(f"  against: {row['speaks_against'] or 'nothing'}")
    print(f"  decide: metaclusters override same|different '{left}' '{right}' --why '…'")
