"""A release's files: CSV, Parquet, and a Data Package that describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from flows.sql import literal
from spiders.landing import sha256

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
KEYS = {
    "network": ["network_id"],
    "phase": ["phase_id"],
    "network_typology": ["network_id"],
    "evidence": ["evidence_id"],
    "organisation": ["organisation_id"],
    "project": ["project_id"],
    "participation": ["participation_id"],
    "code_book": ["rule_id"],
    "redirect": ["old_id"],
}
TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
}
ALLOWED = {
    "integration_level": ["1", "2", "3", "unknown"],
    "geographic_coverage": ["worldwide", "european", "trans-border", "national-transregional", "unknown"],
    "geographic_claimed": ["worldwide", "european", "trans-border", "national-transregional", "unknown"],
    "geographic_observed": ["worldwide", "european", "trans-border", "national-transregional", "unknown"],
    "sector_coverage": ["sectoral", "generalist", "unknown"],
    "grade": ["A", "B", "C", "D", "U"],
    "origin": ["sandbox", "live", "file", "curated"],
    "op": ["ADD", "MOD", "DEL", "MERGE", "SPLIT"],
}
ORDERED = {"integration_level", "geographic_coverage", "grade"}


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of a release, in alphabetical order."""
    rows = connection.execute("select table_name from duckdb_tables() where schema_name = 'main' order by 1").fetchall()
    return [str(row[0]) for row in rows]


def write_files(connection: duckdb.DuckDBPyConnection, names: list[str], folder: Path) -> None:
    """`csv/` (RFC 4180, UTF-8, LF) and `parquet/` (zstd), one file a table, rows in the tables' order."""
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for name in names:
        connection.execute(
            f"copy \"{name}\" to {literal(folder / 'csv' / f'{name}.csv')} (format csv, header true, nullstr '')"
        )
        connection.execute(
            f'copy "{name}" to {literal(folder / "parquet" / f"{name}.parquet")} (format parquet, compression zstd, row_group_size 100000)'
        )


def write_datapackage(
    connection: duckdb.DuckDBPyConnection, names: list[str], folder: Path, manifest: dict[str, Any]
) -> None:
    """`datapackage.json` (Data Package v2): every table with its columns, types, descriptions and codes."""
    package = {
        "$schema": SCHEMA,
        "name": "metaclusters",
        "title": "Europe's networks of clusters, classified with evidence",
        "version": "1.0.0",
        "created": manifest["created"],
        "description": f"Built from {manifest['origin']}, as of {manifest['as_of']}.",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [
            {"title": source["title"], "path": source["base_url"], "version": source["fetched_at"] or "none"}
            for source in manifest["sources"]
        ],
        "resources": [_resource(connection, name, folder) for name in names],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> dict[str, Any]:
    path = folder / "csv" / f"{name}.csv"
    comment = connection.execute(
        "select comment from duckdb_tables() where schema_name = 'main' and table_name = $name", {"name": name}
    ).fetchone()
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'main' and table_name = $name order by column_index",
        {"name": name},
    ).fetchall()
    schema: dict[str, Any] = {
        "fieldsMatch": "exact",
        "missingValues": [""],
        "fields": [_field(column, kind, text) for column, kind, text in columns],
    }
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    return {
        "name": name.replace("_", "-"),
        "title": name,
        "description": comment[0] if comment else "",
        "type": "table",
        "path": f"csv/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": schema,
    }


def _field(name: str, kind: str, description: str | None) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": name,
        "title": name.replace("_", " "),
        "description": description or "",
        "type": TYPES.get(kind.split("(")[0], "string"),
    }
    if name in ALLOWED:
        field["constraints"] = {"enum": ALLOWED[name]}
        field["categories"] = ALLOWED[name]
        field["categoriesOrdered"] = name in ORDERED
    return field
