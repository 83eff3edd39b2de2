"""Records of any spider to tidy frames: networks, who is in them, projects, who takes part, texts and claims."""

from __future__ import annotations

from functools import cache

import polars as pl

from transforms.dates import date, precision
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.money import money
from transforms.names import folded, trimmed, web_address
from transforms.places import TABLES, coordinate, country, nuts_code
from transforms.text import passages

FINEST = ("network", "membership", "project", "participation")
COMMON = ("source", "door", "source_id", "url", "fetched_at", "origin")


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of a landing of records."""
    return normalise(folder.records(), folder.origin)


def count(folder: LandingFolder) -> int:
    """Networks, members, projects and participants that the landing's pages name."""
    return int(folder.records()["kind_of_record"].is_in(FINEST).sum())


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return FINEST


def normalise(records: pl.DataFrame, origin: Origin) -> Tidy:
    """Records of all kinds to tidy frames; what is said twice, and members who are persons, are set aside."""
    rows = origin.stamp(records.lazy())

    def of(kind: str) -> pl.LazyFrame:
        return rows.filter(pl.col("kind_of_record") == kind)

    everyone = of("organisation").unique("source_id", keep="first", maintain_order=True)
    a_person = individual(pl.col("name")).fill_null(False)
    people = everyone.filter(a_person).select(organisation_id="source_id").collect().to_series().implode()
    organisations = everyone.filter(~a_person)
    listed = _members(of("membership"), organisations)
    # A member who is a person: counted, and not kept.
    person = individual(pl.col("organisation_name")).fill_null(False) | pl.col("organisation_id").is_in(people)
    individuals = listed.filter(person).with_columns(reason=pl.lit("individual")).collect()
    members = listed.filter(~person)
    taking_part = of("participation")
    by_person = pl.col("organisation_id").is_in(people)
    alone = taking_part.filter(by_person).with_columns(reason=pl.lit("individual")).collect()
    rejected = [
        set_aside("membership", individuals, keep_content=False),
        set_aside("participation", alone, keep_content=False),
    ]

    def once(frame: str, lazy: pl.LazyFrame, *key: str) -> pl.DataFrame:
        """Rows of a frame by their key; the others are set aside."""
        found = lazy.collect()
        first = found.select(pl.struct(*key).is_first_distinct()).to_series()
        if not first.all():
            again = found.filter(~first).with_columns(reason=pl.lit("listed twice"))
            rejected.append(set_aside(frame, again))
        return found.filter(first)

    networks = of("network").unique("source_id", keep="first", maintain_order=True)
    frames: dict[str, pl.LazyFrame | pl.DataFrame] = {
        "network": once("network", _networks(of("network")), "source_id"),
        "organisation": pl.concat([_organisations(organisations), _unprofiled(members)], how="diagonal"),
        "membership": once(
            "membership", _memberships(members), "network_source_id", "organisation_source_id", "valid_from", "valid_to"
        ),
        "project": once("project", _projects(of("project")), "source_id"),
        "participation": once("participation", _participations(taking_part.filter(~by_person)), "source_id"),
        "name": _names(networks, organisations, of("name")),
        "identifier": _identifiers(of("identifier")),
        "passage": _passages(of("passage")),
        "claim": _claims(of("claim"), networks),
    }
    return assemble(frames, rejected)


@cache
def _roles() -> tuple[list[str], list[str]]:
    table = pl.read_csv(TABLES / "role.csv", infer_schema=False)
    return table["word"].to_list(), table["role"].to_list()


def role(word: pl.Expr) -> pl.Expr:
    """Our word for a role; null for a word not met before (the portal's own stays beside)."""
    words, roles = _roles()
    return word.str.strip_chars().str.to_lowercase().replace_strict(words, roles, default=None)


def _networks(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        name=trimmed(pl.col("name")),
        name_key=name_key(pl.col("name")),
        acronym=trimmed(pl.col("acronym")),
        kind="kind",
        member_type=trimmed(pl.col("member_type")),
        website=web_address(pl.col("website")),
        programme=trimmed(pl.col("programme")),
        call="call",
        start_date=date(pl.col("start_date")),
        end_date=date(pl.col("end_date")),
        date_precision=pl.coalesce(precision(pl.col("start_date")), precision(pl.col("end_date"))),
        language="language",
    )


def _organisations(rows: pl.LazyFrame) -> pl.LazyFrame:
    place = trimmed(pl.col("city"))
    code = nuts_code(pl.col("nuts_code"))
    return rows.select(
        *COMMON,
        name=trimmed(pl.col("name")),
        name_key=name_key(pl.col("name")),
        short_name=trimmed(pl.col("short_name")),
        kind="kind",
        street=trimmed(pl.col("street")),
        postcode=trimmed(pl.col("postcode")),
        # Profiles often name the country where the city was asked for.
        city=pl.when(country(place).is_null()).then(place),
        country=country(pl.col("country")),
        country_original="country",
        nuts_code=code,
        nuts_version=pl.when(code.is_not_null()).then(pl.lit("not stated")),
        lon=coordinate(pl.col("geolocation"), 1),
        lat=coordinate(pl.col("geolocation"), 0),
        website=web_address(pl.col("website")),
    )


