"""The words of names: spelled alike where they sound alike, institutional words by what they mean in any language."""

from __future__ import annotations

import polars as pl

from transforms.identity.spelling import ALIASES, folded, table

CONCEPT = "@"  # before a word that stands for a concept: '@university' for universidad, Universität, πανεπιστήμιο


def _pattern(stems: list[str]) -> str:
    """One pattern for the stems of a concept; a star at the end takes any ending, inside any letter or none."""
    ends = (
        f"{stem[:-1].replace('*', '[a-z]?')}.*" if stem.endswith("*") else stem.replace("*", "[a-z]?") for stem in stems
    )
    return f"^({'|'.join(ends)})$"


def _meaning(word: pl.Expr) -> pl.Expr:
    """The concept that a word stands for, the first of the list that fits; null where there is none."""
    meaning = pl.lit(None, pl.String)
    concepts = table("concept").group_by("concept", maintain_order=True).agg("stem")
    for concept, stems in reversed(concepts.rows()):
        meaning = pl.when(word.str.contains(_pattern(stems))).then(pl.lit(CONCEPT + concept)).otherwise(meaning)
    return meaning


def tokens(units: pl.DataFrame) -> pl.DataFrame:
    """unit, alias ('bare' or one of ALIASES), place in the name, token, word: stop words left out."""
    names = [
        units.select("unit", alias=pl.lit(alias), text=alias).filter(pl.col("text") != "")
        for alias in ("bare", *ALIASES)
    ]
    long = pl.concat(names).with_columns(word=pl.col("text").str.split(" ")).drop("text")
    long = long.with_columns(place=pl.int_ranges(pl.col("word").list.len())).explode("word", "place")
    stop = table("stop_word")["word"].to_list()
    lexicon = long.select(pl.col("word").unique()).filter(~pl.col("word").is_in(stop))
    towns = table("city")
    known = pl.col("word").replace(towns["variant"].to_list(), towns["city"].to_list())
    lexicon = lexicon.with_columns(token=pl.coalesce(_meaning(pl.col("word")), folded(known)))
    return long.join(lexicon, on="word").select("unit", "alias", "place", "token", "word")
