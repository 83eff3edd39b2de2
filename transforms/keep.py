"""keep.eu: projects and partners, from the spider, from exports of the portal, or from a national Interreg list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from transforms import records
from transforms.dates import date
from transforms.files import content, is_web_page, slug, text, under_headings, workbook
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.money import money
from transforms.names import folded, trimmed
from transforms.places import country
from transforms.text import passages

COMMON = records.COMMON
PUBLISHER = "https://keep.eu/projects/"
SWEDISH = "https://tillvaxtverket.se/"  # publishes the national list of partners, known by its Swedish headings
TAKEN = (
    "hand over an export of keep.eu or a list of operations (xlsx), or partner rows of a national Interreg list (JSON)"
)
# Our columns and what the sources of partner rows call them; the first that is there counts.
PARTNER_COLUMNS: dict[str, tuple[str, ...]] = {
    "programme": ("program", "Programme", "Programme acronym", "Programme name"),
    "project": ("projektnamn", "Project acronym", "Acronym", "Project name", "Project title", "Operation name"),
    "project_title": ("projektnamn", "Project name", "Project title", "Operation name", "Name of the operation"),
    "start": ("startdatum", "Start date", "Project start date", "Operation start date"),
    "end": ("slutdatum", "End date", "Project end date", "Operation end date"),
    "name": ("organisationsnamn", "Partner name", "Partner name in English", "Name of the partner", "Beneficiary name"),
    "role": ("organisationsroll", "Partner role", "Lead partner", "Role", "Lead Partner (Y/N)"),
    "country": ("land", "Country", "Partner country"),
    "city": ("Town", "City"),
    "region": ("nuts3", "NUTS 3", "NUTS3"),
    "budget": ("partnerbudget", "Total budget", "Partner budget", "Total eligible cost"),
    "pic": ("PIC",),
    "number": ("Partner's IDs if not PIC", "Registration number"),
}
NEEDED = ("project", "name")
# keep.eu's own code of a partner looks like a national number and is none.
OWN_CODE = r"^[A-Z]{2}\d{3}000\d{3}$"


def detect(file: Path) -> str:
    """Which door a downloaded file comes through, by its name; raises UnreadableFile with the way out."""
    partner_rows(file)
    return slug(file.name.split(".")[0])


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of a crawl or a file."""
    if not folder.from_file:
        return records.tidy(folder)
    national = "projektnamn" in content(folder.file)[1][:2000].decode("utf-8", "replace")
    return from_partners(partner_rows(folder.file), folder.origin, SWEDISH if national else PUBLISHER)


def count(folder: LandingFolder) -> int:
    """Projects and partners of a crawl; partner rows of a file."""
    if not folder.from_file:
        return records.count(folder)
    name, raw = content(folder.file)
    if name.lower().endswith(".json"):
        return len(json.loads(raw))
    return sum(len(sheet.filter(pl.any_horizontal(pl.all().is_not_null()))) for sheet in _partner_sheets(folder.file))


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return ("participation",) if folder.from_file else records.FINEST


# Reading ------------------------------------------------------------------------------------------
def partner_rows(file: Path) -> pl.DataFrame:
    """One row a partner in a project, columns by our names, values as text; raises UnreadableFile."""
    name, raw = content(file)
    if is_web_page(raw):
        raise UnreadableFile(f"{file.name} is a web page, no file of Interreg partners; {TAKEN}.")
    if name.lower().endswith(".json"):
        return _named(_of_json(file.name, raw), file.name)
    if not raw.startswith(b"PK"):
        raise UnreadableFile(f"{file.name} is neither a workbook nor JSON; {TAKEN}.")
    sheets = [_named(sheet, file.name) for sheet in _partner_sheets(file)]
    return pl.concat(sheets)


def _of_json(file_name: str, raw: bytes) -> pl.DataFrame:
    try:
        rows: Any = json.loads(text(raw))
    except ValueError as error:
        raise UnreadableFile(f"{file_name} is no JSON ({error}); {TAKEN}.") from None
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        raise UnreadableFile(f"{file_name} holds no list of partner rows; {TAKEN}.")
    columns = {key: pl.String for row in rows for key in row}
    cells = [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]
    return pl.DataFrame(cells, schema=columns)


def _partner_sheets(file: Path) -> list[pl.DataFrame]:
    """The sheets that list partners: those with a heading for the partner's name and one for the project."""
    found = []
    for sheet in workbook(file).values():
        for partner in PARTNER_COLUMNS["name"]:
            table = under_headings(sheet, {partner})
            if table is not None and any(column in table.columns for column in PARTNER_COLUMNS["project"]):
                found.append(table.filter(pl.any_horizontal(pl.all().is_not_null())))
                break
    if not found:
        raise UnreadableFile(
            f"{file.name} has no sheet with partners (a column {' or '.join(PARTNER_COLUMNS['name'])}); {TAKEN}."
        )
    return found


