"""What is compared of a pair of records, each comparison in a few levels that a person can read.

A level is the number of its bounds that the value reaches.  Everything is computed over whole columns;
pairs go by in chunks, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from transforms.identity.blocking import Blocks
from transforms.identity.spelling import ALIASES
from transforms.identity.words import CONCEPT

CHUNK = 100_000  # pairs of one step
NEAR = 0.78  # how alike two words are that are one, a slip of the pen apart
Values = NDArray[np.float32]
Side = dict[str, pl.Series]

PLACES = (
    "another country", "another city", "the same city", "the place is not known of both", "nearby: the same postal area",
    "the same city and postal area", "the same postcode", "the same house number and postcode",
    "the same street, another number", "the same street", "the same street and number",
)  # fmt: skip
NAMES = ("names differ", "the same words in another order", "the same letters", "the same but for the legal form", "the same name")  # fmt: skip
LEGAL = ("no legal form in either name", "the same kind of legal form", "a legal form in one name only", "another kind of legal form")  # fmt: skip
SOURCES = ("two sources", "one source, which seldom holds a body twice", "the source is not known of both")
# Place and name together, coarser: at one door a name may differ more, in another city less.
NEARNESS = ("another country", "not near", "near", "the same postcode", "the same street")
NEARNESS_OF = np.array([0, 1, 2, 1, 2, 2, 3, 3, 4, 4, 4])
SHARED_FROM = (0.1, 0.25, 0.4, 0.55, 0.75, 0.999)
SHARED = (
    "hardly a shared word",
    "10 % of the words shared",
    "25 % of the words shared",
    "40 % of the words shared",
    "55 % of the words shared",
    "75 % of the words shared",
    "all words shared",
)
SPELLED_FROM = (50, 65, 75, 85, 95)
SPELLED = (
    "spelled otherwise",
    "a part spelled 50 % alike",
    "a part spelled 65 % alike",
    "a part spelled 75 % alike",
    "a part spelled 85 % alike",
    "a part the same",
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One comparison: its bounds, ascending; what its levels say; whether more speaks for one body (1) or against (-1).

    `says` has a text a level, or one for all levels that takes their bound; `least` is then that of the lowest.
    """

    bounds: tuple[float, ...]
    says: str | tuple[str, ...]
    direction: int = 0
    least: str = ""


FEATURES: dict[str, Feature] = {
    "name": Feature((1, 2, 3, 4), NAMES, 1),
    "shared_words": Feature((0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.999), "share {:.0%} of their words by weight", 1, least="hardly a shared word"),
    "contained_words": Feature((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.999), "{:.0%} of the shorter name's words stand in the longer", 1, least="hardly a word of the shorter name stands in the longer"),
    "weight": Feature((0.01, 3, 5, 7, 9, 11, 13, 16, 19, 22, 26, 32, 40), "shared words, the town's name apart, weigh {:.0f}", least="no shared word but the town's name"),
    "rarest_word": Feature((0.01, 3, 4, 5, 6, 7, 8, 8.5, 9, 9.5, 10, 10.5, 11), "the rarest shared word weighs {:.0f}", least="no shared word but the town's name"),
    "other_words": Feature((0.01, 4, 6, 8, 9, 10, 11, 13, 16, 20, 24, 30, 40), "words of one name alone weigh {:.0f}", least="no word of one name alone"),
    "other_words_count": Feature((1, 2, 3, 5), "{:.0f} words of one name alone", least="no word of one name alone"),
    "other_concepts_fewer": Feature((1, 2, 3), "{:.0f} institutional words on either side alone", least="no institutional word on both sides alone"),
    "other_concepts_more": Feature((1, 2, 3, 5), "{:.0f} institutional words of one name alone", least="no institutional word of one name alone"),
    "other_numbers": Feature((1, 2), ("no number of one name alone", "a number of one name alone", "another number in each name")),
    "letters": Feature((30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100), "spelled {:.0f} % alike", 1, least="spelled otherwise"),
    "part_letters": Feature((40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100), "a part is spelled {:.0f} % alike", 1, least="no part spelled alike"),
    "sorted_letters": Feature((30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100), "words in order, spelled {:.0f} % alike", 1, least="words in order, spelled otherwise"),
    "alias": Feature((0.01, 20, 30, 40, 50, 60, 70, 80, 88, 94, 100), "an alias of one is {:.0f} % alike a name of the other", 1, least="no alias to compare"),
    "alias_weight": Feature((0.01, 4, 6, 8, 9.5, 10.5, 11.5, 13, 15, 18, 22, 28), "the words of that alias weigh {:.0f}", least="no alias to compare"),
    "acronym": Feature((3, 4, 5), "{:.0f} initials of one name are a word of the other", 1, least="no acronym of the other"),
    "legal_form": Feature((1, 2, 3), LEGAL),
    "place": Feature(tuple(range(1, 11)), PLACES),
    "place_and_words": Feature(tuple(range(1, 35)), tuple(f"{place}; {words}" for place in NEARNESS for words in SHARED)),
    "place_and_letters": Feature(tuple(range(1, 30)), tuple(f"{place}; {part}" for place in NEARNESS for part in SPELLED)),
    "source": Feature((1, 2), SOURCES),
}  # fmt: skip


