"""`review`: pairs that the matcher is not sure of, with what speaks for and against each, and how to decide them."""

from __future__ import annotations

from typing import Any

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


def print_review(settings: Settings, limit: int, as_json: bool) -> int:
    """Print the most doubtful pairs; returns the exit status."""
    with reading(settings) as connection:
        found = connection.execute(UNCERTAIN.format(least=LEAST))
        columns = [column[0] for column in found.description or []]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    if as_json:
        as_document({"uncertain": len(rows), "pairs": rows[:limit]})
        return 0
    print(f"{len(rows):,} pairs are uncertain; the {min(limit, len(rows)):,} most doubtful:")
    for row in rows[:limit]:
        _print(row)
    return 0


def _print(row: dict[str, Any]) -> None:
    left, right = (f"{row[f'{side}_source']}:{row[f'{side}_id']}" for side in ("left", "right"))
    print(f"\n{row['probability']:.0%} {'joined' if row['joined'] else 'kept apart'} ({row['entity_kind']})")
    for side, key in (("left", left), ("right", right)):
        place = f", {row[f'{side}_place']}" if row[f"{side}_place"] else ""
        print(f"  {row[f'{side}_name']}{place}  [{key}, {row[f'{side}_entity_id']}]")
    print(f"  for: {row['speaks_for'] or 'nothing'}")
    print(f"  against: {row['speaks_against'] or 'nothing'}")
    print(f"  decide: metaclusters override same|different '{left}' '{right}' --why '…'")
