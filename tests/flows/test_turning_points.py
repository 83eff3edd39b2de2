"""What `explain` says would change an answer."""

from __future__ import annotations

from flows.turning_points import turning_points


def facet(name, value, rule, reason="R1"):
    return {"facet": name, "value": value, "rule_id": rule, "reason": reason, "override_reason": None}


def score(value, weight, enough, probability=None):
    return {"value": value, "score": weight, "enough": enough, "probability": probability}


def sign(words, weight, group="plan"):
    return {"signal_id": group, "sign_group": group, "words": words, "structured_value": None, "weight": weight}


def test_where_words_are_weighed_the_nearest_other_value_may_be_shallower():
    scores = [score("1", 0.5, 1.0, 0.3), score("2", 1.2, 0.9, 0.6), score("3", 0.0, 2.5, 0.1)]
    assert turning_points(facet("integration_level", "2", "RR"), [sign("joint plan", 1.2)], scores) == [
        "without “joint plan” too little would be left (0.00, and 0.90 is enough)",
        "0.50 more weight for 1 (it has 0.50, 1.00 is enough)",
    ]


def test_a_value_that_its_words_carry_hangs_on_no_sign():
    scores = [score("sectoral", 1.0, -0.4, 0.9), score("generalist", 0.0, 2.2, 0.1)]
    assert turning_points(facet("sector_coverage", "sectoral", "R11"), [sign("photonics", 1.0)], scores) == [
        "2.20 more weight for generalist (it has 0.00, 2.20 is enough)"
    ]


def test_likely_words_without_a_sentence_to_show_ask_for_one():
    scores = [score("european", 0.0, -0.2, 0.62), score("worldwide", 0.0, 1.0, 0.38)]
    (sentence,) = turning_points(facet("geographic_coverage", "unknown", None), [], scores)
    assert sentence.startswith("a sign or a clear sentence for european")


def test_rules_alone_look_for_a_deeper_level():
    scores = [score("1", 2.0, 0.9), score("2", 0.4, 1.0)]
    assert turning_points(facet("integration_level", "1", "R1"), [sign("meetings", 2.0)], scores) == [
        "without “meetings” too little would be left (0.00, and 0.90 is enough)",
        "0.60 more weight for 2 (it has 0.40, 1.00 is enough)",
    ]


def test_the_deepest_level_turns_on_no_shallower_one():
    """More signs of exchange change nothing at level 2: the deepest level that has enough holds."""
    scores = [score("1", 0.6, 0.9), score("2", 2.0, 1.0)]
    assert turning_points(facet("integration_level", "2", "R2"), [sign("joint plan", 2.0)], scores) == [
        "without “joint plan” too little would be left (0.00, and 1.00 is enough)",
        "a clear sign of a deeper level",
    ]


def test_an_unknown_life_asks_for_a_date():
    (sentence,) = turning_points(facet("sustainability", "unknown", None), [], [])
    assert sentence.startswith("a dated sign of life")
