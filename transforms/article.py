"""The article's networks: a curated table, facts in our own words, each with its place in the text."""

from __future__ import annotations

import polars as pl

from transforms.dates import date, precision
from transforms.landing import LandingFolder
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble
from transforms.names import trimmed
from transforms.text import passages

COMMON = ("source", "door", "source_id", "url", "fetched_at", "origin")
URL = "https://www.europeanclusterdays.eu"
LISTS = ("aliases", "countries")
CLAIMS = ("members_stated", "legal_form")


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of the curated table."""
    table = pl.scan_csv(folder.file, infer_schema=False)
    rows = folder.origin.stamp(table, source_id=pl.col("key"), url=pl.lit(URL)).with_columns(
        pl.col(column).str.split("|") for column in LISTS
    )
    names = [
        _names(rows, pl.col("name"), "official"),
        _names(rows, pl.col("acronym"), "acronym"),
        _names(rows.explode("aliases"), pl.col("aliases"), "alias"),
    ]
    claims = [_claims(rows, attribute) for attribute in CLAIMS]
    claims.append(_claims(rows.explode("countries"), "countries", "country"))
    return assemble(
        {
            "network": _networks(rows),
            "name": pl.concat(names),
            "passage": passages(_subject(rows, language=pl.lit("en"), text=pl.col("text"))),
            "claim": pl.concat(claims),
        },
        [],
    )


def count(folder: LandingFolder) -> int:
    """Rows of the curated table."""
    return int(pl.scan_csv(folder.file, infer_schema=False).select(pl.len()).collect().item())


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return ("network",)


def _networks(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        "kind",
        name=trimmed(pl.col("name")),
        name_key=name_key(pl.col("name")),
        acronym=trimmed(pl.col("acronym")),
        member_type=trimmed(pl.col("member_type")),
        programme=trimmed(pl.col("programme")),
        start_date=date(pl.col("start_date")),
        end_date=date(pl.col("end_date")),
        date_precision=precision(pl.col("start_date")),
        language=pl.lit("en"),
    )


def _names(rows: pl.LazyFrame, name: pl.Expr, kind: str) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        entity_kind=pl.lit("network"),
        entity_source_id="source_id",
        name=trimmed(name),
        language=pl.lit("en"),
        kind=pl.lit(kind),
    ).filter(pl.col("name").is_not_null())


def _subject(rows: pl.LazyFrame, **values: pl.Expr) -> pl.LazyFrame:
    return rows.select(*COMMON, subject_kind=pl.lit("network"), subject_source_id="source_id", **values)


def _claims(rows: pl.LazyFrame, column: str, attribute: str | None = None) -> pl.LazyFrame:
    value = trimmed(pl.col(column))
    said = _subject(rows, attribute=pl.lit(attribute or column), value=value, original=pl.col(column))
    return said.filter(pl.col("value").is_not_null())
