"""The release in force, opened for reading only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.problems import Problem
from flows.settings import Settings


def file_in_force(settings: Settings) -> Path:
    """The DuckDB file of the release in force; raises Problem where there is none."""
    file = settings.current / "metaclusters.duckdb"
    if not file.is_file():
        raise Problem(
            f"There is no release of profile '{settings.profile}' in {settings.root} yet; run `metaclusters refresh` first."
        )
    return file.resolve()


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can neither write nor reach other files or hosts."""
    connection = duckdb.connect(
        str(file_in_force(settings)), read_only=True, config={"enable_external_access": "false"}
    )
    try:
        yield connection
    finally:
        connection.close()
