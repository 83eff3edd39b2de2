"""The reading of all words (RR): its weights are what the command fits, and they hold for networks they were not fitted to."""

from __future__ import annotations

import pytest

from tests.bench import described, level_words
from tests.typology.classifying import classified

HELD_OUT = "wide"


@pytest.fixture(scope="module")
def texts():
    rows = [row for row in described.training() if "integration_level" not in row.get("disputed", ())]
    return level_words.texts(rows)


def test_words_fitted_to_other_lists_find_the_levels_of_one_held_out(texts):
    weights = level_words.fitted([text for text in texts if text.listed_in != HELD_OUT])
    unseen = [text for text in texts if text.listed_in == HELD_OUT and not text.translation]
    decided = [
        level_words.decided(text, likely)
        for text, likely in zip(unseen, level_words.probabilities(unseen, weights), strict=True)
    ]
    by_rules, _, _ = level_words.scored([(text.level, text.ruled) for text in unseen], list(level_words.LEVELS))
    f1, right, answered = level_words.scored(
        [(text.level, level) for text, level in zip(unseen, decided, strict=True)], list(level_words.LEVELS)
    )
    assert f1 > by_rules
    assert (f1 >= 0.7, right >= 0.8, answered >= 0.75) == (True, True, True), (f1, right, answered)


def test_the_seed_is_what_the_command_fits(texts):
    weights = level_words.fitted(texts)
    seed = {row["words"]: row for row in level_words.seed_rows("level_word")}
    assert set(seed) == {level_words.ALWAYS, *weights.of_words}, "run `make level-words`"
    for word, (rarity, weight) in weights.of_words.items():
        assert float(seed[word]["rarity"]) == pytest.approx(rarity, abs=0.001)
        assert [float(seed[word][level]) for level in level_words.NAMED] == pytest.approx(list(weight), abs=0.02)


def test_sql_reads_a_text_as_the_fitting_does(tmp_path, texts):
    """The level that SQL chooses is the one that the fitted weights give, for every described network of a list."""
    rows = [row for row in described.own()[HELD_OUT] if "integration_level" not in row["disputed"]]
    answers = classified([{key: row.get(key) for key in described.KNOWN} for row in rows], tmp_path)
    of_list = [text for text in texts if text.listed_in == HELD_OUT and not text.translation]
    expected = level_words.probabilities(of_list, level_words.seeded())
    for text, likely in zip(of_list, expected, strict=True):
        assert answers[text.network]["integration_level"] == level_words.decided(text, likely), text.network


def test_a_short_text_is_left_to_the_rules(tmp_path):
    rows = [
        {"id": "short", "name": "Example Alliance", "description": "Vouchers of a million euros for firms, one day."}
    ]
    assert classified(rows, tmp_path)["short"]["integration_level"] == "unknown"


def test_no_labelled_example_is_fitted_to():
    assert not any(row["listed_in"].startswith("thirty") for row in described.training())
