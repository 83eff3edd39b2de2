"""The strings that tell where a pattern may match: every match holds one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.needles import BITS, needles, possible

SEEDS = Path(__file__).parents[2] / "warehouse/seeds"


def words_of(name: str, column: str) -> list[str]:
    with (SEEDS / name).open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


PATTERNS = words_of("lexicon.csv", "words") + words_of("modality_pattern.csv", "pattern")

# Patterns made of what a lexicon is made of.
LETTERS = st.text("abc ", min_size=1, max_size=3)
WRITTEN = st.recursive(
    LETTERS | st.sampled_from([r"\w*", "[ab]", "[^c]", "a?", r"\b", r"\d", "."]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{0,2}", "{2}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


@given(st.data(), st.sampled_from(PATTERNS) | WRITTEN)
def test_every_match_holds_a_needle(data, pattern):
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII)))
    found = needles(pattern)
    assert found is None or any(needle in text for needle in found)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("co-?ordinat\\w*", {"co-ordinat", "coordinat"}),
        ("(?:joint|common) strateg\\w*", {"joint strateg", "common strateg"}),
        ("(?:of )?its own", {"its own"}),
        ("plans?|action plan", {"plan"}),
        ("pla?n", {"plan", "pln"}),
        ("(?:ab)+c*", {"ab"}),
        ("[ab] x{2}", {"a ", "b "}),
        ("\\w+|plan", None),
        ("plan|", None),
        ("a*", None),
    ],
)
def test_needles_are_the_longest_that_a_match_must_hold(pattern, found):
    assert needles(pattern) == found


@pytest.mark.parametrize("pattern", ["(?i)plan", r"\p{Lu}\w+", "(plan", "plan)", r"\Qplan\E"])
def test_what_cannot_be_read_is_refused(pattern):
    with pytest.raises(ValueError):
        needles(pattern)


def test_a_pattern_is_possible_where_a_needle_stands_and_where_it_has_none():
    phrases = pl.DataFrame({"phrase_id": [7, 8, 9], "folded": ["a joint plan", "coffee", ""]})
    patterns = ["plans?"] * BITS + ["joint(?:ly)?", r"\w+"]
    told = possible(phrases, patterns).sort("phrase_id")
    assert told["possible_0"].to_list() == [2**BITS - 1, 0, 0]
    assert told["possible_1"].to_list() == [0b11, 0b10, 0b10]


def test_no_phrases_are_no_error():
    told = possible(pl.DataFrame(schema={"phrase_id": pl.UInt64, "folded": pl.String}), ["plan"])
    assert told.shape == (0, 2)
