"""The reading of all words (RR): its weights are what the command fits, and they hold for networks they were not fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench import described, level_words
from tests.typology.classifying import classified

HELD_OUT, BALANCED_ON = "wide", ("alike", "letters")


@pytest.fixture(scope="module")
def texts():
    rows = [row for row in described.training() if "integration_level" not in row.get("disputed", ())]
    return level_words.texts(rows)


def test_words_beside_rules_find_the_levels_of_a_list_that_nothing_was_fitted_to(texts):
    words = level_words.words_fitted([text for text in texts if text.listed_in not in (HELD_OUT, *BALANCED_ON)])

    def judged(*lists):
        of = [text for text in texts if text.listed_in in lists and not text.translation]
        return list(zip(of, level_words.log_odds(of, words), strict=True))

    unseen = judged(HELD_OUT)
    likely = level_words.probabilities(level_words.balanced(judged(*BALANCED_ON)).weighed(unseen))
    by_rules, _, _ = level_words.scored([(text.level, text.ruled) for text, _ in unseen], list(level_words.LEVELS))
    f1, right, answered = level_words.scored(
        [(text.level, level_words.decided(text, of_text)) for (text, _), of_text in zip(unseen, likely, strict=True)],
        list(level_words.LEVELS),
    )
    assert f1 > by_rules
    assert (f1 >= 0.7, right >= 0.8, answered >= 0.75) == (True, True, True), (f1, right, answered)


def test_the_seed_is_what_the_command_fits(texts):
    """But for one scale, which stands words beside rules."""
    words = level_words.words_fitted(texts)
    seed, of_rules = level_words.seeded()
    assert set(seed.of_words) == set(words.of_words), "run `make level-words`"
    fitted = np.array([weight for _, weight in words.of_words.values()])
    kept = np.array([seed.of_words[word][1] for word in words.of_words])
    scale = (fitted * kept).sum() / (fitted**2).sum()
    assert 0.5 < scale < 2
    assert np.abs(kept - scale * fitted).max() < 0.03
    assert (of_rules > 0).all()


def test_sql_reads_a_text_as_the_fitting_does(tmp_path, texts):
    """The level that SQL chooses is the one that the kept weights give, for every described network of a list."""
    rows = [row for row in described.own()[HELD_OUT] if "integration_level" not in row["disputed"]]
    answers = classified([{key: row.get(key) for key in described.KNOWN} for row in rows], tmp_path)
    of_list = [text for text in texts if text.listed_in == HELD_OUT and not text.translation]
    words, of_rules = level_words.seeded()
    odds = level_words.log_odds(of_list, words) + np.array([text.scores for text in of_list]) * of_rules
    for text, likely in zip(of_list, level_words.probabilities(odds), strict=True):
        assert answers[text.network]["integration_level"] == level_words.decided(text, likely), text.network


def test_a_short_text_is_left_to_the_rules(tmp_path):
    rows = [
        {"id": "short", "name": "Example Alliance", "description": "Vouchers of a million euros for firms, one day."}
    ]
    assert classified(rows, tmp_path)["short"]["integration_level"] == "unknown"


def test_no_labelled_example_is_fitted_to():
    assert not any(row["listed_in"].startswith("thirty") for row in described.training())