def level(feature: Feature, values: Values) -> NDArray[np.uint8]:
    """The level of each value."""
    return np.searchsorted(np.asarray(feature.bounds, np.float32), values, side="right").astype(np.uint8)


def said(feature: Feature, at: int) -> str:
    """What a level of a feature says, in words."""
    if not isinstance(feature.says, str):
        return feature.says[at]
    return feature.says.format(feature.bounds[at - 1]) if at else feature.least


def compare(blocks: Blocks, units: pl.DataFrame) -> pl.DataFrame:
    """Levels (UInt8) of FEATURES for each pair of `blocks`, beside its units l and r."""
    words, records = _words(blocks, units), _records(blocks, units)
    pairs = blocks.pairs.select("l", "r")
    parts = [_compared(part, records, words, blocks.lexicon) for part in pairs.iter_slices(CHUNK)]
    return pl.concat(parts) if parts else _compared(pairs, records, words, blocks.lexicon)


def _words(blocks: Blocks, units: pl.DataFrame) -> pl.DataFrame:
    """unit, id of a word, its weight, and whether it is the name of the record's own town."""
    town = units.select("unit", token=pl.concat_list("town", "city", pl.col("town").str.split(" "))).explode("token")
    town = (
        town.filter(pl.col("token") != "")
        .unique()
        .join(blocks.lexicon, on="token")
        .select("unit", pl.col("id").cast(pl.UInt32), local=True)
    )
    return blocks.words.join(town, on=["unit", "id"], how="left").select(
        "unit", "id", "weight", pl.col("local").fill_null(False)
    )


def _records(blocks: Blocks, units: pl.DataFrame) -> pl.DataFrame:
    """Records with their names and aliases as sorted words, how much these weigh, and the initials of the name."""
    records = units.drop("records", "label", "marks", "site").join(
        blocks.initials, on="unit", how="left", maintain_order="left"
    )
    for alias in ("bare", *ALIASES):
        of_alias = blocks.names.filter(pl.col("alias") == alias)
        of_alias = of_alias.select(
            "unit", pl.col("words").alias(f"words_{alias}"), pl.col("weight").alias(f"weight_{alias}")
        )
        records = records.join(of_alias, on="unit", how="left", maintain_order="left")
    return records.with_columns(pl.col("initials", "^words_.*$").fill_null(""), pl.col("^weight_.*$").fill_null(0.0))


def _compared(pairs: pl.DataFrame, records: pl.DataFrame, words: pl.DataFrame, lexicon: pl.DataFrame) -> pl.DataFrame:
    both = pairs.join(records, left_on="l", right_on="unit", maintain_order="left")
    both = both.join(records, left_on="r", right_on="unit", suffix="_r", maintain_order="left")
    columns = [column for column in records.columns if column != "unit"]
    left, right = ({column: both[column + suffix] for column in columns} for suffix in ("", "_r"))
    found = _of_words(pairs, words, lexicon) | _of_letters(left, right) | _of_aliases(left, right)
    found |= {"legal_form": _legal_form(left, right), "place": _place(left, right), "source": _source(left, right)}
    near = NEARNESS_OF[found["place"].astype(np.int64)]
    found["place_and_words"] = near * len(SHARED) + np.digitize(found["shared_words"], SHARED_FROM)  # type: ignore[assignment]
    found["place_and_letters"] = near * len(SPELLED) + np.digitize(found["part_letters"], SPELLED_FROM)  # type: ignore[assignment]
    return pairs.with_columns(pl.Series(name, level(feature, found[name])) for name, feature in FEATURES.items())


def _alike(scorer: Any, left: pl.Series, right: pl.Series) -> Values:
    """RapidFuzz over two columns, 0 to 100."""
    return cpdist(left.to_list(), right.to_list(), scorer=scorer, dtype=np.float32, workers=-1)


