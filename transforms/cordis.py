"""CORDIS: projects, organisations and who took part, from XML (archive or search) or CSV archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from transforms import cordis_xml
from transforms.dates import date
from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.names import trimmed
from transforms.places import coordinate, country, nuts_code
from transforms.text import passages

PROJECT_URL = "https://cordis.europa.eu/project/id/"
ROLES = {
    "coordinator": "coordinator",
    "participant": "participant",
    "associatedPartner": "associated_partner",
    "thirdParty": "third_party",
    "partner": "partner",
    "internationalPartner": "international_partner",
}
OWNER_OF_RESULTS = "isRegisteredBy"
ACTIVITIES = {
    "HES": "university",
    "REC": "research_centre",
    "PRC": "company",
    "PUB": "public_body",
    "OTH": "other",
}
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
LARGEST_ARCHIVE = 4 * 2**30  # bytes unpacked; the largest archive of CORDIS is well under one
# A person entered as an organisation: surname in capitals, given name, and no address at all.
PERSON = r"^\p{Lu}{2,}(?:[ -]\p{Lu}{2,})?,? \p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?$"

Raw = tuple[pl.LazyFrame, pl.LazyFrame, pl.LazyFrame, pl.DataFrame]


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of one landing of CORDIS, whichever door it came through."""
    projects, organisations, science, unreadable = read(folder)
    return normalise(projects, organisations, science, unreadable, folder.origin)


def count(folder: LandingFolder) -> int:
    """Organisation elements of a landing, counted apart from their reading: tags in XML, rows in CSV."""
    if folder.door == "search":
        return sum(_tags(path.read_bytes()) for path in folder.files.glob("*.xml"))
    (path,) = folder.files.iterdir()
    if path.suffix.lower() == ".csv":
        return _rows(path) if _table_of(path) == "organization.csv" else 0
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if Path(name).name == "organization.csv"]
        if tables:
            return _rows(io.BytesIO(archive.read(tables[0])))
        return sum(_tags(document) for _, document in cordis_xml.documents(path))


def _tags(document: bytes) -> int:
    return document.count(b"<organization ") + document.count(b"<organization>")


def _rows(table: Path | io.BytesIO) -> int:
    lazy = pl.scan_csv(table, separator=";", infer_schema=False, encoding="utf8-lossy")
    return int(lazy.select(pl.len()).collect().item())


# Reading ------------------------------------------------------------------------------------------
def read(folder: LandingFolder) -> Raw:
    """(projects, organisation elements, fields of science, unreadable documents), values as text."""
    if folder.door == "search":
        return from_documents((path.name, path.read_bytes()) for path in sorted(folder.files.glob("*.xml")))
    (path,) = folder.files.iterdir()
    return read_file(path)


def read_file(path: Path) -> Raw:
    """A downloaded archive or a single CSV table; raises UnreadableFile with the way out."""
    if path.suffix.lower() == ".csv":
        return from_tables({_table_of(path): path})
    if not zipfile.is_zipfile(path):
        head = path.open("rb").read(200).lstrip().lower()
        looks = "a web page (the portal answers so for a name that it does not have)" if head[:1] == b"<" else "no zip"
        raise UnreadableFile(f"{path.name} is {looks}; hand over a CORDIS archive (…-xml.zip or …-csv.zip).")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > LARGEST_ARCHIVE:
        raise UnreadableFile(f"{path.name} is {unpacked:,} bytes unpacked; that is no CORDIS archive.")
    if any(name.lower().endswith(".xml") for name in names):
        try:
            return from_documents(cordis_xml.documents(path))
        except ValueError as error:
            raise UnreadableFile(f"{path.name}: {error}.") from None
    tables = {Path(name).name: name for name in names if name.lower().endswith(".csv")}
    if "organization.csv" in tables or "project.csv" in tables:
        with zipfile.ZipFile(path) as archive:
            return from_tables({name: io.BytesIO(archive.read(member)) for name, member in tables.items()})
    raise UnreadableFile(f"{path.name} holds neither XML projects nor project.csv and organization.csv.")


