"""The facts that the twins serve, and the curated table: where each comes from, and what they must not say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from spiders.registry import SPIDERS

FACTS = sorted((SPIDERS / "sandbox" / "facts").glob("*.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_every_fact_says_where_it_comes_from(path):
    for row in rows(path):
        assert row["fact_origin"] in ("real", "invented")
        if row["fact_origin"] == "real":
            assert row["fact_url"].startswith("http")
        else:
            named = row.get("title") or row.get("name")
            assert named.startswith("Example"), row
        assert set(row["nights"].split("|")) <= {"1", "2"}


def test_the_facts_are_small_and_hold_no_contacts():
    assert sum(path.stat().st_size for path in FACTS) < 2_000_000
    for path in [*FACTS, SPIDERS / "article" / "networks.csv"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.]+@\w+\.\w+|linkedin\.com/in/|\+\d{2} \d", text), path


def test_no_fact_names_an_integration_level():
    for path in [*FACTS, SPIDERS / "article" / "networks.csv"]:
        assert not re.search(r"integration[ _]level|level [123]\b", path.read_text(encoding="utf-8"), re.I), path


@pytest.mark.real
def test_the_curated_table_holds_every_network_of_the_article(shared):
    ours = {row["key"] for row in rows(SPIDERS / "article" / "networks.csv")}
    theirs = {row["network_id"] for row in rows(shared / "typology" / "article_networks.csv")}
    assert ours == theirs
    assert len(ours) == 54
