"""Reading a user's own list of networks: JSON Lines or CSV, rows that cannot be used said one by one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

from flows.lists import opened
from flows.problems import Problem
from transforms.files import content, text
from transforms.own_list import LISTS

PLAIN = ("id", "name", "acronym", "description", "member_count_stated")
# What no item of a list holds.
BETWEEN = "\x1f"


def read(file: Path) -> pl.DataFrame:
    """The rows that can be classified, in their order: text columns, and `known_members`, `known_countries` as lists.

    Raises Problem where the file has no usable column; a row without id or name, or with an id that stood before, is
    said on stderr and left out.
    """
    if not file.is_file():
        raise Problem(f"There is no file {file}; give the path of a list of networks.", code=2)
    lines = file.suffix.lower() in {".jsonl", ".ndjson", ".json"}
    table = _from_lines(file) if lines else _from_csv(file)
    if missing := [name for name in ("id", "name") if name not in table.columns]:
        have = ", ".join(column for column in table.columns if column != "line") or "none"
        raise Problem(
            f"{file.name} has no column {' and '.join(missing)}; a list of networks needs id and name, it has {have}.",
            code=2,
        )
    return _usable(_complete(table))


def _from_csv(file: Path) -> pl.DataFrame:
    table = opened(file, "a list of networks")
    return table.with_columns(_items(pl.col(name), "|") for name in LISTS if name in table.columns).with_row_index(
        "line", offset=2
    )


def _from_lines(file: Path) -> pl.DataFrame:
    # Columns of text from the start: a hundred thousand rows with lists in them keep Python's collector busy for seconds.
    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in (*PLAIN, *LISTS)}
    given: set[str] = set()
    # JSON may hold the other ends of line that `splitlines` knows.
    for number, line in enumerate(text(content(file)[1]).split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            print(f"line {number}: no JSON object, left out", file=sys.stderr)
            continue
        given.update(found)
        numbers.append(number)
        for name, values in columns.items():
            values.append(_as_text(found.get(name), name))
    if not numbers:
        raise Problem(f"{file.name} holds no JSON object; give one network a line.", code=2)
    return pl.DataFrame(
        {"line": numbers, **{name: values for name, values in columns.items() if name in given}},
        schema_overrides={"line": pl.UInt32(), **dict.fromkeys(given & set(columns), pl.String())},
    ).with_columns(_items(pl.col(name), BETWEEN) for name in LISTS if name in given)


def _as_text(value: Any, name: str) -> str | None:
    """A value of JSON as text; a list may also be one text with `|` between its items."""
    if value is None:
        return None
    if name in PLAIN:
        return str(value)
    items = value if isinstance(value, list) else str(value).split("|")
    return BETWEEN.join(str(item) for item in items if item is not None)


def _items(joined: pl.Expr, between: str) -> pl.Expr:
    """The items of a list, none of them blank."""
    item = pl.element().str.strip_chars()
    return joined.str.split(between).list.eval(item.filter(item != ""))


def _complete(table: pl.DataFrame) -> pl.DataFrame:
    """All columns, those that the list has not empty; a count as Excel or Python writes it is a whole number."""
    table = table.with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in PLAIN if name not in table.columns),
        *(pl.lit([], pl.List(pl.String)).alias(name) for name in LISTS if name not in table.columns),
    )
    blank = [pl.col(name).str.strip_chars() for name in ("id", "name")]
    return table.with_columns(blank).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in ("id", "name")
    )


def _usable(table: pl.DataFrame) -> pl.DataFrame:
    again = pl.col("id").is_not_null() & ~pl.col("id").is_first_distinct()
    reason = (
        pl.when(pl.col("id").is_null())
        .then(pl.lit("no id"))
        .when(pl.col("name").is_null())
        .then(pl.lit("no name"))
        .when(again)
        .then(pl.lit("its id stands on an earlier line"))
    )
    judged = table.with_columns(reason=reason)
    for line, identifier, why in judged.filter(pl.col("reason").is_not_null()).select("line", "id", "reason").rows():
        print(f"line {line}{f' ({identifier})' if identifier else ''}: {why}, left out", file=sys.stderr)
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    if kept.is_empty():
        raise Problem("No row of the list can be classified; each needs an id of its own and a name.", code=2)
    return kept
