"""ECCP: profiles of cluster organisations, networks and partnerships, and who is listed as member."""

from __future__ import annotations

from functools import cache

import polars as pl

from transforms.dates import date, precision
from transforms.landing import LandingFolder, Origin
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.names import folded, trimmed
from transforms.places import TABLES, country
from transforms.text import passages

# A member who is a person by the words of the list: counted, and not kept.
INDIVIDUAL = pl.col("unprofiled") & pl.col("organisation_name").str.contains(
    r"^(?:Mr|Mrs|Ms|Dr|Prof|Mme|Herr|Frau)\.? |(?i:freelanc|sole trader|self-employed|auto-entrepreneur)"
)
COMMON = ("source", "door", "source_id", "url", "fetched_at", "origin")


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of one landing of ECCP."""
    return normalise(folder.records(), folder.origin)


def count(folder: LandingFolder) -> int:
    """Profiles of networks, and members that they list."""
    kinds = folder.records()["kind_of_record"]
    return int(kinds.is_in(["network", "membership"]).sum())


def normalise(records: pl.DataFrame, origin: Origin) -> Tidy:
    """Records of all kinds to tidy frames."""
    rows = origin.stamp(records.lazy())
    kind = pl.col("kind_of_record")
    networks = rows.filter(kind == "network")
    organisations = rows.filter(kind == "organisation")
    listed = _members(rows.filter(kind == "membership"), organisations)
    members = listed.filter(~INDIVIDUAL)
    individuals = listed.filter(INDIVIDUAL).with_columns(reason=pl.lit("individual")).collect()
    memberships = _memberships(members).collect()
    key = pl.struct("network_source_id", "organisation_source_id", "valid_from")
    first = memberships.select(key.is_first_distinct()).to_series()
    said_twice = memberships.filter(~first).with_columns(reason=pl.lit("listed twice"))
    return assemble(
        {
            "network": _networks(networks),
            "organisation": pl.concat([_organisations(organisations), _unprofiled(members)]),
            "membership": memberships.filter(first),
            "name": _names(networks, organisations),
            "passage": _passages(rows.filter(kind == "passage")),
            "claim": _claims(rows.filter(kind == "claim"), networks),
        },
        [set_aside("membership", said_twice), set_aside("membership", individuals, keep_content=False)],
    )


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
        website=trimmed(pl.col("website")),
        programme=trimmed(pl.col("programme")),
        call="call",
        start_date=date(pl.col("start_date")),
        end_date=date(pl.col("end_date")),
        date_precision=pl.coalesce(precision(pl.col("start_date")), precision(pl.col("end_date"))),
        language="language",
    )


def _organisations(rows: pl.LazyFrame) -> pl.LazyFrame:
    place = trimmed(pl.col("city"))
    return rows.select(
        *COMMON,
        name=trimmed(pl.col("name")),
        name_key=name_key(pl.col("name")),
        short_name=trimmed(pl.col("short_name")),
        kind="kind",
        # Profiles often name the country where the city was asked for.
        city=pl.when(country(place).is_null()).then(place),
        country=country(pl.col("country")),
        country_original="country",
        website=trimmed(pl.col("website")),
    )


def _members(rows: pl.LazyFrame, organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Members with the key of their profile, or one of their own where they have none."""
    profiles = organisations.select(
        organisation_id=pl.col("url").str.extract(r"^https?://[^/]+(/.*)$"), profile="source_id"
    )
    own = pl.concat_str(
        "network_id", folded(pl.col("organisation_name")), country(pl.col("country")), separator=":", ignore_nulls=True
    )
    linked = pl.col("organisation_id").str.starts_with("/")
    return rows.join(profiles, on="organisation_id", how="left").with_columns(
        unprofiled=pl.col("profile").is_null(),
        organisation_source_id=pl.coalesce("profile", pl.when(linked).then("organisation_id").otherwise(own)),
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
            short_name=pl.lit(None, pl.String),
            kind=pl.lit(None, pl.String),
            city=trimmed(pl.col("city")),
            country=country(pl.col("country")),
            country_original="country",
            website=pl.lit(None, pl.String),
        )
        .select(*COMMON, "name", "name_key", "short_name", "kind", "city", "country", "country_original", "website")
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


def _names(networks: pl.LazyFrame, organisations: pl.LazyFrame) -> pl.LazyFrame:
    def named(rows: pl.LazyFrame, entity: str, name: pl.Expr, kind: str) -> pl.LazyFrame:
        return rows.select(
            *COMMON,
            entity_kind=pl.lit(entity),
            entity_source_id="source_id",
            name=trimmed(name),
            language="language",
            kind=pl.lit(kind),
        ).filter(pl.col("name").is_not_null())

    return pl.concat(
        [
            named(networks, "network", pl.col("name"), "official"),
            named(networks, "network", pl.col("acronym"), "acronym"),
            named(networks.explode("aliases"), "network", pl.col("aliases"), "alias"),
            named(organisations, "organisation", pl.col("name"), "official"),
            named(organisations, "organisation", pl.col("short_name"), "short"),
        ]
    )


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
    return pl.concat([said.select(order), earlier.select(order)])
