"""Which of many patterns may match a text at all, told in one pass by plain strings that every match of theirs holds.

A regular expression takes the same time on a text that holds none of its words as on one that does; for hundreds of them over a
million sentences that is most of a run.  The strings are those that other engines call required literals (RE2: prefilter atoms).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

import polars as pl

# A part of a pattern that can be more different strings than this is not written out.
MOST = 64
ATOM = re.compile(
    r"(?P<open>\((?:\?:|(?!\?)))|(?P<run>[a-z ]+(?![*+?{]))|(?P<one>\\[^pPxQEC\d]|\[\^?[^\]]+\]|[^\\(])", re.DOTALL
)
COUNT = re.compile(r"(?P<least>[*+?]|\{(?P<number>\d+)(?:,\d*)?\})?\??")
NOWHERE = {r"\b", r"\B", r"\A", r"\z", "^", "$"}
# Bits that a signed number of 64 has to spare.
BITS = 63
# Sentences that are searched at once, on one core.
BATCH = 100_000


def possible(phrases: pl.DataFrame, patterns: list[str]) -> pl.DataFrame:
    """Which patterns may match which text: phrase_id, and `possible_0`, `possible_1`, … with a bit for each pattern.

    `phrases` has phrase_id and folded.  Pattern n is bit n % 63 of column n // 63; where it is not set, the pattern does not match.
    """
    bits, always = _bits(patterns)
    masks = [name for name in bits.columns if name != "needle"]
    searched = pl.col("folded").str.extract_many(bits["needle"].to_list(), overlapping=True)
    found = pl.collect_all(
        batch.lazy()
        .select("phrase_id", needle=searched)
        .explode("needle")
        .join(bits.lazy(), on="needle")
        .group_by("phrase_id")
        .agg(pl.col(mask).bitwise_or() for mask in masks)
        for batch in phrases.iter_slices(BATCH)
    )
    everywhere = [pl.col(mask).fill_null(0) | always.get(mask, 0) for mask in masks]
    told = pl.concat(
        [pl.DataFrame(schema={"phrase_id": phrases.schema["phrase_id"], **bits.drop("needle").schema}), *found]
    )
    return phrases.select("phrase_id").join(told, on="phrase_id", how="left").with_columns(everywhere)


def _bits(patterns: list[str]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Per needle the bits of the patterns that it may stand for, and the bits of those that have no needle."""
    columns = [f"possible_{number}" for number in range(-(-len(patterns) // BITS))]
    rows: dict[str, dict[str, int]] = {}
    always: dict[str, int] = {}
    for number, pattern in enumerate(patterns):
        column, bit = columns[number // BITS], 1 << number % BITS
        for row in [rows.setdefault(needle, {}) for needle in needles(pattern) or ()] or [always]:
            row[column] = row.get(column, 0) | bit
    table = [{"needle": needle, **{column: row.get(column, 0) for column in columns}} for needle, row in rows.items()]
    return pl.DataFrame(table, schema={"needle": pl.String, **dict.fromkeys(columns, pl.Int64)}), always


@dataclass(frozen=True)
class Part:
    """What a part of a pattern can be: all the strings that it matches, if few, and strings one of which each match holds."""

    exact: frozenset[str] | None
    needles: frozenset[str] | None


NOTHING = Part(frozenset({""}), None)


def needles(pattern: str) -> frozenset[str] | None:
    """Strings of which every match of a pattern holds one; None where there are none such.

    Reads what DuckDB's patterns are made of here; raises ValueError at flags, classes by name and brackets that do not pair.
    """
    part, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"A bracket closes that was not opened, at {end} of {pattern}")
    return part.needles and frozenset(
        needle for needle in part.needles if not any(other in needle for other in part.needles if other != needle)
    )


def _alternatives(pattern: str, place: int) -> tuple[Part, int]:
    """The part that starts at a place and ends with its bracket or the pattern; and where."""
    parts = []
    while True:
        part, place = _sequence(pattern, place)
        parts.append(part)
        if not pattern.startswith("|", place):
            break
        place += 1
    exact, needed = [part.exact for part in parts], [part.needles for part in parts]
    return Part(_union(exact), _union(needed)), place


def _sequence(pattern: str, place: int) -> tuple[Part, int]:
    """The parts that follow one another up to a bar, a bracket that closes, or the end."""
    run: frozenset[str] | None = NOTHING.exact
    broken, candidates = False, []
    while place < len(pattern) and pattern[place] not in "|)":
        part, place = _counted(pattern, place)
        if run and part.exact and len(run) * len(part.exact) <= MOST:
            run = frozenset(before + after for before, after in product(run, part.exact))
            continue
        candidates += [run, part.needles]
        run, broken = part.exact or NOTHING.exact, True
    candidates.append(run)
    usable = [found for found in candidates if found and "" not in found]
    best = max(usable, key=lambda found: (min(map(len, found)), -len(found)), default=None)
    return Part(None if broken else run, best), place


def _counted(pattern: str, place: int) -> tuple[Part, int]:
    """The atom at a place with how often it comes."""
    atom = ATOM.match(pattern, place)
    if not atom:
        raise ValueError(f"This cannot be read, at {place} of {pattern}")
    place = atom.end()
    if atom["run"]:
        return Part(frozenset({atom["run"]}), frozenset({atom["run"]})), place
    if atom["open"]:
        part, place = _alternatives(pattern, place)
        if not pattern.startswith(")", place):
            raise ValueError(f"A bracket is not closed at the end of {pattern}")
        place += 1
    else:
        exact = _characters(atom["one"])
        part = Part(exact, exact)
    count = COUNT.match(pattern, place)
    assert count
    if not count["least"]:
        return part, count.end()
    if count["least"] == "?":
        return Part(_union([part.exact, NOTHING.exact]), None), count.end()
    seldom = count["least"] == "*" or count["number"] == "0"
    return Part(None, None if seldom else part.needles), count.end()


def _characters(atom: str) -> frozenset[str] | None:
    """The few characters that an atom can be; None for many, or for a class such as \\w."""
    if atom in NOWHERE:
        return NOTHING.exact
    if len(atom) == 1:
        return None if atom == "." else frozenset(atom)
    if atom[0] == "\\":
        return None if atom[1].isalnum() else frozenset(atom[1])
    inside = atom[1:-1]
    return None if inside[0] == "^" or "\\" in inside or "-" in inside[1:-1] else frozenset(inside)


def _union(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    """All of some sets of strings; None where one of them is not known."""
    known = [one for one in found if one is not None]
    return frozenset().union(*known) if len(known) == len(found) else None
