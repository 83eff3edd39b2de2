"""The reading of all words (RR): its weights are what the command fits, and they hold for networks they were not fitted to."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from tests.bench import described, readings
from tests.typology.classifying import classified

HELD_OUT, BALANCED_ON = ("wide", "pages"), ("alike", "letters", "machines")


@pytest.fixture(scope="module")
def texts():
    return readings.texts(described.training())


@pytest.fixture(scope="module")
def found(texts):
    """What words and rules say of lists that nothing was fitted to."""
    words = readings.words_fitted([text for text in texts if text.listed_in not in (*HELD_OUT, *BALANCED_ON)])
    judged = readings.heard(
        [text for text in texts if text.listed_in in (*HELD_OUT, *BALANCED_ON) and not text.translation], words
    )
    balances = {
        facet: readings.balanced([one for one in judged if one.text.listed_in in BALANCED_ON], facet)
        for facet in readings.FACETS
    }
    return [
        (facet, one.text, readings.probabilities(one.odds[facet]), readings.probabilities(
            balance.weighed(one.odds[facet], np.array(one.text.scores[facet]))
        ))
        for one in judged
        if one.text.listed_in in HELD_OUT
        for facet, balance in balances.items()
        if facet in one.text.labels
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facet", "held_out", "least"),
    [
        ("integration_level", "wide", (0.7, 0.8, 0.75)),
        ("geographic_coverage", "pages", (0.85, 0.93, 0.9)),
        ("sector_coverage", "pages", (0.8, 0.88, 0.85)),
    ],
)
def test_words_beside_rules_hold_on_a_list_that_nothing_was_fitted_to(found, facet, held_out, least):
    of_facet = [(text, alone, likely) for of, text, alone, likely in found if (of, text.listed_in) == (facet, held_out)]
    both = readings.scored(
        [(text.labels[facet], readings.decided(text, facet, alone, likely)) for text, alone, likely in of_facet],
        list(readings.FACETS[facet]),
    )
    assert all(figure >= bar for figure, bar in zip(both, least, strict=True)), both
    # Of coverage the rules alone say more on this list (.94 against .88 in so small a fit), less over all lists (below).
    if facet != "geographic_coverage":
        by_rules = readings.scored(
            [(text.labels[facet], text.ruled[facet]) for text, _, _ in of_facet], list(readings.FACETS[facet])
        )
        assert both[0] > by_rules[0]


@pytest.mark.parametrize("facet", readings.FACETS)
def test_words_beside_rules_say_more_than_rules_alone(texts, facet):
    """On all lists, each judged by weights fitted to the others (`make readings`): more found, and more of it right."""
    ruled = {text.network: text.ruled[facet] for text in texts if facet in text.labels and not text.translation}
    with readings.HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["facet"] == facet and row["network"] in ruled]
    assert len(rows) > 2000
    values = list(readings.FACETS[facet])
    by_rules = readings.scored([(row["label"], ruled[row["network"]]) for row in rows], values)
    both = readings.scored([(row["label"], row["found"]) for row in rows], values)
    assert both[0] > by_rules[0]
    assert both[1] > by_rules[1]


def test_the_seed_is_what_the_command_fits(texts):
    """But for one scale for each facet, which stands words beside rules."""
    words = readings.words_fitted(texts)
    seed, of_rules = readings.seeded()
    assert list(seed.rarity) == list(words.rarity), "run `make readings`"
    for facet in readings.FACETS:
        fitted, kept = words.weights[facet], seed.weights[facet]
        scale = (fitted * kept).sum() / (fitted**2).sum()
        assert 0.5 < scale < 2
        assert np.abs(kept - scale * fitted).max() < 0.05
        assert (of_rules[facet] > 0).all()


def test_sql_reads_a_text_as_the_fitting_does(tmp_path, texts):
    """The values that SQL chooses are those that the kept weights give, for every described network of a list."""
    held_out = HELD_OUT[0]
    rows = described.own()[held_out]
    answers = classified([{key: row.get(key) for key in described.KNOWN} for row in rows], tmp_path)
    of_list = [text for text in texts if text.listed_in == held_out and not text.translation]
    words, of_rules = readings.seeded()
    for one in readings.heard(of_list, words):
        for facet, odds in one.odds.items():
            likely = readings.probabilities(odds + np.array(one.text.scores[facet]) * of_rules[facet])
            decided = readings.decided(one.text, facet, readings.probabilities(odds), likely)
            assert answers[one.text.network][facet] == decided, (one.text.network, facet)


def test_a_short_text_is_left_to_the_rules(tmp_path):
    rows = [
        {"id": "short", "name": "Example Alliance", "description": "Vouchers of a million euros for firms, one day."}
    ]
    assert classified(rows, tmp_path)["short"]["integration_level"] == "unknown"


def test_the_values_are_those_of_the_models():
    """One list in Python, one in SQL: they must not part."""
    macro = (readings.ROOT / "warehouse" / "macros" / "readings.sql").read_text(encoding="utf-8")
    for facet, values in readings.FACETS.items():
        for value, words in values.items():
            assert f"{{'facet': '{facet}', 'value': '{value}', 'words': '{words}'}}" in macro
    assert macro.count("'facet':") == len(readings.COLUMNS)


def test_no_labelled_example_is_fitted_to():
    assert not any(row["listed_in"].startswith("thirty") for row in described.training())
