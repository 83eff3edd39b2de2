"""The normalise stage: one landing in, its tidy frames out, as Parquet."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

from transforms.landing import LandingFolder
from transforms.model import FINEST

ROW_GROUP = 16_384  # rows; small enough for DuckDB to load one table with all cores


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of a landing's finest records: read = loaded + set_aside."""

    source: str
    door: str
    loaded: int
    set_aside: int
    rows: dict[str, int]

    @property
    def read(self) -> int:
        return self.loaded + self.set_aside


def stage(folder: LandingFolder, target: Path) -> Staged:
    """Normalise one landing and write its tidy frames to `target`, one Parquet file each."""
    tidy = importlib.import_module(f"transforms.{folder.origin.source}").tidy(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tidy.items():
        rows.write_parquet(target / f"{name}.parquet", compression="lz4", statistics=False, row_group_size=ROW_GROUP)
    finest = FINEST[folder.origin.source]
    return Staged(
        source=folder.origin.source,
        door=folder.door,
        loaded=sum(len(tidy[name]) for name in finest),
        set_aside=len(tidy["rejected"]),
        rows={name: len(rows) for name, rows in tidy.items()},
    )
