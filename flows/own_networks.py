"""Reading a user's own list of networks: JSON Lines or CSV, rows that cannot be used said one by one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

from flows.lists import opened
from flows.problems import Problem
from flows.terminal import printable
from transforms.files import PACKED, content, text
from transforms.own_list import LISTS, member_count
from transforms.places import country

PLAIN = ("id", "name", "acronym", "description", "member_count_stated")
COLUMNS = {*PLAIN, *LISTS}
# What no item of a list holds.
BETWEEN = "\x1f"


def read(file: Path) -> pl.DataFrame:
    """The rows that can be classified, in their order: text columns, and `known_members`, `known_countries` as lists.

    Raises Problem where the file has no usable column; a row without id or name, or with an id that stood before, is
    said on stderr and left out.
    """
    if not file.is_file():
        raise Problem(f"There is no file {file}; give the path of a list of networks.", code=2)
    named = file.stem if file.suffix.lower() in PACKED else file.name
    table = _from_lines(file) if named.lower().endswith((".jsonl", ".ndjson", ".json")) else _from_csv(file)
    if missing := [name for name in ("id", "name") if name not in table.columns]:
        have = ", ".join(column for column in table.columns if column != "line") or "none"
        raise Problem(
            f"{file.name} has no column {' and '.join(missing)}; a list of networks needs id and name, it has {have}.",
            code=2,
        )
    return _usable(_complete(table))


def _from_csv(file: Path) -> pl.DataFrame:
    table = opened(file, "a list of networks")
    return table.with_columns(_items(name) for name in LISTS if name in table.columns).with_row_index("line", offset=2)


def _from_lines(file: Path) -> pl.DataFrame:
    # Columns of text from the start: a hundred thousand rows with lists in them keep Python's collector busy for seconds.
    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in (*PLAIN, *LISTS)}
    given: set[str] = set()
    # JSON may hold the other ends of line that `splitlines` knows.
    for number, line in enumerate(text(content(file)[1]).split("\n"), 1):
        if not line.strip():
            continue
        if (row := _row(line)) is None:
            print(f"line {number}: no JSON object, left out", file=sys.stderr)
            continue
        given.update(row)
        numbers.append(number)
        for name, values in columns.items():
            values.append(_as_text(row.get(name), name))
    if not numbers:
        raise Problem(
            f"{file.name} holds no JSON object on a line of its own; give one network a line (JSON Lines).", code=2
        )
    return pl.DataFrame(
        {"line": numbers, **{name: values for name, values in columns.items() if name in given}},
        schema_overrides={"line": pl.UInt32(), **dict.fromkeys(given & set(columns), pl.String())},
    ).with_columns(_items(name) for name in LISTS if name in given)


def _row(line: str) -> dict[str, Any] | None:
    """The object on a line, its keys as headings are read; None where there is none."""
    try:
        found = json.loads(line)
        if "\\ud" in line or "\\uD" in line:
            # Half a pair of surrogates is no letter.
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (json.JSONDecodeError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return found if found.keys() <= COLUMNS else {name.strip().lower(): value for name, value in found.items()}


def _as_text(value: Any, name: str) -> str | None:
    """A value of JSON as text, the items of a list each with the mark after it; what is neither text nor number is missing."""
    if isinstance(value, list) and name in LISTS:
        return "".join(f"{item}{BETWEEN}" for item in value if isinstance(item, str | int | float))
    if isinstance(value, list) and name == "description":
        return " ".join(item for item in value if isinstance(item, str))
    return str(value) if isinstance(value, str | int | float) else None


def _items(name: str) -> pl.Expr:
    """The items of a list, none of them blank; one that is a text is parted as people part it."""
    given = pl.col(name)
    if name == "known_countries":
        parted = given.str.replace_all(r"[\[\]{}\"']", "").str.replace_all(r"[|;,/]", BETWEEN)
    else:
        parted = (
            pl.when(given.str.contains("|", literal=True))
            .then(given.str.replace_all("|", BETWEEN, literal=True))
            .otherwise(given.str.replace_all(";", BETWEEN, literal=True))
        )
    item = pl.element().str.strip_chars()
    marked = pl.when(given.str.contains(BETWEEN, literal=True)).then(given).otherwise(parted)
    return marked.str.split(BETWEEN).list.eval(item.filter(item != "")).alias(name)


def _complete(table: pl.DataFrame) -> pl.DataFrame:
    """All columns, those that the list has not empty; an id or a name of blanks alone is none."""
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
        print(f"line {line}{f' ({printable(identifier)})' if identifier else ''}: {why}, left out", file=sys.stderr)
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    _say_unread(kept)
    if kept.is_empty():
        raise Problem("No row of the list can be classified; each needs an id of its own and a name.", code=2)
    return kept


def _say_unread(table: pl.DataFrame) -> None:
    """What stands in a row and cannot be used: a country that is none, a number of members that is none."""
    countries = (
        table.select("line", "id", said="known_countries").explode("said").filter(country(pl.col("said")).is_null())
    )
    counts = (
        table.select("line", "id", said="member_count_stated")
        .filter(pl.col("said").str.strip_chars() != "")
        .filter(member_count(pl.col("said")).is_null())
    )
    for what, column, found in (("country", "known_countries", countries), ("number", "member_count_stated", counts)):
        for line, identifier, said in found.filter(pl.col("said").is_not_null()).rows():
            print(
                f"line {line} ({printable(identifier)}): '{printable(said)}' in {column} is no {what} that is known, not used",
                file=sys.stderr,
            )