def _members(rows: pl.LazyFrame, organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Members with the key of their profile (its number or its address), or one of their own where they have none."""
    by_id = organisations.select(organisation_id="source_id", by_id="source_id")
    by_address = (
        organisations.select(
            organisation_id=pl.col("url").str.extract(r"^https?://[^/]+(/.+)$"), by_address="source_id"
        )
        .filter(pl.col("organisation_id").is_not_null())
        .unique("organisation_id", keep="first", maintain_order=True)
    )
    own = pl.concat_str(
        "network_id", folded(pl.col("organisation_name")), country(pl.col("country")), separator=":", ignore_nulls=True
    )
    linked = pl.col("organisation_id").str.starts_with("/")
    return (
        rows.join(by_id, on="organisation_id", how="left")
        .join(by_address, on="organisation_id", how="left")
        .with_columns(profile=pl.coalesce("by_id", "by_address"))
        .with_columns(
            unprofiled=pl.col("profile").is_null(),
            organisation_source_id=pl.coalesce("profile", pl.when(linked).then("organisation_id").otherwise(own)),
        )
    )


def _unprofiled(members: pl.LazyFrame) -> pl.LazyFrame:
    """Organisations that only a member list names."""
    return (
        members.filter("unprofiled")
        .unique("organisation_source_id", keep="first", maintain_order=True)
        .select(
            *(column for column in COMMON if column != "source_id"),
            source_id="organisation_source_id",
            name=trimmed(pl.col("organisation_name")),
            name_key=name_key(pl.col("organisation_name")),
            city=trimmed(pl.col("city")),
            country=country(pl.col("country")),
            country_original="country",
        )
    )


def _memberships(members: pl.LazyFrame) -> pl.LazyFrame:
    return members.select(
        *COMMON,
        network_source_id="network_id",
        organisation_source_id="organisation_source_id",
        role=role(pl.col("role")),
        role_original="role",
        valid_from=date(pl.col("valid_from")),
        valid_to=date(pl.col("valid_to")),
        date_precision=precision(pl.col("valid_from")),
        basis=pl.when(pl.col("role").str.contains("(?i)found")).then(pl.lit("founder")).otherwise("basis"),
    )


def _projects(rows: pl.LazyFrame) -> pl.LazyFrame:
    cost = money(pl.col("total_cost"))
    return rows.select(
        *COMMON,
        acronym=trimmed(pl.col("acronym")),
        title=trimmed(pl.col("title")),
        framework="framework",
        programme=trimmed(pl.col("programme")),
        call=trimmed(pl.col("call")),
        topic=trimmed(pl.col("topic")),
        funding_scheme="funding_scheme",
        status="status",
        start_date=date(pl.col("start_date")),
        end_date=date(pl.col("end_date")),
        eu_contribution=money(pl.col("eu_contribution")),
        total_cost=pl.when(cost > 0).then(cost),
        currency="currency",
        label_only=pl.col("label_only").fill_null(False),
    )


def _participations(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        project_source_id="project_id",
        organisation_source_id="organisation_id",
        position=pl.col("position").cast(pl.Int32, strict=False),
        role=role(pl.col("role")),
        role_original="role",
        eu_contribution=money(pl.col("eu_contribution")),
        total_cost=money(pl.col("total_cost")),
    )


def _names(networks: pl.LazyFrame, organisations: pl.LazyFrame, others: pl.LazyFrame) -> pl.LazyFrame:
    def named(rows: pl.LazyFrame, entity: str, name: pl.Expr, kind: str) -> pl.LazyFrame:
        return rows.select(
            *COMMON,
            entity_kind=pl.lit(entity),
            entity_source_id="source_id",
            name=trimmed(name),
            language="language",
            kind=pl.lit(kind),
        )

    further = others.select(
        *COMMON,
        entity_kind="entity_kind",
        entity_source_id="entity_id",
        name=trimmed(pl.col("name")),
        language="language",
        kind="name_kind",
    )
    parts = [
        named(networks, "network", pl.col("name"), "official"),
        named(networks, "network", pl.col("acronym"), "acronym"),
        named(networks.explode("aliases"), "network", pl.col("aliases"), "alias"),
        named(organisations, "organisation", pl.col("name"), "official"),
        named(organisations, "organisation", pl.col("short_name"), "short"),
        further,
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("name").is_not_null())
        .unique(("entity_kind", "entity_source_id", "name", "kind"), keep="first", maintain_order=True)
    )


def _identifiers(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        *COMMON,
        entity_kind="entity_kind",
        entity_source_id="entity_id",
        scheme="scheme",
        value=trimmed(pl.col("value")),
    ).unique(("entity_kind", "entity_source_id", "scheme", "value"), keep="first", maintain_order=True)


def _passages(rows: pl.LazyFrame) -> pl.LazyFrame:
    return passages(rows.select(*COMMON, "subject_kind", "language", "text", subject_source_id="subject_id")).unique(
        ("subject_kind", "subject_source_id", "text"), keep="first", maintain_order=True
    )


def _claims(rows: pl.LazyFrame, networks: pl.LazyFrame) -> pl.LazyFrame:
    """Labelled values; counts as plain digits, earlier initiatives of a network one by one."""
    counted = pl.col("attribute").str.contains("_stated$|^founded$|^staff_fte$")
    digits = pl.col("value").str.replace_all(r"[\s,.](\d{3})\b", "$1").str.extract(r"(\d+(?:[.,]\d+)?)")
    said = rows.select(
        *COMMON,
        "subject_kind",
        "attribute",
        subject_source_id="subject_id",
        value=pl.when(counted).then(digits).otherwise(trimmed(pl.col("value"))),
        original="value",
    )
    previous = networks.explode("previous").select(
        *COMMON,
        subject_kind=pl.lit("network"),
        attribute=pl.lit("previous_initiative"),
        subject_source_id="source_id",
        value=trimmed(pl.col("previous")),
        original="previous",
    )
    order = [*COMMON, "subject_kind", "attribute", "subject_source_id", "value", "original"]
    earlier = previous.filter(pl.col("value").is_not_null())
    return pl.concat([said.select(order), earlier.select(order)]).filter(pl.col("value").is_not_null())
