"""CORDIS: projects, organisations and who took part, from the search's XML or from any file of `cordis_files`."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from transforms import cordis_xml
from transforms.cordis_files import File, tags
from transforms.cordis_raw import Raw, from_documents, merged
from transforms.dates import date
from transforms.landing import LandingFolder, Origin
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.money import money
from transforms.names import trimmed
from transforms.places import coordinate, country, nuts_code
from transforms.text import passages

PORTAL_URL = "https://cordis.europa.eu/"

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
# A person entered as an organisation: surname in capitals, given name, and no address at all.
PERSON = r"^\p{Lu}{2,}(?:[ -]\p{Lu}{2,})?,? \p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?$"


def detect(file: Path) -> str:
    """Which door a downloaded file comes through; raises UnreadableFile with the way out."""
    return File(file).door


def project_url(number: pl.Expr) -> pl.Expr:
    """The page of a project, by its grant or, written `rcn-…`, its record number."""
    by_record = pl.lit(f"{PORTAL_URL}project/rcn/") + number.str.strip_prefix("rcn-")
    return pl.when(number.str.starts_with("rcn-")).then(by_record).otherwise(f"{PORTAL_URL}project/id/" + number)


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of one landing of CORDIS, whichever door it came through."""
    return normalise(read(folder), folder.origin)


def read(folder: LandingFolder) -> Raw:
    """Projects and organisation elements of a landing, values as text."""
    if folder.door == "search":
        documents = ((path.name, path.read_bytes()) for path in sorted(folder.files.glob("*.xml")))
        return from_documents(documents, cordis_xml.parse, tags)
    return merged([File(path).read() for path in sorted(folder.files.iterdir())])


def count(folder: LandingFolder) -> int:
    """Organisation elements of a landing (projects or organisations of a file without any), counted apart from their reading."""
    if folder.door == "search":
        return sum(tags(path.read_bytes()) for path in folder.files.glob("*.xml"))
    return sum(File(path).count() for path in folder.files.iterdir())


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return File(folder.file).finest if folder.from_file else ("participation",)


# Normalising --------------------------------------------------------------------------------------
def normalise(raw: Raw, origin: Origin) -> Tidy:
    """Raw columns to tidy frames."""
    unreadable = origin.stamp(raw.unreadable.lazy().with_columns(elements=pl.col("elements").cast(pl.Int64))).collect()
    held = unreadable.filter(pl.col("elements") > 0)
    lost = held.select(pl.all().repeat_by("elements")).explode(held.columns)
    rejected = [set_aside("project", unreadable), set_aside("participation", lost)]
    if raw.register:
        return _register(raw, origin, rejected)
    elements = origin.stamp(_elements(raw.organisations)).collect()
    reason = pl.col("reason").is_not_null()
    for_people = pl.col("reason") == "individual"
    apart = elements.filter(reason)
    if len(apart):
        rejected.append(set_aside("participation", apart.filter(~for_people)))
        rejected.append(set_aside("participation", apart.filter(for_people), keep_content=False))
        elements = elements.filter(~reason)
    kept = elements.lazy()
    bodies = elements.unique("organisationID", keep="first", maintain_order=True).lazy()
    stamped = origin.stamp(raw.projects, url=project_url(pl.col("id")), source_id=pl.col("id")).collect()
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
        "claim": _claims(origin.stamp(raw.science, url=project_url(pl.col("projectID")))),
    }
    return assemble(frames, rejected)


def _register(raw: Raw, origin: Origin, rejected: list[pl.DataFrame]) -> Tidy:
    """Organisations by themselves, without the projects that they are in."""
    rows = origin.stamp(raw.organisations, source_id=pl.col("organisationID"), url=pl.lit(PORTAL_URL)).collect()
    first = rows["source_id"].is_first_distinct()
    rejected.append(set_aside("organisation", rows.filter(~first).with_columns(reason=pl.lit("listed twice"))))
    bodies = rows.filter(first).lazy()
    frames = {"organisation": _organisations(bodies), "name": _names(bodies), "identifier": _identifiers(bodies)}
    return assemble(frames, rejected)


def _elements(organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Organisation elements with a key, the page of their project, and the reason to set them aside."""
    nameless = pl.concat_str(pl.lit("no-pic"), "projectID", "order", separator=":", ignore_nulls=True)
    key = pl.concat_str("projectID", "organisationID", "order", "role", separator=":", ignore_nulls=True)
    address = pl.col("street", "postCode", "city", "vatNumber").is_not_null()
    # A file without any address says nothing by leaving them out.
    person = ~pl.any_horizontal(address) & pl.any_horizontal(address).any() & pl.col("name").str.contains(PERSON)
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
        url=project_url(pl.col("projectID")),
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
