"""Sentences written from the code book: for every rule and trap, texts on both sides of it, in two languages or more."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.typology.classifying import classified

SENTENCES = Path(__file__).parent / "sentences.csv"
# Those of the code book, and those of the other facets that one sentence can show.
RULES = [
    *(f"R{number}" for number in range(1, 12)),
    "RL1",
    "RL2",
    "RG1",
    "RG2",
    "RF1",
    "RF2",
    "RF3",
    "RT1",
    "RW1",
    "RS2",
]


def sentences():
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    lists = ("known_countries", "known_members")
    rows = [{**row, **{name: row[name].split("|") if row[name] else [] for name in lists}} for row in sentences()]
    return classified(rows, tmp_path_factory.mktemp("rules"))


@pytest.mark.parametrize("row", sentences(), ids=lambda row: row["id"])
def test_a_rule_gives_its_answer(answers, row):
    said = answers[row["id"]][row["facet"]]
    if row["expected"].startswith("not "):
        assert said != row["expected"].removeprefix("not "), row["description"]
    else:
        assert said == row["expected"], row["description"]


def test_every_rule_is_tried_on_both_sides_in_two_languages():
    tried = defaultdict(list)
    for row in sentences():
        tried[row["rule"]].append(row)
    assert set(RULES) <= set(tried)
    for rule in RULES:
        assert len(tried[rule]) >= 4, rule
        assert len({row["language"] for row in tried[rule]}) >= 2, rule
        assert len({row["expected"] for row in tried[rule]}) >= 2, rule
