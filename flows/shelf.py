"""The releases on disk: which are kept, which is in force, and how the last run went. Reading only, and fast."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from flows.problems import Problem
from flows.settings import Settings


def releases(settings: Settings) -> list[str]:
    """The names of all releases kept, oldest first."""
    if not settings.releases.is_dir():
        return []
    return sorted(p.name for p in settings.releases.iterdir() if p.is_dir() and not p.is_symlink())


def switch(settings: Settings, name: str) -> None:
    """Put a release in force, in one step; readers of the one before keep their files."""
    fresh = settings.releases / ".current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name, target_is_directory=True)
    os.replace(fresh, settings.current)


def file_in_force(settings: Settings) -> Path:
    """The DuckDB file of the release in force; raises Problem where there is none."""
    file = settings.current / "metaclusters.duckdb"
    if not file.is_file():
        raise Problem(
            f"There is no release of profile '{settings.profile}' in {settings.root} yet; "
            "run `metaclusters refresh` first."
        )
    return file.resolve()


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release in force, over a connection that can neither write nor reach other files or hosts."""
    connection = duckdb.connect(
        str(file_in_force(settings)), read_only=True, config={"enable_external_access": "false"}
    )
    try:
        yield connection
    finally:
        connection.close()


def last_run(settings: Settings) -> dict[str, Any] | None:
    """The report of the last run, or None where there was none."""
    if not settings.last_run.is_file():
        return None
    report: dict[str, Any] = json.loads(settings.last_run.read_text(encoding="utf-8"))
    return report
