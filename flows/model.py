"""The model stage: dbt on the building copy of the warehouse, in this process."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from flows.problems import Problem

PROJECT = Path(__file__).parent.parent / "warehouse"
CODE_BOOK = "2026.11"
# What a value is made by: seeds, and the models between what is loaded and what is decided.
RULES = (
    "dbt_project.yml",
    "seeds/*.csv",
    "macros/*.sql",
    "models/core/*.sql",
    "models/typology/*.sql",
    *(f"models/release/{name}.sql" for name in ("evidence", "phase", "typology")),
    "../transforms/tables/country.csv",
)
# What people decide and where the article puts networks are no rules.
NO_RULES = ("_decisions.csv", "_placement.csv")


def build(
    database: Path | str,
    work: Path,
    as_of: str,
    selection: list[str],
    command: str = "build",
    sources: list[str] | None = None,
) -> None:
    """Run a dbt command on a selection of models; raises Problem that names the first model that failed.

    `sources` are those that speak of networks: all of a night where none are named.
    """
    os.environ.update(METACLUSTERS_WAREHOUSE=str(database), DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = [
        *("--quiet", "--no-print", "--no-write-json", command, *selection),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(work / "dbt"), "--log-path", str(work / "dbt"), "--log-level", "none"),
        *(
            "--vars",
            json.dumps({"as_of": as_of[:10], "sources": sources or of_the_night(), "rule_version": rule_version()}),
        ),
    ]
    try:
        result = dbtRunner().invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise Problem(f"The warehouse was not built: {_first_failure(result)}; the log is {work / 'dbt' / 'dbt.log'}.")


def variable(name: str) -> Any:
    """What dbt_project.yml sets a variable of the rules to."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"][name]


def rule_version() -> str:
    """The version of the code book and a digest of the rules and lexicons: any change of either shows."""
    digest = sha256()
    rules = [path for pattern in RULES for path in PROJECT.glob(pattern)]
    for path in sorted(rules):
        if not path.name.endswith(NO_RULES):
            digest.update(path.read_bytes())
    return f"{CODE_BOOK}+{digest.hexdigest()[:8]}"


def of_the_night() -> list[str]:
    """The sources that speak of networks: those with a staging model, but for a user's own list."""
    found = {path.stem.removeprefix("stg_") for path in PROJECT.glob("models/population/stg_*.sql")}
    return sorted(found - {"own_list"})


def _first_failure(result: object) -> str:
    for node in getattr(result, "result", None) or []:
        if str(node.status) not in {"success", "pass", "skipped", "warn"}:
            message = " ".join(str(node.message).split())
            return f"{node.node.name}: {message}"
    return str(getattr(result, "exception", "dbt gave no reason"))


# Seeds are made anew: one that has gained or lost a column would not fit the table of the night before.
POPULATION = ["--full-refresh", "--select", "resource_type:seed", "tag:population", "--exclude", "stg_own_list"]
REST = ["--exclude", "resource_type:seed", "tag:population"]
# A user's own list needs the typology and what it reads, nothing of the portals.
OWN_LIST = ["--select", "+path:models/release/typology.sql"]
