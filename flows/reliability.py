"""How far values can be relied on: coders against each other, and the machine against labels, for the quality page."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from flows import model
from flows.agreement import FacetAgreement, agreement, read_codes

FOLDER = Path(__file__).parent.parent / "warehouse" / "reliability"
CODES, MACHINE, CURVE, VERSION = "codes.csv", "machine.csv", "curve.csv", "rule_version.txt"


def ship(folder: Path) -> None:
    """Copy the coding files beside the page, so that every figure can be computed again."""
    for name in (CODES, MACHINE, CURVE):
        shutil.copyfile(FOLDER / name, folder / name)


def measured_with() -> str:
    """A sentence on the rules that the figures are of."""
    then, now = (FOLDER / VERSION).read_text(encoding="utf-8").strip(), model.rule_version()
    if then == now:
        return f"Measured with the rules of this release (`{now}`)."
    return f"Measured with rules `{then}`; this release was made with `{now}`: read the figures with that in mind."


def coders() -> list[FacetAgreement]:
    """Two coders of the labelled examples, each without the other's codes."""
    return agreement(read_codes(FOLDER / CODES))


def machine() -> list[FacetAgreement]:
    """The machine against the labels of the same networks."""
    return agreement(read_codes(FOLDER / MACHINE))


def curve() -> list[tuple[str, str, str, str]]:
    """(facet, networks, share answered, right among them) as doubtful answers are withheld."""
    with (FOLDER / CURVE).open(encoding="utf-8", newline="") as file:
        return [(row["facet"], row["networks"], row["answered"], row["right"]) for row in csv.DictReader(file)]
