"""Kohesio: operations of country files, one row a region, and exports of beneficiaries."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from transforms import records
from transforms.dates import date
from transforms.files import content, is_web_page, read_csv, rows_of_csv, slug, text
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.money import money
from transforms.names import folded, trimmed
from transforms.places import coordinate, country, nuts_code
from transforms.text import passages

COMMON = records.COMMON
PROJECT_PAGE = "https://kohesio.ec.europa.eu/en/projects/"
BENEFICIARIES = "https://kohesio.ec.europa.eu/en/beneficiaries"
TAKEN = "hand over a country file of operations (CSV) or an export of beneficiaries (TSV or CSV)"
OPERATION = (
    "Operation_Unique_Identifier",
    "Operation_Name_English",
    "Operation_Name_Programme_Language",
    "Operation_Summary_English",
    "Country",
    "CountryCode",
    "Operation_Start_Date",
    "Operation_End_Date",
    "Total_Eligible_Expenditure_amount",
    "Total_Eligible_Expenditure_Currency",
    "Project_EU_Budget",
    "Beneficiary_Unique_Identifier",
    "Beneficiary_Name",
    "Location_Indicator_latitude_longitude",
    "Fund_Code",
    "Programme_Code",
    "Programme_Name",
    "NUTS3_Code",
)
BENEFICIARY = ("Country", "Region", "Beneficiary Name", "Total Budget", "EU Contribution", "Transliterated Name")


def detect(file: Path) -> str:
    """Which door a downloaded file comes through, by its name; raises UnreadableFile with the way out."""
    _table(file)
    return slug(file.name.split(".")[0])


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of a crawl's country files, or of one file."""
    tables = [_table(path) for path in _files(folder)]
    if tables and "Beneficiary Name" in tables[0].columns:
        return from_beneficiaries(tables[0], folder.origin)
    return from_operations(
        pl.concat(tables) if tables else pl.DataFrame(schema=dict.fromkeys(OPERATION, pl.String)), folder.origin
    )


def count(folder: LandingFolder) -> int:
    """Rows of all files, counted apart from their reading."""
    return sum(_records_in(content(path)[1]) for path in _files(folder))


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    tables = _files(folder)
    return ("organisation",) if tables and b"Beneficiary Name" in content(tables[0])[1][:500] else ("participation",)


def _files(folder: LandingFolder) -> list[Path]:
    return sorted(folder.files.iterdir())


def _records_in(raw: bytes) -> int:
    first = raw[:20_000].lstrip(b"\xef\xbb\xbf").partition(b"\n")[0]
    if b"\t" in first:  # parted by tabs, quotes are part of names: a line is a row
        return len(re.findall(rb"[^\r\n][^\n]*", raw)) - 1
    return rows_of_csv(text(raw))