def _table_of(path: Path) -> str:
    """Which table of the archive a single CSV file is, by its header."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = {name.strip().strip('"') for name in file.readline().split(";")}
    for table, columns in (("organization.csv", {"projectID", "role"}), ("project.csv", {"id", "title"})):
        if columns <= header:
            return table
    raise UnreadableFile(
        f"{path.name} has neither the columns of organization.csv nor of project.csv; "
        "hand over a table of a CORDIS archive, separated by ';'."
    )


def from_documents(documents: Iterable[tuple[str, bytes]]) -> Raw:
    """XML documents, one project each."""
    projects: list[cordis_xml.Row] = []
    organisations: list[cordis_xml.Row] = []
    science: list[cordis_xml.Row] = []
    unreadable: list[dict[str, str]] = []
    for name, document in documents:
        try:
            project, elements, fields = cordis_xml.parse(document)
        except cordis_xml.Unreadable as error:
            unreadable.append({"source_id": name, "reason": str(error)})
            continue
        projects.append(project)
        organisations.extend(elements)
        science.extend(fields)
    return (
        _frame(projects, PROJECT_COLUMNS).lazy(),
        _frame(organisations, ORGANISATION_COLUMNS).lazy(),
        _frame(science, SCIENCE_COLUMNS).lazy(),
        pl.DataFrame(unreadable, schema={"source_id": pl.String, "reason": pl.String}),
    )


def _frame(rows: list[cordis_xml.Row], columns: tuple[str, ...]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.select(_filled(name).alias(name) for name in columns)


def from_tables(tables: dict[str, Path | io.BytesIO]) -> Raw:
    """The CSV archive: columns by name, for their order differs between copies."""
    organisations = next((file for name, file in tables.items() if name.startswith("organization")), None)
    none = pl.DataFrame(schema={"source_id": pl.String, "reason": pl.String})
    return (
        _table(tables.get("project.csv"), PROJECT_COLUMNS),
        _table(organisations, ORGANISATION_COLUMNS),
        _table(tables.get("euroSciVoc.csv"), SCIENCE_COLUMNS),
        none,
    )


def _table(file: Path | io.BytesIO | None, columns: tuple[str, ...]) -> pl.LazyFrame:
    if file is None:
        return pl.LazyFrame(schema=dict.fromkeys(columns, pl.String))
    lazy = pl.scan_csv(file, separator=";", infer_schema=False, encoding="utf8-lossy", null_values=[""])
    have = lazy.collect_schema().names()
    if columns[0] not in have:
        raise UnreadableFile(f"A table of the archive has no column {columns[0]}; is it a CORDIS archive?")
    empty = pl.lit(None, pl.String)
    return lazy.select((pl.col(name) if name in have else empty).alias(name) for name in columns)


# Normalising --------------------------------------------------------------------------------------
def money(text: pl.Expr) -> pl.Expr:
    """Euros; decimal comma and point stand in one row, and blanks for thousands."""
    return text.str.replace_all(r"\s", "").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def normalise(
    projects: pl.LazyFrame,
    organisations: pl.LazyFrame,
    science: pl.LazyFrame,
    unreadable: pl.DataFrame,
    origin: Origin,
) -> Tidy:
    """Raw columns to tidy frames."""
    rejected = [set_aside("project", origin.stamp(unreadable.lazy()).collect())]
    elements = origin.stamp(_elements(organisations)).collect()
    reason = pl.col("reason").is_not_null()
    for_people = pl.col("reason") == "individual"
    apart = elements.filter(reason)
    if len(apart):
        rejected.append(set_aside("participation", apart.filter(~for_people)))
        rejected.append(set_aside("participation", apart.filter(for_people), keep_content=False))
        elements = elements.filter(~reason)
    kept = elements.lazy()
    bodies = elements.unique("organisationID", keep="first", maintain_order=True).lazy()
    stamped = origin.stamp(projects, url=PROJECT_URL + pl.col("id"), source_id=pl.col("id")).collect()
    again = ~stamped["id"].is_first_distinct()
    if again.any():
        rejected.append(set_aside("project", stamped.filter(again).with_columns(reason=pl.lit("listed twice"))))
    project_rows = stamped.filter(~again).lazy()
    frames = {
        "project": _projects(project_rows),
        "organisation": _organisations(bodies),
        "participation": _participations(kept),
        "name": _names(kept),
        "identifier": _identifiers(bodies),
        "passage": _passages(project_rows),
        "claim": _claims(origin.stamp(science, url=PROJECT_URL + pl.col("projectID"))),
    }
    return assemble(frames, rejected)


def _elements(organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Organisation elements with a key, the page of their project, and the reason to set them aside."""
    nameless = pl.concat_str(pl.lit("no-pic"), "projectID", "order", separator=":", ignore_nulls=True)
    key = pl.concat_str("projectID", "organisationID", "order", "role", separator=":", ignore_nulls=True)
    person = pl.all_horizontal(pl.col("street", "postCode", "city", "vatNumber").is_null()) & pl.col(
        "name"
    ).str.contains(PERSON)
    return organisations.with_columns(organisationID=pl.coalesce("organisationID", nameless)).with_columns(
        reason=pl.when(person)
        .then(pl.lit("individual"))
        .when(pl.col("role") == OWNER_OF_RESULTS)
        .then(pl.lit("not_a_participant"))
        .when(~pl.col("projectID").str.contains(r"^\d+$"))
        .then(pl.lit("columns shifted: the project number is no number"))
        .when(~key.is_first_distinct())
        .then(pl.lit("listed twice")),
        source_id=key,
        url=PROJECT_URL + pl.col("projectID"),
    )


