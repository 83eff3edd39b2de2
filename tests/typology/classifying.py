"""Classifies networks in a test: rows in, answers by id out, through the command's own function."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from flows.classify import classify

Row = dict[str, object]


def classified(rows: list[Row], folder: Path) -> dict[str, dict[str, str]]:
    """The answers of `metaclusters classify` for rows of a list, by id."""
    asked, answer = folder / "asked.jsonl", folder / "answer.csv"
    asked.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert classify(asked, answer) == 0
    with answer.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}
