"""A landing as the transforms see it: its records as one frame, its files, and where it came from."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import zstandard

from spiders.records import KINDS, columns

LISTS = {"aliases", "previous"}


class UnreadableFile(Exception):
    """A file that was handed over and cannot be read; one sentence with the way out."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is the same for every row of a landing."""

    source: str
    door: str
    origin: str
    fetched_at: str

    def stamp(self, rows: pl.LazyFrame, **values: pl.Expr) -> pl.LazyFrame:
        """Rows with the common columns; `fetched_at` of a row that brings its own stays."""
        own = "fetched_at" in rows.collect_schema()
        fetched_at = pl.col("fetched_at") if own else pl.lit(self.fetched_at)
        return rows.with_columns(
            source=pl.lit(self.source),
            door=pl.lit(self.door),
            origin=pl.lit(self.origin),
            fetched_at=fetched_at,
            **values,
        )


@dataclass(frozen=True, slots=True)
class LandingFolder:
    """One landing on disk."""

    path: Path
    origin: Origin

    @property
    def door(self) -> str:
        return self.origin.door

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def from_file(self) -> bool:
        """Whether a person handed the landing over as one file."""
        return self.door.startswith("file")

    @property
    def file(self) -> Path:
        """The one file of a landing that is one file."""
        (path,) = self.files.iterdir()
        return path

    def records(self) -> pl.DataFrame:
        """All records, one row each, values as text; `kind_of_record` tells them apart."""
        schema = records_frame().schema
        packed = self.path / "records.jsonl.zst"
        if not packed.is_file():
            return pl.DataFrame(schema=schema)
        with packed.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
            lines = stream.read()
        return pl.read_ndjson(io.BytesIO(lines), schema=schema) if lines else pl.DataFrame(schema=schema)


def records_frame() -> pl.DataFrame:
    """An empty frame in the columns of all kinds of records together."""
    names = {name for kind in KINDS for name in columns(kind)}
    schema: dict[str, pl.DataType] = {name: pl.String() for name in sorted(names)}
    schema |= {name: pl.List(pl.String) for name in LISTS}
    schema |= {"label_only": pl.Boolean()}
    schema |= dict.fromkeys(("kind_of_record", "page_url", "fetched_at", "file"), pl.String())
    return pl.DataFrame(schema=schema)


def open_landing(path: Path, origin: str) -> LandingFolder:
    """A landing by its folder (`harvest.json` says source and door)."""
    harvest = json.loads((path / "harvest.json").read_text(encoding="utf-8"))
    return LandingFolder(path, Origin(harvest["source"], harvest["door"], origin, harvest["fetched_at"]))
