"""Lists of beneficiaries of the structural funds: one reader for all, driven by the map of each list."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from transforms import records
from transforms.dates import date
from transforms.files import content, is_web_page, rows_of_csv, separated, text, under_headings, workbook
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.money import money
from transforms.names import folded, trimmed
from transforms.text import passages

LISTS = Path(__file__).parent.parent / "spiders" / "structural_funds" / "lists.yml"
COMMON = records.COMMON
FIELDS = (
    *("number", "operation", "summary", "beneficiary", "partners", "start", "end", "eu", "total", "public", "paid"),
    *("programme", "call", "fund", "status", "category", "street", "postcode", "city", "address"),
)
# A list is told by its map where both of these are there; rows without either say nothing.
NEEDED = ("beneficiary", "operation")
AMOUNTS = ("eu", "total", "public", "paid")
NOBODY = "neither beneficiary nor amount: no row about a project"


@cache
def maps() -> dict[str, dict[str, Any]]:
    """The maps of all lists by their code."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    return found


def detect(file: Path) -> str:
    """The code of the list that a file is; raises UnreadableFile with the way out."""
    return read(file)[0].lower()


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of all lists of a landing."""
    tables = [normalised_columns(*read(path)) for path in sorted(folder.files.iterdir())]
    return normalise(pl.concat(tables, how="diagonal"), folder.origin)


def count(folder: LandingFolder) -> int:
    """Rows of all lists, counted apart from their reading."""
    return sum(rows_in(path) for path in folder.files.iterdir())


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing: one row is one project of one beneficiary."""
    return ("project",)


# Reading ------------------------------------------------------------------------------------------
def read(file: Path) -> tuple[str, pl.DataFrame]:
    """(code of the list, its rows in the list's own columns); raises UnreadableFile."""
    name, raw = content(file)
    if is_web_page(raw):
        raise UnreadableFile(f"{file.name} is a web page, no list of beneficiaries; download the list itself.")
    for sheet in sheets(file, name, raw):
        fitting = {
            code: len(found) for code, found in ((code, mapped(code, sheet.columns)) for code in maps()) if found
        }
        if fitting:
            # Two lists may share their first columns: the map that explains most of them is the list's.
            return max(fitting, key=lambda code: (fitting[code], code)), sheet
    raise UnreadableFile(
        f"{file.name} has the columns of none of the {len(maps())} lists that are known; "
        "add a map of it to spiders/structural_funds/lists.yml."
    )


def mapped(code: str, columns: list[str]) -> dict[str, str]:
    """Our fields and the list's columns for them; empty where the list is another one."""
    wanted = maps()[code]["columns"]
    found = {ours: next((c for c in theirs if c in columns), None) for ours, theirs in wanted.items()}
    if any(found.get(field) is None for field in NEEDED) or sum(c is None for c in found.values()) > len(wanted) // 2:
        return {}
    return {ours: theirs for ours, theirs in found.items() if theirs}


def sheets(file: Path, name: str, raw: bytes) -> list[pl.DataFrame]:
    """The tables of a file with their headings as columns, cells as text."""
    lower = name.lower()
    if lower.endswith(".json"):
        try:
            rows = json.loads(text(raw))
        except ValueError as error:
            raise UnreadableFile(f"{file.name} is no JSON ({error}).") from None
        rows = rows if isinstance(rows, list) else next((v for v in rows.values() if isinstance(v, list)), [])
        columns = dict.fromkeys((key for row in rows for key in row), pl.String)
        return [
            pl.DataFrame([{k: None if v is None else str(v) for k, v in row.items()} for row in rows], schema=columns)
        ]
    if lower.endswith((".xls", ".xlsx", ".ods")):
        headings = {
            tuple(field[0] for field in (m["columns"]["beneficiary"], m["columns"]["operation"]))
            for m in maps().values()
        }
        found = (under_headings(sheet, set(pair)) for sheet in workbook(file).values() for pair in sorted(headings))
        return [table for table in found if table is not None]
    # A list may write its letters and accents apart.
    return [separated(unicodedata.normalize("NFC", text(raw)))]


def rows_in(file: Path) -> int:
    """How many rows a list holds, its heading not counted."""
    name, raw = content(file)
    if name.lower().endswith(".json"):
        return len(json.loads(text(raw)))
    if name.lower().endswith((".xls", ".xlsx", ".ods")):
        return len(read(file)[1])
    return rows_of_csv(text(raw))


# Normalising --------------------------------------------------------------------------------------
def normalised_columns(code: str, table: pl.DataFrame) -> pl.DataFrame:
    """A list's rows in our columns, with what its map says of all of them."""
    known = maps()[code]
    columns = mapped(code, table.columns)
    none = pl.lit(None, pl.String)
    thousands = known.get("thousands", "")

    def named(field: str) -> pl.Expr:
        return (pl.col(columns[field]) if field in columns else none).alias(field)

    def amount(field: str) -> pl.Expr:
        """An amount without the mark that parts thousands in this list, where its map names one."""
        return named(field).str.replace_all(thousands, "", literal=True) if thousands else named(field)

    page = known.get("page") or "https://ec.europa.eu/regional_policy/"
    return table.with_row_index("row").select(
        *(amount(field) if field in AMOUNTS else named(field) for field in FIELDS),
        row=pl.col("row") + 1,
        list=pl.lit(code),
        country=pl.lit(known["country"]),
        currency=pl.lit(known.get("currency", "EUR")),
        default_programme=pl.lit(known.get("programme")),
        default_fund=pl.lit(known["fund"]),
        page=pl.lit(page),
    )


