"""ECCP: profiles of cluster organisations, networks and partnerships, and a CSV of cluster profiles."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from transforms import records
from transforms.individuals import individual
from transforms.landing import LandingFolder, UnreadableFile
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.names import folded, trimmed
from transforms.places import country

URL = "https://www.clustercollaboration.eu/cluster-organisations"


def detect(file: Path) -> str:
    """`profiles`: a CSV of cluster profiles; raises UnreadableFile with what it lacks."""
    header = _header(file)
    if missing := {"name", "country"} - set(header):
        raise UnreadableFile(
            f"{file.name} has no column {' or '.join(sorted(missing))}; hand over a CSV of profiles with name and country."
        )
    return "profiles"


def _header(file: Path) -> list[str]:
    try:
        return pl.scan_csv(file, infer_schema=False).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableFile(
            f"{file.name} is no CSV ({str(error).splitlines()[0]}); hand over a CSV of profiles."
        ) from None


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of one landing of ECCP."""
    if folder.from_file:
        return from_profiles(folder)
    return records.tidy(folder)


def count(folder: LandingFolder) -> int:
    """Networks and members of a crawl; rows of a file."""
    if folder.from_file:
        return int(pl.scan_csv(folder.file, infer_schema=False).select(pl.len()).collect().item())
    return records.count(folder)


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return ("organisation",) if folder.from_file else records.FINEST


def from_profiles(folder: LandingFolder) -> Tidy:
    """A CSV of cluster profiles; two rows of one name in one place are one profile."""
    detect(folder.file)
    lazy = pl.scan_csv(folder.file, infer_schema=False)
    have = lazy.collect_schema().names()
    columns = ("name", "country", "city", "website", "ecosystem_code")
    table = lazy.select((pl.col(c) if c in have else pl.lit(None, pl.String)).alias(c) for c in columns)
    place = trimmed(pl.col("city"))
    key = pl.concat_str(
        pl.lit("csv"),
        folded(pl.col("name")),
        country(pl.col("country")),
        folded(place),
        separator=":",
        ignore_nulls=True,
    )
    rows = folder.origin.stamp(table, source_id=key, url=pl.lit(URL)).collect()
    again = rows.filter(~pl.col("source_id").is_first_distinct()).with_columns(reason=pl.lit("listed twice"))
    rows = rows.filter(pl.col("source_id").is_first_distinct())
    person = rows.select(individual(pl.col("name")).fill_null(False)).to_series()
    persons = rows.filter(person).with_columns(reason=pl.lit("individual"))
    rows = rows.filter(~person)
    kept = rows.lazy().select(
        *records.COMMON,
        name=trimmed(pl.col("name")),
        name_key=name_key(pl.col("name")),
        kind=pl.lit("cluster"),
        city=pl.when(country(place).is_null()).then(place),
        country=country(pl.col("country")),
        country_original="country",
        website=trimmed(pl.col("website")),
    )
    claims = rows.lazy().select(
        *records.COMMON,
        subject_kind=pl.lit("organisation"),
        subject_source_id="source_id",
        attribute=pl.lit("ecosystem"),
        value=trimmed(pl.col("ecosystem_code")),
        original="ecosystem_code",
    )
    return assemble(
        {"organisation": kept, "claim": claims.filter(pl.col("value").is_not_null())},
        [set_aside("organisation", again), set_aside("organisation", persons, keep_content=False)],
    )
