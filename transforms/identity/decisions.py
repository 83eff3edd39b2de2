"""What people decided of pairs of records: `identity_decisions.csv`, replayed every night, stronger than any model.

A decision names records, not IDs, so that it outlives every merge and split.  Those under version control
(`warehouse/seeds/`) hold wherever the product runs; those of `metaclusters override` in one data folder.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from transforms import decision_file
from transforms.decision_file import BadDecisions as BadDecisions

NAME = "identity_decisions.csv"
SHARED = Path(__file__).parent.parent.parent / "warehouse" / "seeds" / NAME


@dataclass(frozen=True, slots=True)
class Decision:
    """That two records are the `same` organisation or network, or `different` ones, and why."""

    decision: str
    kind: str
    left_source: str
    left_id: str
    right_source: str
    right_id: str
    left_name: str
    right_name: str
    why: str
    decided_by: str  # a pseudonym, where one is given
    decided_at: str

    @property
    def pair(self) -> frozenset[tuple[str, str]]:
        """The two records, in no order."""
        return frozenset({(self.left_source, self.left_id), (self.right_source, self.right_id)})


COLUMNS = decision_file.columns(Decision)


def read(path: Path) -> list[Decision]:
    """The decisions of a file, none where there is none; raises BadDecisions."""
    found = decision_file.read(path, Decision)
    wrong = [number for number, row in enumerate(found, 2) if row.decision not in ("same", "different")]
    if wrong:
        raise BadDecisions(f"{path}, line {wrong[0]}: `decision` is 'same' or 'different'; mend the line.")
    return found


def write(path: Path, decisions: list[Decision]) -> None:
    """Replace a file of decisions, in one step."""
    decision_file.write(path, Decision, decisions)


def add(known: list[Decision], fresh: list[Decision]) -> list[Decision]:
    """Known decisions and fresh ones; a fresh one takes the place of what was decided of its pair before."""
    decided = {decision.pair for decision in fresh}
    return [decision for decision in known if decision.pair not in decided] + fresh


def prepare(connection: duckdb.DuckDBPyConnection, decisions: list[Decision]) -> None:
    """Write the temporary table `decision`."""
    columns = ", ".join(f"{column} varchar" for column in COLUMNS)
    connection.execute(f"create or replace temporary table decision ({columns})")
    if decisions:
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(
            f"insert into decision values ({marks})", [list(asdict(decision).values()) for decision in decisions]
        )
