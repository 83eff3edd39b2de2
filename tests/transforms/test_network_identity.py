"""Networks: each sign of `network_term.csv` under a pair of names that a person can judge."""

from __future__ import annotations

import csv

import duckdb
import polars as pl
import pytest

from transforms.identity import decisions, ids, networks
from transforms.identity.grouping import group
from transforms.model import FRAMES


def network(name, acronym=None, kind="network", programme=None, website=None):
    return {"name": name, "acronym": acronym, "kind": kind, "programme_code": programme, "website": website}


# (one, other, terms that must be told, joined)
PAIRS = {
    "same name": (network("Textile 2020"), network("TEXTILE2020"), {"same name"}, True),
    "names alike": (network("European Diagnostic Cluster Alliance", "EDCA"), network("European Diagnostic Clusters Alliance", "EDCA"), {"same acronym", "names alike"}, True),
    "spelled alike": (network("Council of European Bio Region", "CEBR"), network("Council of European BioRegions", "CEBR"), {"same acronym", "names spelled alike"}, True),
    "acronym alone": (network("Northern Innovation Clusters of Energy", "NICE"), network("Network for Internet Cooperation", "NICE"), {"same acronym"}, False),
    "same programme": (network("Transnational Clustering", "TCAS", programme="ECEI"), network("Automotive Sector", "TCAS", programme="ECEI"), {"same acronym", "same programme"}, True),
    "begins with the acronym": (network("VINF, association for nanofilms", "VINF"), network("Virtual Institute of Nano Films", "VINF"), {"begins with the acronym"}, True),
    "two sites": (network("European Cluster Alliance", "ECA", website="https://www.eca.example"), network("European Clusters Alliance", "ECA", website="https://clustersalliance.example"), {"other site"}, False),
    "one site": (network("Lighting Cluster Group", "LCG", website="https://lcg.example/en"), network("Cluster Group for Lights", "LCG", website="http://www.lcg.example"), {"same site", "same acronym"}, True),
    "a programme and what it funds": (network("Clusters Go International", kind="instrument"), network("Clusters Go International"), {"instrument"}, False),
    "strangers": (network("Alps Bio Cluster"), network("Baltic Eco Net"), set(), False),
}  # fmt: skip


def judged(one, other, members=()):
    """(terms of the pair, whether both are one) of two records of two sources."""
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create schema population")
        ids.prepare(connection)
        decisions.prepare(connection, [])
        for frame in ("name", "claim", "membership"):
            rows = members if frame == "membership" else []
            empty = pl.DataFrame(list(rows), schema=FRAMES[frame].schema).to_arrow()
            connection.register("frame", empty)
            connection.execute(f"create table staging.{frame} as from frame")
        for row in members:
            connection.execute(
                "insert into identity.record values ('organisation', ?, ?, ?, 'alone', '1', '1')",
                [row["source"], row["organisation_source_id"], row["organisation_source_id"]],
            )
        columns = ("name", "acronym", "kind", "programme_code", "website")
        connection.execute(
            f"create table population.network_record (source varchar, source_id varchar, {', '.join(f'{c} varchar' for c in columns)})"
        )
        for source, found in (("eccp", one), ("site", other)):
            connection.execute(
                "insert into population.network_record values (?, ?, ?, ?, ?, ?, ?)",
                [source, "1", *(found[c] for c in columns)],
            )
        networks.compare(connection)
        group(connection, "network", "population.network_record", networks.UNSEEN, 0.0)
        terms = {term["term"] for (found,) in connection.execute("select terms from pair").fetchall() for term in found}
        clusters = connection.execute("select count(distinct cluster) from cluster").fetchall()[0][0]
        return terms, clusters == 1


@pytest.mark.parametrize("case", PAIRS)
def test_a_pair_is_judged_by_its_signs(case):
    one, other, terms, joined = PAIRS[case]
    told, together = judged(one, other)
    assert terms <= told
    assert together is joined


# The same four organisations, listed as members by both sources.
SHARED = [
    {"source": source, "source_id": f"{source}{number}", "network_source_id": "1", "organisation_source_id": f"O{number}"}
    for source in ("eccp", "site")
    for number in range(4)
]  # fmt: skip


def test_members_in_common_are_a_sign_and_join_only_with_another():
    told, together = judged(network("Alps Bio Cluster"), network("Baltic Eco Net"), SHARED)
    assert told == {"shared members"}
    assert not together
    told, together = judged(network("Alps Bio Cluster", "ABC"), network("Baltic Eco Net", "ABC"), SHARED)
    assert {"shared members", "same acronym"} <= told
    assert together


def test_names_alike_and_members_in_common_make_no_two_sectors_one():
    told, together = judged(
        network("European Food Clusters Network"), network("European Health Clusters Network"), SHARED
    )
    assert "names alike" not in told
    assert not together


def test_every_term_has_a_weight_and_a_reason():
    with networks.TERMS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(float(row["weight"]) and len(row["reason"]) > 20 for row in rows)
    assert {row["term"] for row in rows} >= {"start", "same name", "other site"}
