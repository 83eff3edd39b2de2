"""`match`: a user's own list of organisations, its double rows found and linked to the release."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.lists import opened
from flows.problems import Problem
from flows.settings import Settings
from flows.shelf import reading
from transforms.identity.clusters import UNSEEN, cluster
from transforms.identity.matcher import match
from transforms.identity.organisations import MARKS, scored
from transforms.identity.score import JOIN, probability

RELEASE = "metaclusters release"  # the source of its own organisations: it holds each of them once
COLUMNS = ("source", "country", "city", "street", "postcode", "short_name")
NUMBERS = {"vat": "VAT", "pic": "PIC", "ror": "ROR", "lei": "LEI", "registry_id": "REGISTRY"}
SITE = r"^(https?://)?(www\.)?([^/:?#]*).*$"
KNOWN = f"""
select
    organisation.organisation_id as record,
    organisation.name,
    organisation.country,
    organisation.city,
    regexp_replace(lower(organisation.website), '^(https?://)?(www\\.)?([^/:?#]*).*$', '\\3') as site,
    (select min(name) from name where entity_id = organisation_id and kind in ('short', 'acronym')) as short_name,
    (select {MARKS} from identifier where entity_id = organisation_id) as marks
from organisation
order by record
"""


def match_list(settings: Settings, file: Path, out: Path) -> int:
    """Write record_id, entity_id, matched_name and probability of each row; returns the exit status."""
    if not out.parent.is_dir():
        raise Problem(f"There is no folder {out.parent} to write {out.name} to.", code=2)
    mine = _read(file)
    known = _known(settings)
    both = pl.concat([mine, known], how="diagonal")
    found = match(both)
    score = scored(found).astype(np.float64)
    units = found.units
    left, right = (found.pairs[side].cast(pl.Int64).to_numpy() for side in ("l", "r"))
    ours = units["source"] == RELEASE
    # Two organisations of the release are two: that was decided with more than a list can show.
    apart = (ours[left] & ours[right]).to_numpy()
    score = np.where(apart, -1e6, score)
    group = cluster(len(units), left, right, score - JOIN, UNSEEN)
    rows = _entities(units, group, _strongest(left, right, score, group), known)
    asked = mine.select("record", "name").join(rows, on="record", how="left", maintain_order="left")
    asked = asked.with_columns(matched=pl.coalesce("matched", pl.col("name").first().over("entity")))
    asked.select(
        record_id="record", entity_id="entity", matched_name="matched", probability=pl.col("probability").round(4)
    ).write_csv(out)
    linked = asked.filter(pl.col("entity").is_in(known["record"].implode())).height
    print(
        f"{len(mine):,} rows, {asked['entity'].n_unique():,} organisations, {linked:,} rows known to the release: {out}",
        file=sys.stderr,
    )
    return 0


def _read(file: Path) -> pl.DataFrame:
    """A user's list in the columns that are compared; raises Problem where it cannot be used."""
    table = opened(file, "a CSV with record_id and name")
    if missing := [name for name in ("record_id", "name") if name not in table.columns]:
        raise Problem(f"{file.name} has no column {' and '.join(missing)}; it has {', '.join(table.columns)}.", code=2)
    table = _numbered(table, file)
    have = [name for name in COLUMNS if name in table.columns]
    land = pl.col("country").fill_null("") if "country" in table.columns else pl.lit("")
    marks = [_mark(pl.col(name), scheme, land) for name, scheme in NUMBERS.items() if name in table.columns]
    site = pl.col("url").str.to_lowercase().str.replace(SITE, "$3") if "url" in table.columns else pl.lit("")
    mark = pl.concat_str(marks, separator="|", ignore_nulls=True) if marks else pl.lit("")
    return table.select("name", *have, record="record_id", site=site, marks=mark)


def _mark(value: pl.Expr, scheme: str, land: pl.Expr) -> pl.Expr:
    """An official number as it compares; a register's is one of its country, and so is a VAT number without letters."""
    number = value.str.replace(r"^.*/", "").str.replace_all("[^0-9A-Za-z]", "").str.to_lowercase()
    if scheme in ("REGISTRY", "VAT"):
        bare = ~number.str.contains("^[a-z]") if scheme == "VAT" else pl.lit(True)
        number = pl.when(bare).then(land.str.to_lowercase() + number).otherwise(number)
    said = (number.str.len_chars() >= 3) & number.str.contains("[1-9]")
    return pl.when(said).then(pl.lit(f"{scheme}:") + number)


def _numbered(table: pl.DataFrame, file: Path) -> pl.DataFrame:
    """The rows that can be matched: each with an ID of its own and a name; the others are said and stay alone."""
    without = table["record_id"].is_null()
    if without.any():
        raise Problem(f"{file.name} has {without.sum():,} rows without record_id; number its rows.", code=2)
    if (again := table["record_id"].is_duplicated()).any():
        first = table.filter(again)["record_id"][0]
        raise Problem(f"{file.name}: record_id {first} stands on several rows; number its rows.", code=2)
    for record in table.filter(pl.col("name").is_null())["record_id"]:
        print(f"{record}: no name, left alone", file=sys.stderr)
    return table


def _known(settings: Settings) -> pl.DataFrame:
    """The organisations of the release in force, none where there is no release."""
    empty = pl.DataFrame(
        schema=dict.fromkeys(("record", "name", "country", "city", "site", "short_name", "marks"), pl.String)
    )
    try:
        with reading(settings) as connection:
            rows = _rows(connection)
    except Problem:
        print("There is no release yet: the list is only compared with itself.", file=sys.stderr)
        rows = empty
    return rows.with_columns(source=pl.lit(RELEASE))


def _rows(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return connection.execute(KNOWN).pl()


def _strongest(
    left: NDArray[np.int64], right: NDArray[np.int64], score: NDArray[np.float64], group: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The log-odds of each record's strongest pair within its group; nan where it is alone."""
    best = np.full(len(group), -np.inf)
    inside = group[left] == group[right]
    for side in (left, right):
        np.maximum.at(best, side[inside], score[inside])
    return np.where(np.isfinite(best), best, np.nan)


def _entities(
    units: pl.DataFrame, group: NDArray[np.int64], best: NDArray[np.float64], known: pl.DataFrame
) -> pl.DataFrame:
    """record, entity, matched name and probability: the organisation of the release in a group names it."""
    rows = units.select("records").with_columns(group=pl.Series(group), probability=pl.Series(probability(best)))
    several = pl.col("records").list.len() > 1
    rows = rows.with_columns(
        probability=pl.when(pl.col("probability").is_nan() & several).then(1.0).otherwise(pl.col("probability"))
    ).with_columns(pl.col("probability").fill_nan(None))
    rows = rows.explode("records").rename({"records": "record"})
    rows = rows.join(known.select("record", known_name="name"), on="record", how="left", maintain_order="left")
    of_release = pl.col("known_name").is_not_null()
    named = rows.group_by("group", maintain_order=True).agg(
        entity=pl.col("record").filter(of_release).sort_by(pl.col("probability").filter(of_release), descending=True).first(),
        matched=pl.col("known_name").filter(of_release).sort_by(pl.col("probability").filter(of_release), descending=True).first(),
        first=pl.col("record").min(),
    )  # fmt: skip
    fresh = pl.Series([f"L{hashlib.md5(record.encode()).hexdigest()[:10].upper()}" for record in named["first"]])
    named = named.with_columns(entity=pl.coalesce("entity", fresh))
    return rows.join(named.drop("first"), on="group", maintain_order="left").select(
        "record", "entity", "matched", "probability"
    )
