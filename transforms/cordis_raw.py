"""What a file or a landing of CORDIS holds before it is normalised: three tables of text, whatever shape they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from transforms import cordis_xml
from transforms.landing import UnreadableFile

PROJECT_COLUMNS = (
    *cordis_xml.PROJECT_FIELDS,
    "frameworkProgramme",
    "legalBasis",
    "topics",
    "masterCall",
    "fundingScheme",
)
ORGANISATION_COLUMNS = (
    "projectID",
    "organisationID",
    "vatNumber",
    "name",
    "shortName",
    "activityType",
    "street",
    "postCode",
    "city",
    "country",
    "nutsCode",
    "geolocation",
    "organizationURL",
    "order",
    "role",
    "ecContribution",
    "totalCost",
)
SCIENCE_COLUMNS = ("projectID", "euroSciVocPath")
# `elements` says how many organisation elements an unreadable document holds, none of which can be read.
NO_ROWS = pl.DataFrame(schema={"source_id": pl.String, "reason": pl.String, "elements": pl.String})


@dataclass(slots=True)
class Raw:
    """What a file holds, columns as text; a `register` lists organisations by themselves."""

    projects: pl.LazyFrame = field(default_factory=lambda: none(PROJECT_COLUMNS))
    organisations: pl.LazyFrame = field(default_factory=lambda: none(ORGANISATION_COLUMNS))
    science: pl.LazyFrame = field(default_factory=lambda: none(SCIENCE_COLUMNS))
    unreadable: pl.DataFrame = field(default_factory=lambda: NO_ROWS)
    register: bool = False


def merged(files: list[Raw]) -> Raw:
    """What several archives hold together."""
    if len(files) == 1:
        return files[0]
    return Raw(
        pl.concat(file.projects for file in files),
        pl.concat(file.organisations for file in files),
        pl.concat(file.science for file in files),
        pl.concat([file.unreadable for file in files]),
    )


def none(columns: tuple[str, ...]) -> pl.LazyFrame:
    return pl.LazyFrame(schema=dict.fromkeys(columns, pl.String))


def from_documents(
    documents: Iterable[tuple[str, bytes]],
    parse: Callable[[bytes], tuple[cordis_xml.Row, list[cordis_xml.Row], list[cordis_xml.Row]]],
    count: Callable[[bytes], int],
) -> Raw:
    """Documents of one project each, read by `parse` of their format; one that cannot be read is set aside."""
    projects: list[cordis_xml.Row] = []
    organisations: list[cordis_xml.Row] = []
    science: list[cordis_xml.Row] = []
    unreadable: list[dict[str, str]] = []
    for name, document in documents:
        try:
            project, elements, fields = parse(document)
        except cordis_xml.Unreadable as error:
            unreadable.append({"source_id": name, "reason": str(error), "elements": str(count(document))})
            continue
        projects.append(project)
        organisations.extend(elements)
        science.extend(fields)
    return Raw(
        frame_of(projects, PROJECT_COLUMNS).lazy(),
        frame_of(organisations, ORGANISATION_COLUMNS).lazy(),
        frame_of(science, SCIENCE_COLUMNS).lazy(),
        pl.DataFrame(unreadable, schema=NO_ROWS.schema),
    )


def frame_of(rows: list[cordis_xml.Row], columns: tuple[str, ...]) -> pl.DataFrame:
    """Rows of dictionaries as a frame of texts; an empty text is missing."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.select(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns)


def aligned(table: pl.LazyFrame | None, columns: tuple[str, ...]) -> pl.LazyFrame:
    """The columns that are wanted, in their order; one that a copy lacks is empty."""
    if table is None:
        return none(columns)
    have = table.collect_schema().names()
    if columns[0] not in have:
        raise UnreadableFile(f"A table of the archive has no column {columns[0]}; is it a CORDIS archive?")
    empty = pl.lit(None, pl.String)
    return table.select((pl.col(name) if name in have else empty).alias(name) for name in columns)
