"""A user's own list of networks: the same tidy frames that a source gives, so that the same models read it."""

from __future__ import annotations

import polars as pl

from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble
from transforms.names import trimmed
from transforms.places import country

SOURCE = "own_list"
DOOR = "file"
COMMON = ("source", "door", "source_id", "url", "fetched_at", "origin")
LISTS = ("known_members", "known_countries")


def tidy(table: pl.DataFrame, file: str, now: str) -> Tidy:
    """The tidy frames of a list.

    `table` has `id` and `name`, and may have `acronym`, `description`, `known_members` and `known_countries` (lists of
    text) and `member_count_stated` (text); `file` names it in evidence, `now` is the clock of the run (UTC).
    """
    rows = table.lazy().with_columns(
        source=pl.lit(SOURCE),
        door=pl.lit(DOOR),
        source_id=pl.col("id"),
        url=pl.lit(file),
        fetched_at=pl.lit(now),
        origin=pl.lit("file"),
    )
    return assemble(
        {
            "network": rows.select(
                *COMMON,
                name=trimmed(pl.col("name")),
                name_key=name_key(pl.col("name")),
                acronym=trimmed(pl.col("acronym")),
                kind=pl.lit("network"),
                member_type=pl.lit(None, pl.String),
            ),
            "passage": rows.filter(trimmed(pl.col("description")).is_not_null()).select(
                *COMMON,
                subject_kind=pl.lit("network"),
                subject_source_id="id",
                language=pl.lit(None, pl.String),
                text=trimmed(_plain(pl.col("description"))),
            ),
            "claim": pl.concat(
                [
                    _claims(rows, "members_stated", member_count(pl.col("member_count_stated"))),
                    _claims(rows, "members_named", _count(pl.col("known_members"))),
                    # A country that cannot be read is one more than are known.
                    _claims(
                        rows.filter(pl.col("known_countries").list.eval(country(pl.element()).is_null()).list.any()),
                        "countries_stated",
                        _count(pl.col("known_countries")),
                    ),
                    _claims(
                        rows.explode("known_countries"),
                        "country",
                        country(pl.col("known_countries")),
                        "known_countries",
                    ),
                ]
            ),
        },
        [],
    )


def member_count(said: pl.Expr) -> pl.Expr:
    """The one whole number above nothing that a cell holds ('about 40', '1,200', '40.0' of a spreadsheet), as text; else null."""
    number = said.str.strip_chars().str.extract(r"^[^\d-]*(\d{1,3}(?:[ ,.']\d{3})+|\d{1,7})(?:\.0+)?\+?[^\d]*$")
    return number.str.replace_all(r"\D", "").str.strip_chars_start("0").replace("", None)


def _plain(description: pl.Expr) -> pl.Expr:
    """A text without the tags of a web page; where one ends a paragraph, so does the sentence."""
    return (
        pl.when(description.str.contains(r"</?[a-zA-Z]"))
        .then(
            description.str.replace_all(r"([.!?:;,]?)\s*(?:</(?:p|div|li|h[1-6]|td|tr)>|<br ?/?>)", "${1} \n")
            .str.replace_all(r"([^.!?:;,\s])\s*\n", "${1}. ")
            .str.replace_all(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>", "")
        )
        .otherwise(description)
    )


def _count(items: pl.Expr) -> pl.Expr:
    number = items.list.drop_nulls().list.len()
    return pl.when(number > 0).then(number).cast(pl.String)


def _claims(rows: pl.LazyFrame, attribute: str, value: pl.Expr, original: str | None = None) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        subject_kind=pl.lit("network"),
        subject_source_id="id",
        attribute=pl.lit(attribute),
        value=value,
        original=pl.col(original) if original else value,
    ).filter(pl.col("value").is_not_null())
