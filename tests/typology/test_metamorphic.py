"""What must not move an answer, and what must."""

from __future__ import annotations

import random
import re

import pytest

from expectations.code_book import FACETS
from tests.bench import described
from tests.typology.classifying import classified
from tests.typology.test_rules import sentences

SINGLE = ("integration_level", "geographic_coverage", "sector_coverage")
UNRELATED = "The letters on the front door are painted white."
# Each has a word that may speak of networks: an office, a year, to serve, a field.
OFF_TOPIC = (
    "The office has a garden.",
    "The phone line was down in 2019.",
    "Coffee is served in the morning.",
    "The museum across the street shows paintings.",
)


def cut(text):
    return re.split(r"(?<=[.!?])\s+", text)


def base():
    """Networks of several sentences, with what is known of their members."""
    rows = []
    for number, row in enumerate(sentences()):
        rows.append(
            {
                "id": f"n{number}",
                "name": row["name"],
                "description": row["description"] + " It was founded in 2010. The general assembly meets in spring.",
                "known_countries": row["known_countries"].split("|") if row["known_countries"] else [],
                "member_count_stated": row["member_count_stated"] or None,
            }
        )
    return rows


def variants(row):
    """The row, and what becomes of it under each change."""
    text = row["description"]
    shuffled = cut(text)
    random.Random(1).shuffle(shuffled)
    yield row
    yield {**row, "id": f"{row['id']}/unrelated", "description": f"{UNRELATED} {text}"}
    yield {**row, "id": f"{row['id']}/shuffled", "description": " ".join(shuffled)}
    yield {**row, "id": f"{row['id']}/twice", "description": f"{text} {text}"}
    for number, sentence in enumerate(OFF_TOPIC):
        yield {**row, "id": f"{row['id']}/off topic {number}", "description": f"{text} {sentence}"}


def whole():
    """Networks described at length, whose words are all weighed (RR)."""
    return [{key: row.get(key) for key in described.KNOWN} for row in described.own()["plain"]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    rows = [variant for row in [*base(), *whole()] for variant in variants(row)]
    return classified(rows, tmp_path_factory.mktemp("metamorphic"))


@pytest.mark.parametrize("change", ["unrelated", "shuffled", "twice"])
@pytest.mark.parametrize("rows", [base, whole])
def test_what_says_nothing_new_changes_nothing(answers, rows, change):
    for row in rows():
        before, after = answers[row["id"]], answers[f"{row['id']}/{change}"]
        for facet in SINGLE:
            assert after[facet] == before[facet], (row["description"], facet)


@pytest.mark.parametrize("number", range(len(OFF_TOPIC)))
@pytest.mark.parametrize("rows", [base, whole])
def test_what_is_off_topic_changes_nothing(answers, rows, number):
    for row in rows():
        before, after = answers[row["id"]], answers[f"{row['id']}/off topic {number}"]
        for facet in FACETS:
            assert after[facet] == before[facet], (row["description"], facet, OFF_TOPIC[number])


def test_without_the_deciding_sentence_the_value_or_its_grade_is_another(answers, tmp_path):
    rows = []
    for row in base():
        quote = answers[row["id"]]["integration_level_evidence"]
        left = " ".join(sentence for sentence in cut(row["description"]) if sentence != quote)
        if quote and left != row["description"]:
            rows.append({**row, "description": left})
    assert len(rows) > 20
    after = classified(rows, tmp_path)
    for row in rows:
        before = answers[row["id"]]
        now = after[row["id"]]
        moved = ("integration_level", "integration_level_grade")
        assert [now[column] for column in moved] != [before[column] for column in moved], row["description"]


def test_a_member_outside_europe_makes_a_network_worldwide(tmp_path):
    countries = ["PT", "FI", "RO"]
    row = {"name": "Example Alliance", "description": "Clusters meet."}
    rows = [
        {**row, "id": "before", "known_countries": countries, "member_count_stated": 3},
        {**row, "id": "after", "known_countries": [*countries, "JP"], "member_count_stated": 4},
    ]
    answers = classified(rows, tmp_path)
    assert answers["before"]["geographic_coverage"] == "european"
    assert answers["after"]["geographic_coverage"] == "worldwide"


def test_a_value_of_a_list_has_its_evidence_letter_for_letter(answers):
    texts = {row["id"]: row["description"] for row in base()}
    quoted = 0
    for identifier, text in texts.items():
        quote = answers[identifier]["integration_level_evidence"]
        if answers[identifier]["integration_level"] != "unknown" and not quote.startswith("name ="):
            assert quote in text
            quoted += 1
    assert quoted > 30