def _named(table: pl.DataFrame, file_name: str) -> pl.DataFrame:
    chosen = {
        ours: next((theirs for theirs in names if theirs in table.columns), None)
        for ours, names in PARTNER_COLUMNS.items()
    }
    if missing := [ours for ours in NEEDED if chosen[ours] is None]:
        wanted = ", ".join(" or ".join(PARTNER_COLUMNS[ours]) for ours in missing)
        raise UnreadableFile(f"{file_name} has no column {wanted}; {TAKEN}.")
    none = pl.lit(None, pl.String)
    return table.select((pl.col(theirs) if theirs else none).alias(ours) for ours, theirs in chosen.items())


# Normalising --------------------------------------------------------------------------------------
def from_partners(table: pl.DataFrame, origin: Origin, publisher: str) -> Tidy:
    """Partner rows of a publisher to tidy frames: a project is its programme and name, for numbers repeat across programmes."""
    project = pl.concat_str(folded(pl.col("programme")), folded(pl.col("project")), separator=":", ignore_nulls=True)
    body = pl.concat_str(
        pl.lit("named"), folded(pl.col("name")), country(pl.col("country")), separator=":", ignore_nulls=True
    )
    rows = origin.stamp(
        table.lazy().with_columns(project_id=project, organisation_id=body),
        source_id=pl.concat_str(
            "project_id", "organisation_id", "role", "region", "budget", separator="|", ignore_nulls=True
        ),
        url=pl.lit(publisher),
    ).collect()
    nameless = rows.select(trimmed(pl.col("name")).is_null()).to_series()
    person = rows.select(individual(pl.col("name")).fill_null(False)).to_series()
    persons = rows.filter(person).with_columns(reason=pl.lit("individual"))
    first = rows["source_id"].is_first_distinct() | nameless | person
    again = pl.concat(
        [
            rows.filter(nameless).with_columns(reason=pl.lit("the partner has no name")),
            rows.filter(~first).with_columns(reason=pl.lit("listed twice")),
        ]
    )
    kept = rows.filter(first & ~nameless & ~person).lazy()
    projects = kept.unique("project_id", keep="first", maintain_order=True).with_columns(source_id="project_id")
    bodies = kept.unique("organisation_id", keep="first", maintain_order=True).with_columns(source_id="organisation_id")
    interreg = pl.lit("Interreg ") + pl.col("programme").str.replace("(?i)^interreg ", "")
    return assemble(
        {
            "project": projects.select(
                *COMMON,
                title=trimmed(pl.col("project_title")),
                framework=pl.lit("Interreg"),
                programme=interreg,
                start_date=date(pl.col("start")),
                end_date=date(pl.col("end")),
                currency=pl.lit("EUR"),
                label_only=pl.lit(False),
            ),
            "organisation": bodies.select(
                *COMMON,
                name=trimmed(pl.col("name")),
                name_key=name_key(pl.col("name")),
                city=trimmed(pl.col("city")),
                country=country(pl.col("country")),
                country_original="country",
            ),
            "participation": kept.select(
                *COMMON,
                project_source_id="project_id",
                organisation_source_id="organisation_id",
                role=records.role(pl.col("role")),
                role_original="role",
                total_cost=money(pl.col("budget")),
            ),
            "name": bodies.select(
                *COMMON,
                entity_kind=pl.lit("organisation"),
                entity_source_id="source_id",
                name=trimmed(pl.col("name")),
                kind=pl.lit("official"),
            ).filter(pl.col("name").is_not_null()),
            "identifier": _identifiers(bodies),
            "passage": passages(
                projects.select(
                    *COMMON,
                    subject_kind=pl.lit("project"),
                    subject_source_id="source_id",
                    language=pl.lit("en"),
                    text="project_title",
                )
            ),
        },
        [set_aside("participation", again), set_aside("participation", persons, keep_content=False)],
    )


def _identifiers(bodies: pl.LazyFrame) -> pl.LazyFrame:
    def of(column: str, scheme: str, good: pl.Expr) -> pl.LazyFrame:
        return bodies.select(
            *COMMON,
            entity_kind=pl.lit("organisation"),
            entity_source_id="source_id",
            scheme=pl.lit(scheme),
            value=trimmed(pl.col(column)),
        ).filter(good)

    national = pl.col("value").str.contains(r"\d{4}") & ~pl.col("value").str.contains(OWN_CODE)
    return pl.concat([of("pic", "PIC", pl.col("value").str.contains(r"^\d{9}$")), of("number", "national", national)])
