"""The model stage: dbt on the building copy of the warehouse, in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path

from flows.problems import Problem

PROJECT = Path(__file__).parent.parent / "warehouse"


def build(database: Path, work: Path, as_of: str, selection: list[str], command: str = "build") -> None:
    """Run a dbt command on a selection of models; raises Problem that names the first model that failed."""
    os.environ.update(METACLUSTERS_WAREHOUSE=str(database), DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = [
        *("--quiet", "--no-print", command, *selection),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(work / "dbt"), "--log-path", str(work / "dbt"), "--log-level", "none"),
        *("--vars", json.dumps({"as_of": as_of[:10], "sources": sources()})),
    ]
    try:
        result = dbtRunner().invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise Problem(f"The warehouse was not built: {_first_failure(result)}; the log is {work / 'dbt' / 'dbt.log'}.")


def sources() -> list[str]:
    """The sources that speak of networks: those with a staging model."""
    return sorted(path.stem.removeprefix("stg_") for path in PROJECT.glob("models/population/stg_*.sql"))


def _first_failure(result: object) -> str:
    for node in getattr(result, "result", None) or []:
        if str(node.status) not in {"success", "pass", "skipped", "warn"}:
            message = " ".join(str(node.message).split())
            return f"{node.node.name}: {message}"
    return str(getattr(result, "exception", "dbt gave no reason"))


# Unit tests of the rules are no part of a night: tests/warehouse runs them.
NIGHT = ["--exclude-resource-type", "unit_test"]
POPULATION = [*NIGHT, "--select", "resource_type:seed", "tag:population"]
REST = [*NIGHT, "--exclude", "resource_type:seed", "tag:population"]
