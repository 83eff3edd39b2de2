"""The facts that the twins serve: tables in `facts/`, each row with where it comes from.

`nights` says on which of the two sample nights a row stands; `fact_origin` is `real` or
`invented` (then the name begins with 'Example').
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent / "facts"
Row = dict[str, str]


@cache
def table(name: str, night: int) -> tuple[Row, ...]:
    """The rows of one table as they stand on one night."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row for row in csv.DictReader(file) if str(night) in row["nights"].split("|"))
