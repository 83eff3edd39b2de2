"""CORDIS' tables in CSV and JSON, stray quotes and all: what the portal publishes is not always what a CSV reader expects."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from transforms.cordis_raw import ORGANISATION_COLUMNS, PROJECT_COLUMNS, SCIENCE_COLUMNS, Raw, aligned


def from_tables(tables: dict[str, pl.LazyFrame]) -> Raw:
    """The tables of an archive: columns by name, for their order differs between copies."""
    organisations = aligned(tables.get("organization"), ORGANISATION_COLUMNS)
    return Raw(
        aligned(tables.get("project"), PROJECT_COLUMNS),
        realigned(organisations) if "organization" in tables else organisations,
        aligned(tables.get("euroSciVoc"), SCIENCE_COLUMNS),
    )


def table_of_csv(file: Path | io.BytesIO) -> pl.LazyFrame:
    """A table of CSV parted by `;`; one whose stray quotes shift its columns is parted at quote, `;`, quote instead."""
    head = file.open("rb").read(20_000) if isinstance(file, Path) else file.getvalue()[:20_000]
    if not head.lstrip(b"\xef\xbb\xbf").startswith(b'"'):
        return pl.scan_csv(file, separator=";", infer_schema=False, encoding="utf8-lossy", null_values=[""])
    raw = file.read_bytes() if isinstance(file, Path) else file.getvalue()
    strict = _strict(raw)
    return strict.lazy() if strict is not None else fully_quoted(raw).lazy()


def _strict(raw: bytes) -> pl.DataFrame | None:
    """The table as a CSV reader sees it, or None where the number of rows or the first column shows stray quotes."""
    try:
        table = pl.read_csv(raw, separator=";", infer_schema=False, encoding="utf8-lossy", null_values=[""])
    except pl.exceptions.PolarsError:
        return None
    first = table.to_series(0)
    numbers = bool(first.str.contains(r"^\d+$").fill_null(False).all())
    return table if numbers and len(table) == records_in(raw) else None


def fully_quoted(raw: bytes) -> pl.DataFrame:
    """A table whose every cell is quoted, parted without regard to quotes inside cells."""
    lines = records(raw)
    header = lines[0].split('";"')
    cells = pl.Series("cells", lines[1:]).str.split('";"')
    width = len(header)
    table = pl.DataFrame({name: cells.list.get(i, null_on_oob=True) for i, name in enumerate(header)})
    ends = cells.list.len() > width  # a text that holds the mark itself: the last columns cannot be told
    return table.with_columns(
        pl.when((pl.col(name) != "") & ~(ends & (i >= width - 1)))
        .then(pl.col(name).str.strip_chars('"').str.replace_all('""', '"', literal=True))
        .alias(name)
        for i, name in enumerate(header)
    )


def records(raw: bytes) -> list[str]:
    """The records of a table whose every cell is quoted, outermost quotes taken off; cells may hold newlines."""
    whole = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").strip("\n")
    return whole.removeprefix('"').removesuffix('"').split('"\n"')


def records_in(raw: bytes) -> int:
    """How many rows a table holds, its heading not counted."""
    if raw.lstrip(b"\xef\xbb\xbf").startswith(b'"'):
        return len(records(raw)) - 1
    table = pl.scan_csv(io.BytesIO(raw), separator=";", infer_schema=False, encoding="utf8-lossy")
    return int(table.select(pl.len()).collect().item())


def table_of_json(file: io.BytesIO) -> pl.LazyFrame:
    """A table of the JSON archive as it was until summer 2026: an array of flat objects."""
    table = pl.read_json(file, infer_schema_length=None)
    return table.select(pl.col(name).cast(pl.String, strict=False) for name in table.columns).lazy()


def realigned(organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that a stray quote in the web address shifted by one column, put right where the whole signature shows it."""
    amount = pl.col("role").str.contains(r"^[\d.,]*\d$")
    shifted = amount & pl.col("order").str.contains(r"^[A-Za-z]+$")
    return organisations.with_columns(
        role=pl.when(shifted).then("order").otherwise("role"),
        order=pl.when(~shifted).then("order"),
        ecContribution=pl.when(shifted).then("role").otherwise("ecContribution"),
        totalCost=pl.when(~shifted).then("totalCost"),
        organizationURL=pl.when(shifted)
        .then(pl.col("organizationURL").str.extract(r'^([^";]+)'))
        .otherwise("organizationURL"),
    )


def partners_of(table: pl.DataFrame) -> pl.LazyFrame:
    """Coordinator and partners of the flat CSV, one row each; countries only where there is one for each partner."""
    many = table.select(
        "id",
        name=pl.col("participants").str.split(";"),
        country=pl.col("participantCountries").str.split(";"),
    ).filter(pl.col("name").is_not_null())
    paired = many.with_columns(
        country=pl.when(pl.col("country").list.len() == pl.col("name").list.len())
        .then("country")
        .otherwise(pl.lit("").repeat_by(pl.col("name").list.len()))
    ).explode("name", "country")
    lead = table.select("id", name="coordinator", country="coordinatorCountry").filter(pl.col("name").is_not_null())
    rows = pl.concat(
        [
            lead.with_columns(role=pl.lit("coordinator"), order=pl.lit("1")),
            paired.with_columns(
                role=pl.lit("participant"), order=(pl.int_range(pl.len()).over("id") + 2).cast(pl.String)
            ),
        ]
    ).rename({"id": "projectID"})
    blank = [pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in ("name", "country")]
    return aligned(rows.with_columns(*blank).lazy(), ORGANISATION_COLUMNS)