def normalise(table: pl.DataFrame, origin: Origin) -> Tidy:
    """One row, one project of one beneficiary; further partners where the list names them."""
    name, operation = trimmed(pl.col("beneficiary")), trimmed(pl.col("operation"))
    body = pl.concat_str("list", folded(name), separator=":")
    content_key = pl.concat_str(
        folded(name), folded(operation), "start", "eu", "total", "public", "paid", separator="|", ignore_nulls=True
    )
    # Without numbers of its own a list can hold two grants that look the same: both count.
    nth = pl.int_range(pl.len()).over("list", content_key).cast(pl.String)
    unnumbered = pl.concat_str(content_key, pl.when(nth != "0").then(nth), separator="#", ignore_nulls=True)
    key = pl.concat_str("list", pl.coalesce(trimmed(pl.col("number")), unnumbered), separator=":")
    rows = origin.stamp(
        table.lazy().with_columns(name=name, title=operation, body=body, project=key),
        source_id=pl.col("project"),
        url=pl.coalesce(pl.when(pl.col("address").str.starts_with("http")).then("address"), "page"),
    ).collect()
    person = rows.select(individual(pl.col("name")).fill_null(False)).to_series()
    says_nothing = pl.col("name").is_null() & pl.all_horizontal(
        pl.col(*AMOUNTS, "start").is_null() | (pl.col("title").is_null())
    )
    empty = rows.select(says_nothing).to_series() & ~person
    first = rows["source_id"].is_first_distinct() | person | empty
    apart = [
        set_aside("project", rows.filter(person).with_columns(reason=pl.lit("individual")), keep_content=False),
        set_aside("project", rows.filter(empty).with_columns(reason=pl.lit(NOBODY))),
        set_aside("project", rows.filter(~first).with_columns(reason=pl.lit("listed twice"))),
    ]
    kept = rows.filter(~person & ~empty & first).lazy()
    named = kept.filter(pl.col("name").is_not_null())
    bodies = named.unique("body", keep="first", maintain_order=True).with_columns(source_id="body")
    partners = _partners(kept)
    return assemble(
        {
            "project": kept.select(
                *COMMON,
                title=pl.coalesce("title", pl.lit("(no title given)")),
                framework=pl.coalesce(trimmed(pl.col("fund")), "default_fund"),
                programme=pl.coalesce(trimmed(pl.col("programme")), "default_programme"),
                call=trimmed(pl.col("call")),
                topic=trimmed(pl.col("category")),
                status=trimmed(pl.col("status")),
                start_date=date(trimmed(pl.col("start"))),
                end_date=date(trimmed(pl.col("end"))),
                eu_contribution=money(pl.col("eu")),
                total_cost=money(pl.coalesce("total", "public", "paid")),
                currency="currency",
                label_only=pl.lit(False),
            ),
            "organisation": pl.concat(
                [
                    bodies.select(
                        *COMMON,
                        name="name",
                        name_key=name_key(pl.col("name")),
                        street=trimmed(pl.col("street")),
                        postcode=trimmed(pl.col("postcode")),
                        city=trimmed(pl.col("city")),
                        country="country",
                        country_original="country",
                    ),
                    partners.unique("body", keep="first", maintain_order=True).select(
                        *(c for c in COMMON if c != "source_id"),
                        source_id="body",
                        name="partner",
                        name_key=name_key(pl.col("partner")),
                        country="country",
                        country_original="country",
                    ),
                ],
                how="diagonal",
            ).unique("source_id", keep="first", maintain_order=True),
            "participation": pl.concat(
                [
                    named.select(
                        *COMMON,
                        project_source_id="project",
                        organisation_source_id="body",
                        role=pl.lit("coordinator"),
                        role_original=pl.lit("beneficiary"),
                        eu_contribution=money(pl.col("eu")),
                    ),
                    partners.select(
                        *(c for c in COMMON if c != "source_id"),
                        source_id=pl.concat_str("project", "body", separator=":"),
                        project_source_id="project",
                        organisation_source_id="body",
                        role=pl.lit("member"),
                        role_original=pl.lit("project partner"),
                        eu_contribution=pl.lit(None, pl.Float64),
                    ),
                ],
                how="diagonal",
            ).unique("source_id", keep="first", maintain_order=True),
            "passage": passages(
                pl.concat(
                    kept.select(
                        *COMMON,
                        subject_kind=pl.lit("project"),
                        subject_source_id="project",
                        language=pl.lit(None, pl.String),
                        text=column,
                    )
                    for column in ("title", "summary")
                )
            ),
        },
        apart,
    )


def _partners(kept: pl.LazyFrame) -> pl.LazyFrame:
    """Partners that stand in one cell, one a line."""
    return (
        kept.with_columns(partner=pl.col("partners").str.split("\n"))
        .explode("partner")
        .with_columns(partner=trimmed(pl.col("partner").str.strip_chars(" .;")))
        .filter(pl.col("partner").str.len_chars() > 2)
        .filter(~individual(pl.col("partner")))
        .with_columns(body=pl.concat_str("list", folded(pl.col("partner")), separator=":"))
    )