# Words --------------------------------------------------------------------------------------------
def _of_words(pairs: pl.DataFrame, words: pl.DataFrame, lexicon: pl.DataFrame) -> dict[str, Values]:
    """Shared and unshared words by weight; words one slip apart, or one cut short, count as shared."""
    numbered = pairs.select("l", "r").with_row_index("pair")
    left, right = (
        numbered.join(words, left_on=side, right_on="unit").select("pair", "id", "weight", "local")
        for side in ("l", "r")
    )
    exact = left.join(right, on=["pair", "id"]).select(
        "pair", "id", "weight", local=pl.col("local") | pl.col("local_right")
    )
    rest_l, rest_r = (side.join(exact, on=["pair", "id"], how="anti").join(lexicon, on="id") for side in (left, right))
    near = _near(rest_l, rest_r)
    shared = pl.concat([exact.select("pair", "weight", "local"), near.select("pair", "weight", "local")])
    found = numbered.select("pair").join(
        shared.group_by("pair").agg(
            shared=pl.col("weight").sum(),
            own=pl.col("weight").filter(~pl.col("local")).sum(),
            rarest=pl.col("weight").filter(~pl.col("local")).max(),
        ), on="pair", how="left", maintain_order="left",
    )  # fmt: skip
    for side, rest, token, suffix in ((left, rest_l, "token", "_l"), (right, rest_r, "token_right", "_r")):
        total = side.group_by("pair").agg(pl.col("weight").sum().alias("total" + suffix))
        over = _left_over(rest, near.select("pair", token=token)).select("pair", pl.exclude("pair").name.suffix(suffix))
        found = found.join(total, on="pair", how="left", maintain_order="left").join(
            over, on="pair", how="left", maintain_order="left"
        )
    f = {name: found[name].cast(pl.Float32).fill_null(0).to_numpy() for name in found.columns if name != "pair"}
    least, most = np.minimum, np.maximum
    return {
        "shared_words": f["shared"] / most(f["total_l"] + f["total_r"] - f["shared"], 0.1),
        "contained_words": least(f["shared"] / most(least(f["total_l"], f["total_r"]), 0.1), 1),
        "weight": f["own"],
        "rarest_word": f["rarest"],
        "other_words": most(f["weight_l"], f["weight_r"]),
        "other_words_count": most(f["words_l"], f["words_r"]),
        "other_concepts_fewer": least(f["concepts_l"], f["concepts_r"]),
        "other_concepts_more": most(f["concepts_l"], f["concepts_r"]),
        "other_numbers": f["number_l"] + f["number_r"],
    }


