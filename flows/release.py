"""The release stage: built in a folder of its own, checked, then a pointer is switched in one step."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows import __version__, changes, exports, pages
from flows.harvest import forget_old
from flows.problems import Problem
from flows.settings import KEEP_RELEASES, Settings
from flows.shelf import releases, switch
from flows.sql import literal
from transforms.identity.score import VERSION as IDENTITY_MODEL

if TYPE_CHECKING:
    from flows.pipeline import Night

STORAGE_VERSION = "v1.2.0"  # readable by DuckDB 1.2 and newer
# Left out of the content hash: what differs between two runs over the same input.
VOLATILE_TABLES = ("change", "source", "coverage")
VOLATILE_COLUMNS = ("last_seen", "fetched_at", "first_seen")


def publish(night: Night) -> None:
    """Build and check a release, put it in force, and let the warehouse follow."""
    settings = night.settings
    settings.releases.mkdir(parents=True, exist_ok=True)
    name = _free_name(settings)
    building = night.work / "release"
    building.mkdir()
    database = building / "metaclusters.duckdb"
    previous = settings.current / "metaclusters.duckdb"
    _copy_tables(night.database, database)
    with duckdb.connect(str(database)) as connection:
        changes.write(connection, previous if previous.is_file() else None, night.now)
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = exports.tables(connection)
        exports.write_files(connection, tables, building)
        digest = content_hash(connection, tables)
        manifest = _manifest(night, name, digest, connection)
        exports.write_datapackage(connection, tables, building, manifest)
        pages.write(connection, building, manifest)
    (building / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.copytree(night.docs, building / "quality" / "data_docs")
    _check(building, tables)
    _keep_passages(night)
    os.replace(building, settings.releases / name)
    os.replace(night.database, settings.warehouse / "warehouse.duckdb")
    switch(settings, name)
    _retire(settings, keep=KEEP_RELEASES)
    forget_old(settings, datetime.now(UTC))
    night.release = name


def _free_name(settings: Settings) -> str:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    taken = {path.name for path in settings.releases.iterdir()}
    return next(n for n in (stamp, *(f"{stamp}-{i}" for i in range(2, 100))) if n not in taken)


def _retire(settings: Settings, keep: int) -> None:
    in_force = settings.current.resolve().name
    for name in releases(settings)[:-keep]:
        if name != in_force:
            shutil.rmtree(settings.releases / name)


def _copy_tables(warehouse: Path, target: Path) -> None:
    """The release tables with their comments, rows in a fixed order; nothing else goes out."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(warehouse)} as warehouse (read_only)")
        connection.execute(f"attach {literal(target)} as release (storage_version '{STORAGE_VERSION}')")
        names = connection.execute(
            "select table_name, comment from duckdb_tables() where database_name = 'warehouse' and schema_name = 'release' order by 1"
        ).fetchall()
        for table, comment in names:
            connection.execute(f"create table release.main.{table} as from warehouse.release.{table} order by all")
            _comment(connection, f"table release.main.{table}", comment)
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'warehouse' and schema_name = 'release'"
        ).fetchall()
        for table, column, comment in columns:
            _comment(connection, f'column release.main.{table}."{column}"', comment)


def _comment(connection: duckdb.DuckDBPyConnection, what: str, comment: str | None) -> None:
    if not comment:
        raise Problem(f"The release lacks a description of {what}; add it in warehouse/models/release/release.yml.")
    connection.execute(f"comment on {what} is {literal(comment.strip())}")


def content_hash(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> str:
    """One hash of what the release says; run times, ports and the way of the harvest are left out."""
    hashes = []
    for table in tables:
        if table in VOLATILE_TABLES:
            continue
        columns = [row[0] for row in connection.execute(f'select column_name from (describe "{table}")').fetchall()]
        steady = ", ".join(f'"{column}"' for column in columns if column not in VOLATILE_COLUMNS)
        row = connection.execute(
            f'select md5(string_agg(line, chr(10) order by line)) from (select md5(to_json(row({steady}))::varchar) as line from "{table}")'
        ).fetchone()
        hashes.append(f"{table}:{row[0] if row else None}")
    joined = connection.execute("select md5($joined)", {"joined": "|".join(hashes)}).fetchone()
    return str(joined[0]) if joined else ""


def _manifest(night: Night, name: str, digest: str, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    settings = night.settings
    origin = "the sandbox: twins of the portals" if settings.profile == "sandbox" else "the live portals"
    sources = connection.execute(
        "select source_id, door, outcome, rows, fetched_at, stale_since, licence, attribution, title, base_url from source order by all"
    ).fetchall()
    keys = (
        "source",
        "door",
        "outcome",
        "rows",
        "fetched_at",
        "stale_since",
        "licence",
        "attribution",
        "title",
        "base_url",
    )
    return {
        "release": name,
        "profile": settings.profile,
        "origin": origin,
        "night": settings.night if settings.profile == "sandbox" else None,
        "as_of": night.now,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "content_hash": digest,
        "version": __version__,
        "identity_model": IDENTITY_MODEL,
        "duckdb": duckdb.__version__,
        "storage_version": STORAGE_VERSION,
        "sources": [dict(zip(keys, row, strict=True)) for row in sources],
        "gates": {
            "run": len(night.findings),
            "warnings": [
                {"table": f.table, "gate": f.gate, "unexpected": f.unexpected} for f in night.findings if not f.success
            ],
        },
    }


def _check(building: Path, tables: list[str]) -> None:
    """CSV, Parquet and DuckDB hold the same number of rows, or nothing is published."""
    with duckdb.connect(str(building / "metaclusters.duckdb"), read_only=True) as connection:
        for table in tables:
            counts = connection.execute(
                f'select (select count(*) from "{table}"), '
                f"(select count(*) from read_csv({literal(building / 'csv' / f'{table}.csv')}, header = true, all_varchar = true, "
                f"strict_mode = true, max_line_size = 10000000)), "
                f"(select count(*) from read_parquet({literal(building / 'parquet' / f'{table}.parquet')}))"
            ).fetchall()[0]
            if len(set(counts)) != 1:
                raise Problem(f"Nothing was published: {table} has {counts} rows in DuckDB, CSV and Parquet.")


def _keep_passages(night: Night) -> None:
    """Passages that evidence quotes stay on this machine, where quotes can be looked up letter for letter."""
    file = night.settings.root / "passages.parquet"
    before = f"union by name select * from read_parquet({literal(file)})" if file.is_file() else ""
    fresh = file.with_suffix(".new")
    with duckdb.connect(str(night.database), read_only=True) as connection:
        connection.execute(
            f"""
            copy (
                select distinct passage.source as source_id, passage.subject_source_id as record_id, passage.url,
                    passage.language, passage.text
                from staging.passage as passage
                semi join release.evidence as evidence
                    on evidence.source_id = passage.source and evidence.record_id = passage.subject_source_id
                    and evidence.quote is not null
                {before}
                order by all
            ) to {literal(fresh)} (format parquet, compression zstd)
            """
        )
    os.replace(fresh, file)
