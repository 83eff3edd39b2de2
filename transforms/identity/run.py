"""The identity stage, over the loaded warehouse."""

from __future__ import annotations

import duckdb

from transforms.identity import clusters, decisions, ids, networks, organisations, score
from transforms.identity.decisions import Decision
from transforms.identity.grouping import group


def identify(connection: duckdb.DuckDBPyConnection, now: str, decided: list[Decision]) -> None:
    """Assign IDs to all records of tonight; `now` (ISO 8601, UTC) dates what is seen for the first time."""
    ids.prepare(connection)
    decisions.prepare(connection, decided)
    organisations.compare(connection)
    group(connection, "organisation", "staging.organisation", clusters.UNSEEN, score.JOIN)
    ids.assign(connection, "organisation", now)
    networks.compare(connection)
    group(connection, "network", "population.network_record", networks.UNSEEN, 0.0)
    ids.assign(connection, "network", now)
    ids.remember_names(connection, now)
