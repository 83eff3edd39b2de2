"""Files of what people decided: a dataclass a row, read whole, written in one step."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar


class BadDecisions(Exception):
    """A file of decisions that cannot be replayed; one sentence with the way out."""


Row = TypeVar("Row")


def columns(kind: type[Any]) -> tuple[str, ...]:
    """The columns of a kind of decision."""
    return tuple(field.name for field in fields(kind))


def read(path: Path, kind: type[Row]) -> list[Row]:
    """The decisions of a file, none where there is none; raises BadDecisions."""
    if not path.is_file():
        return []
    wanted = columns(kind)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := set(wanted) - set(rows.fieldnames or ()):
            raise BadDecisions(
                f"{path} lacks the columns {', '.join(sorted(missing))}; restore it from an earlier version."
            )
        return [kind(**{column: row[column] or "" for column in wanted}) for row in rows]


def write(path: Path, kind: type[Any], decisions: Sequence[Any]) -> None:
    """Replace a file of decisions, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, columns(kind), lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(decision) for decision in decisions)
    fresh.replace(path)