def _near(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs of words of two names that are nearly one: a slip apart, or one the beginning of the other."""
    plain = ~pl.col("token").str.starts_with(CONCEPT)
    cross = left.filter(plain).with_columns(first=pl.col("token").str.head(1)).join(
        right.filter(plain).with_columns(first=pl.col("token").str.head(1)), on=["pair", "first"]
    )  # fmt: skip
    shorter = pl.min_horizontal(pl.col("token").str.len_chars(), pl.col("token_right").str.len_chars())
    begins = pl.col("token").str.starts_with(pl.col("token_right")) | pl.col("token_right").str.starts_with(
        pl.col("token")
    )
    alike = pl.Series("alike", _alike(fuzz.ratio, cross["token"], cross["token_right"]) / 100)
    cross = cross.with_columns(alike, shorter=shorter).with_columns(
        alike=pl.when(begins & (shorter >= 3))
        .then(pl.max_horizontal("alike", 0.8))
        .when(shorter >= 4)
        .then("alike")
        .otherwise(0.0)
    )
    best = cross.filter(pl.col("alike") >= NEAR).sort(
        "alike", "pair", "token", "token_right", descending=[True, False, False, False]
    )
    for token in ("token", "token_right"):
        best = best.unique(["pair", token], keep="first", maintain_order=True)
    return best.select(
        "pair", "token", "token_right",
        weight=(pl.min_horizontal("weight", "weight_right") * pl.col("alike")).cast(pl.Float32),
        local=pl.col("local") | pl.col("local_right"),
    )  # fmt: skip


def _left_over(rest: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """What one name has alone: weight and number of words, number of concepts, whether a number is among them."""
    alone = rest.join(near, on=["pair", "token"], how="anti")
    concept = pl.col("token").str.starts_with(CONCEPT)
    return alone.group_by("pair").agg(
        weight=pl.col("weight").filter(~concept).sum(),
        words=(~concept).sum(),
        concepts=concept.sum(),
        number=pl.col("token").str.contains(r"^\d+$").any(),
    )


# Letters ------------------------------------------------------------------------------------------
def _of_letters(left: Side, right: Side) -> dict[str, Values]:
    glued = [side["bare"].str.replace_all(" ", "", literal=True) for side in (left, right)]
    words = [side["words_bare"] for side in (left, right)]
    same = [
        (left["full"] == right["full"]),
        (left["bare"] == right["bare"]),
        (glued[0] == glued[1]),
        (words[0] == words[1]) & (words[0] != ""),
    ]
    return {
        "name": np.select([found.to_numpy() for found in same], [4, 3, 2, 1], 0).astype(np.float32),
        "letters": _alike(fuzz.ratio, *glued),
        "part_letters": _alike(fuzz.partial_ratio, *glued),
        "sorted_letters": _alike(fuzz.ratio, *words),
    }


# Aliases ------------------------------------------------------------------------------------------
def _of_aliases(left: Side, right: Side) -> dict[str, Values]:
    """The best agreement of an alias of one with a name of the other, how much it weighs, and initials that are a word."""
    alike = np.zeros(len(left["bare"]), np.float32)
    weight = np.zeros(len(left["bare"]), np.float32)
    for one in ("bare", *ALIASES):
        for other in ("bare", *ALIASES):
            if one == other == "bare":
                continue
            here = ((left[f"words_{one}"] != "") & (right[f"words_{other}"] != "")).arg_true()
            if len(here):
                at = here.to_numpy()
                found = _alike(fuzz.ratio, left[f"words_{one}"][here], right[f"words_{other}"][here])
                weighs = np.minimum(left[f"weight_{one}"][here].to_numpy(), right[f"weight_{other}"][here].to_numpy())
                better = found + weighs / 100 > alike[at] + weight[at] / 100
                alike[at[better]], weight[at[better]] = found[better], weighs[better]
    return {"alias": alike, "alias_weight": weight, "acronym": np.maximum(_acronym(left, right), _acronym(right, left))}


def _acronym(spelled: Side, short: Side) -> Values:
    """How many initials of one name are an alias or a word of the other; 0 where they are none."""
    initials = spelled["initials"]
    length = initials.str.len_chars().to_numpy()
    aliases = [short[alias].str.replace_all(" ", "", literal=True) == initials for alias in ("bare", *ALIASES)]
    both = pl.DataFrame({"name": short["bare"], "initials": initials})
    word = both.select(
        (pl.lit(" ") + pl.col("name") + " ").str.contains(pl.lit(" ") + pl.col("initials") + " ", literal=True)
    )
    hit = np.logical_or.reduce([found.to_numpy() for found in (*aliases, word.to_series())])
    return np.where(hit & (length >= 3), np.minimum(length, 5), 0).astype(np.float32)


# Form, place, source --------------------------------------------------------------------------------
def _legal_form(left: Side, right: Side) -> Values:
    one, other = left["form"], right["form"]
    cases = [(one == "") & (other == ""), one == other, (one == "") | (other == "")]
    return np.select([case.to_numpy() for case in cases], [0, 1, 2], 3).astype(np.float32)


def _place(left: Side, right: Side) -> Values:
    """Street, postcode and city as one fact, by how near it is (PLACES)."""

    def both(column: str) -> NDArray[np.bool_]:
        return ((left[column] != "") & (right[column] != "")).to_numpy()

    def same(column: str) -> NDArray[np.bool_]:
        return (left[column] == right[column]).to_numpy() & both(column)

    def each(column: str, scorer: Callable[..., float]) -> Values:
        return np.where(both(column), _alike(scorer, left[column], right[column]), 0)

    numbers = pl.DataFrame({"l": left["house"], "r": right["house"]})
    house = numbers.select(pl.col("l").list.set_intersection("r").list.len() > 0).to_series().to_numpy()
    no_house = numbers.select((pl.col("l").list.len() == 0) | (pl.col("r").list.len() == 0)).to_series().to_numpy()
    street = np.maximum(each("road", fuzz.ratio), each("road", fuzz.token_set_ratio)) >= 80
    city = same("city") | same("town") | (each("city", fuzz.ratio) >= 80)
    code = same("postcode")
    area = (left["postcode"].str.head(2) == right["postcode"].str.head(2)).to_numpy() & both("postcode")
    known, near = both("city") | both("postcode"), code | city
    cases = [
        (~both("country"), 3), (~same("country"), 0), (~known, 3), (street & house & near, 10), (street & no_house & near, 9),
        (street & near, 8), (house & code, 7), (code, 6), (city & area, 5), (city, 2), (area, 4),
    ]  # fmt: skip
    return np.select([case for case, _ in cases], [value for _, value in cases], 1).astype(np.float32)


def _source(left: Side, right: Side) -> Values:
    one, other = left["source"], right["source"]
    return np.select([((one == "") | (other == "")).to_numpy(), (one == other).to_numpy()], [2, 1], 0).astype(
        np.float32
    )
