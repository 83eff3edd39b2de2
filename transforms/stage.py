"""The normalise stage: one landing in, its tidy frames out, as Parquet."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from transforms.landing import LandingFolder

ROW_GROUP = 16_384  # rows; small enough for DuckDB to load one table with all cores


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of a landing's finest records; `read` is counted apart from their reading."""

    source: str
    door: str
    read: int
    loaded: int
    set_aside: int
    rows: dict[str, int]


class Unaccounted(Exception):
    """A transform lost or doubled records: our fault, and said instead of published."""


def stage(folder: LandingFolder, target: Path) -> Staged:
    """Normalise one landing and write its tidy frames to `target`, one Parquet file each."""
    source = importlib.import_module(f"transforms.{folder.origin.source}")
    tidy = source.tidy(folder)
    finest = source.finest(folder)
    loaded = sum(len(tidy[name]) for name in finest)
    set_aside = len(tidy["rejected"].filter(pl.col("frame").is_in(finest)))
    read = source.count(folder)
    if read != loaded + set_aside:
        raise Unaccounted(f"{read} records were read, but {loaded} loaded and {set_aside} set aside")
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tidy.items():
        rows.write_parquet(target / f"{name}.parquet", compression="lz4", statistics=False, row_group_size=ROW_GROUP)
    return Staged(
        source=folder.origin.source,
        door=folder.door,
        read=read,
        loaded=loaded,
        set_aside=set_aside,
        rows={name: len(rows) for name, rows in tidy.items()},
    )