def _table(file: Path) -> pl.DataFrame:
    """The table of a file, in the columns of its kind, values as text."""
    _, raw = content(file)
    if is_web_page(raw):
        raise UnreadableFile(
            f"{file.name} is a web page (the portal answers so for a file that it does not have); {TAKEN}."
        )
    header = raw[:20_000].lstrip(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    if "Beneficiary Name" in header:
        tabs = "\t" in header
        # Quotes in names are not escaped: a reader that minds them swallows rows.
        return _columns(read_csv(raw, BENEFICIARY, "\t" if tabs else ",", None if tabs else '"'), BENEFICIARY)
    if "Operation_Unique_Identifier" in header:
        return _columns(read_csv(raw, OPERATION), OPERATION)
    raise UnreadableFile(
        f"{file.name} has neither the column Operation_Unique_Identifier nor Beneficiary Name; {TAKEN}."
    )


def _columns(table: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    none = pl.lit(None, pl.String)
    return table.select((pl.col(name) if name in table.columns else none).alias(name) for name in wanted)


# Beneficiaries ------------------------------------------------------------------------------------
def from_beneficiaries(table: pl.DataFrame, origin: Origin) -> Tidy:
    """One row a beneficiary and region: one body for each name and country, its regions and sums as claims."""
    name = trimmed(pl.col("Beneficiary Name"))
    key = pl.concat_str(
        pl.lit("beneficiary"),
        folded(name),
        country(pl.col("Country")),
        folded(pl.col("Region")),
        separator=":",
        ignore_nulls=True,
    )
    rows = origin.stamp(table.lazy().with_columns(name=name), source_id=key, url=pl.lit(BENEFICIARIES)).collect()
    nameless = rows.filter(pl.col("name").is_null()).with_columns(reason=pl.lit("no beneficiary is named"))
    rows = rows.filter(pl.col("name").is_not_null())
    person = rows.select(individual(pl.col("name"))).to_series()
    persons = rows.filter(person).with_columns(reason=pl.lit("individual"))
    rows = rows.filter(~person)
    first = rows["source_id"].is_first_distinct()
    again = rows.filter(~first).with_columns(reason=pl.lit("listed twice"))
    kept = rows.filter(first).lazy()
    named = [
        kept.select(
            *COMMON,
            entity_kind=pl.lit("organisation"),
            entity_source_id="source_id",
            name=trimmed(pl.col(column)),
            kind=pl.lit(kind),
        )
        for column, kind in (("name", "official"), ("Transliterated Name", "transliteration"))
    ]
    claims = [
        kept.select(
            *COMMON,
            subject_kind=pl.lit("organisation"),
            subject_source_id="source_id",
            attribute=pl.lit(attribute),
            value=trimmed(pl.col(column)),
            original=column,
        )
        for column, attribute in (("EU Contribution", "cohesion_eu_contribution"), ("Region", "region"))
    ]
    return assemble(
        {
            "organisation": kept.select(
                *COMMON,
                name="name",
                name_key=name_key(pl.col("name")),
                country=country(pl.col("Country")),
                country_original="Country",
            ),
            "name": pl.concat(named).filter(pl.col("name").is_not_null()),
            "claim": pl.concat(claims).filter(pl.col("value").is_not_null()),
        },
        [
            set_aside("organisation", nameless),
            set_aside("organisation", again),
            set_aside("organisation", persons, keep_content=False),
        ],
    )


# Operations ---------------------------------------------------------------------------------------
def from_operations(table: pl.DataFrame, origin: Origin) -> Tidy:
    """Operations and their beneficiaries; the rows of one operation in several regions are one participation."""
    entity = pl.col("Operation_Unique_Identifier").str.extract(r"([^/]+)$")
    beneficiary = trimmed(pl.col("Beneficiary_Name"))
    code = pl.coalesce(country(pl.col("CountryCode")), country(pl.col("Country")))
    body = pl.coalesce(
        pl.col("Beneficiary_Unique_Identifier").str.extract(r"([^/]+)$"),
        pl.concat_str(pl.lit("beneficiary"), folded(beneficiary), code, separator=":", ignore_nulls=True),
    )
    rows = origin.stamp(
        table.lazy().with_columns(operation=entity, name=beneficiary, body=body, code=code),
        source_id=pl.concat_str("operation", "body", separator=":", ignore_nulls=True),
        url=PROJECT_PAGE + pl.col("operation"),
    ).collect()
    person = rows.select(individual(pl.col("name")).fill_null(False)).to_series()
    nameless = rows["name"].is_null()
    persons = rows.filter(person).with_columns(reason=pl.lit("individual"))
    without = rows.filter(nameless & ~person).with_columns(reason=pl.lit("no beneficiary is named"))
    known = rows.filter(~person & ~nameless)
    first = known["source_id"].is_first_distinct()
    again = known.filter(~first).with_columns(reason=pl.lit("the same operation in another region"))
    kept = known.filter(first).lazy()
    operations = (
        rows.filter(~person)
        .unique("operation", keep="first", maintain_order=True)
        .lazy()
        .with_columns(source_id="operation")
    )
    bodies = kept.unique("body", keep="first", maintain_order=True).with_columns(source_id="body")
    return assemble(
        {
            "project": operations.select(
                *COMMON,
                title=pl.coalesce(
                    trimmed(pl.col("Operation_Name_English")), trimmed(pl.col("Operation_Name_Programme_Language"))
                ),
                framework="Fund_Code",
                programme=pl.coalesce(trimmed(pl.col("Programme_Name")), "Programme_Code"),
                start_date=date(pl.col("Operation_Start_Date")),
                end_date=date(pl.col("Operation_End_Date")),
                eu_contribution=money(pl.col("Project_EU_Budget")),
                total_cost=money(pl.col("Total_Eligible_Expenditure_amount")),
                currency=pl.coalesce("Total_Eligible_Expenditure_Currency", pl.lit("EUR")),
                label_only=pl.lit(False),
            ),
            "organisation": bodies.select(
                *COMMON,
                name="name",
                name_key=name_key(pl.col("name")),
                country="code",
                country_original="CountryCode",
                nuts_code=nuts_code(pl.col("NUTS3_Code")),
                lat=coordinate(pl.col("Location_Indicator_latitude_longitude"), 0),
                lon=coordinate(pl.col("Location_Indicator_latitude_longitude"), 1),
            ),
            "participation": kept.select(
                *COMMON,
                project_source_id="operation",
                organisation_source_id="body",
                role=pl.lit("coordinator"),
                role_original=pl.lit("beneficiary"),
                eu_contribution=money(pl.col("Project_EU_Budget")),
            ),
            "name": bodies.select(
                *COMMON,
                entity_kind=pl.lit("organisation"),
                entity_source_id="source_id",
                name="name",
                kind=pl.lit("official"),
            ),
            "passage": passages(
                pl.concat(
                    operations.select(
                        *COMMON,
                        subject_kind=pl.lit("project"),
                        subject_source_id="source_id",
                        language=pl.lit("en"),
                        text=pl.col(column).str.replace_all("<[^>]+>", " "),
                    )
                    for column in ("Operation_Name_English", "Operation_Summary_English")
                )
            ),
        },
        [
            set_aside("participation", again),
            set_aside("participation", without),
            set_aside("participation", persons, keep_content=False),
        ],
    )
