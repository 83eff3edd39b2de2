"""EGTC register: the list as a workbook; a grouping is a network with a legal form, its members stand in one cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from lxml import etree

from transforms import records
from transforms.dates import date
from transforms.files import separated, text, under_headings, workbook
from transforms.landing import LandingFolder, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble
from transforms.names import folded, trimmed
from transforms.places import country

NEEDED = {"Name of the EGTC", "Members"}
COLUMNS = {
    "number": "Registration number",
    "name": "Name of the EGTC",
    "acronym": "Acronym",
    "seat_city": "Seat",
    "seat_country": "Member State of the seat",
    "registered": "Date of registration",
    "members": "Members",
}
URL = "https://cor.europa.eu/en/our-work/cooperations-and-networks/european-grouping-territorial-cooperation"
COMMON = records.COMMON


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of the register's list."""
    table = _rows(folder)
    key = pl.coalesce(trimmed(pl.col("number")), folded(pl.col("name")))
    rows = folder.origin.stamp(table.lazy(), source_id=key, url=pl.lit(URL))
    members = (
        rows.with_columns(member=pl.col("members").str.split(";"))
        .explode("member")
        .with_columns(member=trimmed(pl.col("member")))
        .filter(pl.col("member").is_not_null())
        .with_columns(
            network=pl.col("source_id"),
            organisation=trimmed(pl.col("member").str.replace(r"\s*\([^()]*\)$", "")),
            where=pl.col("member").str.extract(r"\(([^()]*)\)$"),
        )
        .with_columns(source_id=pl.concat_str("network", folded(pl.col("organisation")), separator=":"))
    )
    said = {
        "legal_form": pl.lit("European Grouping of Territorial Cooperation (EGTC)"),
        "seat_country": country(pl.col("seat_country")),
    }
    claims = pl.concat(
        rows.select(
            *COMMON,
            subject_kind=pl.lit("network"),
            subject_source_id="source_id",
            attribute=pl.lit(attribute),
            value=value,
            original="number" if attribute == "legal_form" else "seat_country",
        )
        for attribute, value in said.items()
    ).filter(pl.col("value").is_not_null())
    return assemble(
        {
            "network": rows.select(
                *COMMON,
                name=trimmed(pl.col("name")),
                name_key=name_key(pl.col("name")),
                acronym=trimmed(pl.col("acronym")),
                kind=pl.lit("network"),
                start_date=date(pl.col("registered")),
                date_precision=pl.lit("day"),
                language=pl.lit("en"),
            ),
            "organisation": members.unique("source_id", keep="first", maintain_order=True).select(
                *COMMON,
                name="organisation",
                name_key=name_key(pl.col("organisation")),
                country=country(pl.col("where")),
                country_original="where",
            ),
            "membership": members.select(
                *COMMON,
                network_source_id="network",
                organisation_source_id="source_id",
                role=pl.lit("member"),
                role_original=pl.lit("member"),
                valid_from=date(pl.col("registered")),
                basis=pl.lit("declared member"),
            ),
            "name": pl.concat(
                [
                    rows.select(
                        *COMMON,
                        entity_kind=pl.lit("network"),
                        entity_source_id="source_id",
                        name=trimmed(pl.col(column)),
                        kind=pl.lit(kind),
                    )
                    for column, kind in (("name", "official"), ("acronym", "acronym"))
                ]
            ).filter(pl.col("name").is_not_null()),
            "identifier": rows.filter(trimmed(pl.col("number")).is_not_null()).select(
                *COMMON,
                entity_kind=pl.lit("network"),
                entity_source_id="source_id",
                scheme=pl.lit("EGTC"),
                value=trimmed(pl.col("number")),
            ),
            "claim": claims,
        },
        [],
    )


def count(folder: LandingFolder) -> int:
    """Rows of the list that have a name."""
    return len(_rows(folder))


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return ("network",)


def _sheets(file: Path) -> list[pl.DataFrame]:
    """The tables of a workbook, a CSV or a web page, their headings a row like others."""
    if file.suffix in (".xls", ".xlsx"):
        return list(workbook(file).values())
    raw = file.read_bytes()
    if file.suffix == ".csv":
        table = separated(text(raw))
        return [pl.DataFrame([table.columns, *table.rows()], orient="row")]
    tables = etree.fromstring(raw, etree.HTMLParser()).findall(".//table")
    rows = [
        [[" ".join("".join(map(str, cell.itertext())).split()) for cell in row] for row in table.iter("tr")]
        for table in tables
    ]
    return [pl.DataFrame([row for row in found if len(row) == len(found[0])], orient="row") for found in rows if found]


def _rows(folder: LandingFolder) -> pl.DataFrame:
    for sheet in _sheets(folder.file):
        table = under_headings(sheet, NEEDED)
        if table is not None:
            have = table.columns
            none = pl.lit(None, pl.String)
            return table.select(
                (pl.col(theirs) if theirs in have else none).alias(ours) for ours, theirs in COLUMNS.items()
            ).filter(pl.col("name").is_not_null())
    raise UnreadableFile(f"{folder.file.name} has no sheet with the columns {', '.join(sorted(NEEDED))}.")
