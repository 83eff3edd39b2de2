"""Opening a user's own list: a CSV as programs save it, in plain text columns with tidy headings."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from flows.problems import Problem
from transforms.files import content, mark_of, separated, text


def opened(file: Path, what: str) -> pl.DataFrame:
    """The rows of a CSV, all text, blank cells missing; raises Problem with what the file should be (`what`)."""
    if not file.is_file():
        raise Problem(f"There is no file {file}; give the path of {what}.", code=2)
    try:
        table = _parted_by_any(file)
    except Exception as error:  # whatever a file does to the reader, it is one sentence
        reason = (str(error).strip() or "it is empty").splitlines()[0]
        raise Problem(f"{file.name} is no CSV that can be read ({reason}).", code=2) from None
    plain = [name.strip().lower().lstrip("\ufeff") for name in table.columns]
    if twice := sorted({name for name in plain if plain.count(name) > 1}):
        raise Problem(f"{file.name} has more than one column {', '.join(twice)}; leave one of them.", code=2)
    return table.rename(dict(zip(table.columns, plain, strict=True)))


def _parted_by_any(file: Path) -> pl.DataFrame:
    """A CSV by whichever mark parts its heading, in UTF-8 or Windows-1252; ragged rows by the lenient reader."""
    whole = text(content(file)[1])
    if whole.startswith("sep="):
        whole = whole.partition("\n")[2]  # Excel's own line, above the heading
    try:
        table = pl.read_csv(whole.encode(), separator=mark_of(whole), infer_schema=False)
    except pl.exceptions.ComputeError:
        table = separated(whole)
    if whole.count('"') % 2:
        print(
            f"{file.name} has a quotation mark that is not closed: rows after it may stand in one cell", file=sys.stderr
        )
    return table.with_columns(pl.when(pl.all() != "").then(pl.all()))
