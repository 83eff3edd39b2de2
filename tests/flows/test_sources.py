"""The command `sources`, other facts for the twins, doors, pages made from the registry, and what crosses sources."""

from __future__ import annotations

import csv

import duckdb
import pytest

from flows import harvest, settings, source_pages
from spiders.registry import load, names
from spiders.sandbox.generate import generate
from tests.conftest import metaclusters

CRAWLED = {name for name in names() if load(name).crawled}


def test_a_look_at_each_twin_finds_what_its_spider_expects():
    ran = metaclusters("sources", "--check", "--json")
    assert ran.status == 0, ran.out
    found = {row["source"]: row for row in ran.document["checks"]}
    assert found.keys() == CRAWLED
    assert all(row["reachable"] and row["allowed"] and row["as_expected"] for row in found.values())
    for row in found.values():  # robots.txt included
        assert row["requests"] <= 6 * max(1, len(load(row["source"]).hosts)), row


@pytest.mark.parametrize(("fault", "column"), [("moved", "as_expected"), ("robots_disallow", "allowed")])
def test_a_portal_that_changed_is_seen_whichever_it_is(fault, column):
    asked = [argument for name in sorted(CRAWLED) for argument in ("--fault", f"{name}={fault}")]
    ran = metaclusters("sources", "--check", "--json", *asked)
    assert ran.status == 1
    for row in ran.document["checks"]:
        # Files that are landed whole are judged when they are read: a look sees that they are there.
        if load(row["source"]).landed_whole and fault == "moved":
            continue
        assert not row[column], row
        assert row["drifted"], row


def test_live_looks_need_a_contact_address_and_an_errand(tmp_path):
    ran = metaclusters("sources", "--check", "--live", METACLUSTERS_CONTACT="")
    assert ran.status == 2
    assert "METACLUSTERS_CONTACT" in ran.err
    assert metaclusters("sources", "--live").status == 2


def test_the_pages_of_the_sources_are_those_of_the_registry():
    written = {path.name: path.read_text(encoding="utf-8") for path in source_pages.DOCS.glob("*.md")}
    assert written == source_pages.pages(), "run `make docs`"


def test_a_source_on_demand_is_off_and_nothing_is_stale_for_it(nights):
    row = {row["source"]: row for row in nights.first["sources"]}["enrich"]
    assert row["outcome"] == "off"
    assert nights.first["exit_status"] == 0


def test_all_sources_come_over_http_in_under_ninety_seconds(nights):
    crawled = [row for row in nights.first["sources"] if row["source"] in CRAWLED and row["outcome"] != "off"]
    assert len(crawled) == len(CRAWLED) - 1
    assert sum(row["seconds"] for row in crawled) < 90


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--source", "eccp", "--door", "bulk"), "has no door 'bulk'"),
        (("--door", "bulk"), "need `--source`"),
        (("--source", "wikidata", "--file", "README.md"), "takes no file"),
        (("--source", "kohesio", "--file", "README.md"), "neither the column"),
        (("--facts", "docs"), "holds none of the tables"),
    ],
)
def test_what_cannot_be_is_said_before_anything_starts(tmp_path, arguments, says):
    ran = metaclusters("refresh", *arguments, data=tmp_path)
    assert ran.status == 2
    assert says in ran.err
    assert not (tmp_path / "sandbox" / "releases").exists()


def test_a_door_without_its_key_says_which(tmp_path, monkeypatch):
    monkeypatch.delenv("METACLUSTERS_CORDIS_KEY", raising=False)
    found = harvest.harvest(settings.read("sandbox", tmp_path), "cordis", None, "det")
    assert found.outcome == "key_missing"
    assert "METACLUSTERS_CORDIS_KEY" in found.reason


def test_generated_facts_are_served_and_come_through_to_a_release(tmp_path):
    facts = tmp_path / "facts"
    generate(30, facts)
    ran = metaclusters("refresh", "--source", "eccp", "--facts", str(facts), "--json", data=tmp_path)
    assert ran.status == 0, ran.err
    with (facts / "eccp_member.csv").open(encoding="utf-8") as file:
        members = len(list(csv.DictReader(file)))
    release = tmp_path / "sandbox" / "releases" / "current" / "metaclusters.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        assert connection.execute("select count(*) from network where name like 'Example%'").fetchall() == [(30,)]
        assert connection.execute("select count(*) from membership").fetchall() == [(members,)]


# Crossing sources -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "network",
    ["European Aerospace Cluster Partnership", "Textile2020", "European Lighting Cluster Alliance", "bioXclusters"],
)
def test_networks_of_the_article_show_evidence_from_three_sources_at_least(release, network):
    """Aerospace, textile, lighting, biotech."""
    found = release.execute(
        "select distinct source_id from evidence join network using (network_id) where network.name = ? and counts",
        [network],
    ).fetchall()
    assert len(found) >= 3, found


def test_sources_that_disagree_are_shown_with_the_rule_that_chose(release):
    counts = release.execute(
        "select value, source_id, chosen, rule from network_fact join network using (network_id) "
        "where network.name like '%first generation%' and attribute = 'members_stated' and conflict order by value"
    ).fetchall()
    assert [row[0] for row in counts] == ["24", "25"]
    assert sum(row[2] for row in counts) == 1
    assert release.execute("select count(distinct network_id) from network_fact where conflict").fetchone()[0] >= 4


def test_lists_of_everything_show_what_has_to_do_with_clusters(release, nights):
    """A shop that got a grant is staged, and is no part of a release."""
    titles = {row[0] for row in release.execute("select title from project where source_id = 'kohesio'").fetchall()}
    assert "Gottsunda" not in titles
    assert "Example network of food clusters" in titles
    named = {row[0] for row in release.execute("select name from organisation").fetchall()}
    assert "Uppsala kommun" not in named


def test_two_networks_of_one_acronym_with_sites_of_their_own_stay_two(release):
    """The alliance of policy makers of 2006 and the alliance of national associations are both called ECA."""
    found = release.execute(
        "select name, sources from network where name in ('European Cluster Alliance', 'European Clusters Alliance') order by 1"
    ).fetchall()
    assert found == [("European Cluster Alliance", 3), ("European Clusters Alliance", 1)]
