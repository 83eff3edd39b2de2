"""The identity stage, over the loaded warehouse."""

from __future__ import annotations

import duckdb

from transforms.identity import ids, networks, organisations


def identify(connection: duckdb.DuckDBPyConnection, now: str) -> None:
    """Assign IDs to all records of tonight; `now` (ISO 8601, UTC) dates what is seen for the first time."""
    ids.prepare(connection)
    organisations.cluster(connection)
    ids.assign(connection, "organisation", now)
    networks.cluster(connection)
    ids.assign(connection, "network", now)
    ids.remember_names(connection, now)
