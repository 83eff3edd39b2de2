"""The facts that the twins serve: tables in `facts/`, or in another folder in the same columns, each row
with where it comes from.

`nights` says on which of the two sample nights a row stands; `fact_origin` is `real` or
`invented` (then the name begins with 'Example').
"""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent / "facts"
Row = dict[str, str]


class BadFacts(Exception):
    """A folder of facts that cannot be served; one sentence with the way out."""


def folder() -> Path:
    """Where the tables lie: the project's own, or those that METACLUSTERS_FACTS names."""
    return Path(os.environ.get("METACLUSTERS_FACTS") or FACTS)


def table(name: str, night: int) -> tuple[Row, ...]:
    """The rows of one table as they stand on one night."""
    return _table(folder(), name, night)


@cache
def _table(facts: Path, name: str, night: int) -> tuple[Row, ...]:
    own = FACTS / f"{name}.csv"
    file = facts / f"{name}.csv"
    if not file.is_file():  # another set need not hold every table
        file = own
    with file.open(encoding="utf-8", newline="") as rows, own.open(encoding="utf-8", newline="") as ours:
        reader = csv.DictReader(rows)
        wanted = next(csv.reader(ours))
        if missing := set(wanted) - set(reader.fieldnames or ()):
            raise BadFacts(f"{file} lacks the columns {', '.join(sorted(missing))}; take those of {own.name}.")
        return tuple(row for row in reader if str(night) in row["nights"].split("|"))


def check(facts: Path) -> None:
    """Raise BadFacts where a folder holds no table that a twin could serve, or one with other columns."""
    tables = [path for path in facts.glob("*.csv") if (FACTS / path.name).is_file()]
    if not tables:
        raise BadFacts(f"{facts} holds none of the tables {', '.join(sorted(p.name for p in FACTS.glob('*.csv')))}.")
    for path in tables:
        _table(facts, path.stem, 1)