def _filled(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


COMMON = ("source", "door", "url", "fetched_at", "origin")


def _projects(rows: pl.LazyFrame) -> pl.LazyFrame:
    cost = money(pl.col("totalCost"))
    return rows.select(
        *COMMON,
        "source_id",
        acronym=trimmed(pl.col("acronym")),
        title=trimmed(pl.col("title")),
        framework=pl.col("frameworkProgramme"),
        programme=pl.col("legalBasis"),
        call=pl.col("masterCall"),
        topic=pl.col("topics"),
        funding_scheme=pl.col("fundingScheme"),
        status=pl.col("status"),
        start_date=date(pl.col("startDate")),
        end_date=date(pl.col("endDate")),
        eu_contribution=money(pl.col("ecMaxContribution")),
        total_cost=pl.when(cost > 0).then(cost),  # 0 means that none was declared
        currency=pl.lit("EUR"),
        label_only=pl.lit(False),
    )


def _organisations(bodies: pl.LazyFrame) -> pl.LazyFrame:
    code = nuts_code(pl.col("nutsCode"))
    return bodies.select(
        *COMMON,
        source_id="organisationID",
        name=pl.coalesce(trimmed(pl.col("name")), trimmed(pl.col("shortName")), pl.lit("(no name given)")),
        name_key=name_key(pl.col("name")),
        short_name=trimmed(pl.col("shortName")),
        kind=pl.col("activityType").str.strip_chars("/").replace_strict(ACTIVITIES, default=None),
        street=trimmed(pl.col("street")),
        postcode=trimmed(pl.col("postCode")),
        city=trimmed(pl.col("city")),
        country=country(pl.col("country")),
        country_original=_filled("country"),
        nuts_code=code,
        # CORDIS mixes NUTS 2021 and 2024 and does not say which a code is of.
        nuts_version=pl.when(code.is_not_null()).then(pl.lit("2021 or 2024")),
        lon=coordinate(pl.col("geolocation"), 1),
        lat=coordinate(pl.col("geolocation"), 0),
        website=_filled("organizationURL"),
    )


def _participations(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        "source_id",
        project_source_id="projectID",
        organisation_source_id="organisationID",
        position=pl.col("order").cast(pl.Int32, strict=False),
        role=pl.col("role").replace_strict(ROLES, default=None),
        role_original=pl.col("role"),
        eu_contribution=money(pl.col("ecContribution")),
        total_cost=money(pl.col("totalCost")),
    )


def _names(rows: pl.LazyFrame) -> pl.LazyFrame:
    spellings = rows.select(*COMMON, "organisationID", "name", "shortName").unique(
        ("organisationID", "name", "shortName"), keep="first", maintain_order=True
    )
    kinds = [
        spellings.select(
            *COMMON,
            source_id="organisationID",
            entity_kind=pl.lit("organisation"),
            entity_source_id="organisationID",
            name=trimmed(pl.col(column)),
            kind=pl.lit(kind),
        ).filter(pl.col("name").is_not_null())
        for column, kind in (("name", "legal"), ("shortName", "short"))
    ]
    return pl.concat(kinds).unique(("entity_source_id", "name", "kind"), keep="first", maintain_order=True)


def _identifiers(bodies: pl.LazyFrame) -> pl.LazyFrame:
    schemes = [
        bodies.select(
            *COMMON,
            source_id="organisationID",
            entity_kind=pl.lit("organisation"),
            entity_source_id="organisationID",
            scheme=pl.lit(scheme),
            value=_filled(column),
        ).filter(pl.col("value").str.contains(pattern))
        for column, scheme, pattern in (("organisationID", "PIC", r"^\d{9}$"), ("vatNumber", "VAT", r"\d{4}"))
    ]
    return pl.concat(schemes)


def _passages(rows: pl.LazyFrame) -> pl.LazyFrame:
    texts = [
        rows.select(
            *COMMON,
            source_id="id",
            subject_kind=pl.lit("project"),
            subject_source_id="id",
            language=pl.lit("en"),
            text=column,
        )
        for column in ("title", "objective")
    ]
    return passages(pl.concat(texts))


def _claims(science: pl.LazyFrame) -> pl.LazyFrame:
    return science.select(
        *COMMON,
        source_id="projectID",
        subject_kind=pl.lit("project"),
        subject_source_id="projectID",
        attribute=pl.lit("euroscivoc"),
        value="euroSciVocPath",
        original="euroSciVocPath",
    ).unique(("source_id", "value"), keep="first", maintain_order=True)
