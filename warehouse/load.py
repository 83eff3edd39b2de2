"""Loads staged Parquet into the warehouse's `staging` schema: one table a frame, all sources together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

FRAMES = (
    "network",
    "organisation",
    "project",
    "participation",
    "membership",
    "name",
    "identifier",
    "passage",
    "claim",
    "rejected",
)


def load(connection: duckdb.DuckDBPyConnection, folders: Iterable[Path]) -> dict[str, int]:
    """Replace the staging tables by what lies in `folders`; returns the rows of each table."""
    connection.execute("create schema if not exists staging")
    # Staging is written anew each night: speed counts, size does not.
    connection.execute("set force_compression = 'uncompressed'")
    connection.execute("begin")
    listed = [str(folder) for folder in folders]
    counts = {}
    for frame in FRAMES:
        files = [f"{folder}/{frame}.parquet" for folder in listed]
        connection.execute(f"create or replace table staging.{frame} as from read_parquet($files)", {"files": files})
        counts[frame] = connection.sql(f"select count(*) from staging.{frame}").fetchall()[0][0]
    connection.execute("commit")
    connection.execute("set force_compression = 'auto'")
    return counts


HARVEST = {
    "source": pl.String,
    "door": pl.String,
    "outcome": pl.String,
    "reason": pl.String,
    "rows": pl.Int64,
    "announced": pl.Int64,
    "read": pl.Int64,
    "loaded": pl.Int64,
    "set_aside": pl.Int64,
    "fetched_at": pl.String,
    "checked_at": pl.String,
    "stale_since": pl.String,
    "title": pl.String,
    "publisher": pl.String,
    "licence": pl.String,
    "attribution": pl.String,
    "access": pl.String,
    "base_url": pl.String,
    "grade": pl.String,
    "trust": pl.Int64,
    "universe": pl.Boolean,
    "caveats": pl.String,
}


def load_harvests(connection: duckdb.DuckDBPyConnection, harvests: list[dict[str, object]]) -> None:
    """What each door of each source achieved this night, as table `staging.harvest`."""
    rows = [{column: harvest.get(column) for column in HARVEST} for harvest in harvests]
    connection.register("harvests", pl.DataFrame(rows, schema=HARVEST).to_arrow())
    connection.execute("create or replace table staging.harvest as from harvests")
    connection.unregister("harvests")
