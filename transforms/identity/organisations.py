"""Which organisation records may be the same: the fitted score, and what official numbers and websites say beside it.

Numbers and websites are too rare in the lists with a known truth to be fitted: their weights stand in
`organisation_term.csv`, each with its reason.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.identity.features import said
from transforms.identity.grouping import LEAST
from transforms.identity.matcher import Matched, match
from transforms.identity.score import ALL, START, UNKNOWN_SOURCE, Weights, load

TERMS = Path(__file__).parent / "organisation_term.csv"
SCHEMES = ("PIC", "VAT", "LEI", "ROR", "SIREN", "EU_TRANSPARENCY", "Wikidata", "REGISTRY")
WORTH_SAYING = 0.15  # weight in log-odds from which a term is kept
TERM = pl.Struct({"term": pl.String, "weight": pl.Float64})

# A number as it compares: the last part of an address, no points and blanks; what holds no digit, or hardly any sign, is none.
NUMBER = "lower(regexp_replace(regexp_replace(value, '^.*/', ''), '[^0-9A-Za-z]', '', 'g'))"
MARKS = f"""string_agg(distinct scheme || ':' || {NUMBER}, '|' order by scheme || ':' || {NUMBER})
        filter (where len({NUMBER}) >= 3 and regexp_matches({NUMBER}, '[1-9]'))"""

# One row a record: where several doors show it, as it was seen last.
RECORDS = f"""
with mark as (
    select source, entity_source_id as source_id, {MARKS} as marks
    from staging.identifier
    where entity_kind = 'organisation' and scheme in (select unnest($schemes))
    group by all
)
select
    organisation.source || chr(31) || organisation.source_id as record,
    organisation.source,
    organisation.name,
    organisation.country,
    organisation.city,
    organisation.street,
    organisation.postcode,
    organisation.short_name,
    regexp_replace(lower(organisation.website), '^(https?://)?(www\\.)?([^/:?#]*).*$', '\\3') as site,
    mark.marks
from staging.organisation as organisation
left join mark using (source, source_id)
qualify row_number() over (
    partition by organisation.source, organisation.source_id order by organisation.fetched_at desc, organisation.door
) = 1
order by record
"""


def compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the temporary table `pair`: organisation records that may be one, with log-odds and the terms of its sum."""
    records = connection.execute(RECORDS, {"schemes": list(SCHEMES)}).pl()
    found = pairs_of(match(records)).to_arrow()
    connection.register("found", found)
    connection.execute(
        """
        create or replace temporary table pair as
        select
            'organisation' as entity_kind,
            string_split(l, chr(31))[1] as left_source, string_split(l, chr(31))[2] as left_id,
            string_split(r, chr(31))[1] as right_source, string_split(r, chr(31))[2] as right_id,
            log_odds, terms
        from found
        """
    )
    connection.unregister("found")


def pairs_of(matched: Matched) -> pl.DataFrame:
    """l and r (keys of records), log_odds and terms of the pairs that may be one, and of those that two numbers part."""
    first = matched.units["records"].list.first()
    signs = _signs(matched)
    total = matched.log_odds + sum(signs.values())
    kept = np.flatnonzero((total > LEAST) | (signs["number"] < 0))
    pairs = matched.pairs[kept]
    one, other = first[pairs["l"].to_numpy()], first[pairs["r"].to_numpy()]
    compared = pl.DataFrame({"l": one, "r": other, "log_odds": total[kept].astype(np.float64)}).with_columns(
        _terms(pairs, {name: values[kept] for name, values in signs.items()})
    )
    ordered = pl.col("l") <= pl.col("r")
    compared = compared.with_columns(
        l=pl.when(ordered).then("l").otherwise("r"), r=pl.when(ordered).then("r").otherwise("l")
    )
    return pl.concat([compared, _identical(matched.units)])


def scored(matched: Matched) -> NDArray[np.float64]:
    """The log-odds of each pair, official numbers and websites counted."""
    return np.asarray(matched.log_odds + sum(_signs(matched).values()))


def _weight(term: str) -> float:
    rows = pl.read_csv(TERMS)
    return float(rows.filter(pl.col("term") == term)["weight"].item())


def _identical(units: pl.DataFrame) -> pl.DataFrame:
    """Records that are the same in all fields, each with the first of them."""
    weight = _weight("identical")
    several = units.filter(pl.col("records").list.len() > 1)
    rows = several.select(l=pl.col("records").list.first(), r=pl.col("records").list.slice(1)).explode("r")
    term = pl.lit([{"term": "the same in every field", "weight": weight}], pl.List(TERM))
    return rows.select("l", "r", log_odds=pl.lit(weight), terms=term)


def _signs(matched: Matched) -> dict[str, NDArray[np.float64]]:
    """What official numbers and websites add to each pair."""
    units, pairs = matched.units, matched.pairs
    left, right = pairs["l"].to_numpy(), pairs["r"].to_numpy()
    site = units["site"]
    known = ((site[left] != "") & (site[right] != "")).to_numpy()
    same = (site[left] == site[right]).to_numpy()
    sites = np.where(known, np.where(same, _weight("same site"), _weight("other site")), 0.0)
    return {"number": _numbers(units, left, right), "site": sites}


def _numbers(units: pl.DataFrame, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The weight of official numbers: one that is shared counts more than one that differs."""
    marks = units["marks"]
    at = np.flatnonzero(((marks[left] != "") & (marks[right] != "")).to_numpy())
    told = np.zeros(len(left))
    if not len(at):
        return told
    sides = [
        pl.DataFrame({"at": at, "mark": marks[side[at]]})
        .with_columns(pl.col("mark").str.split("|"))
        .explode("mark")
        .with_columns(scheme=pl.col("mark").str.split(":").list.first())
        for side in (left, right)
    ]
    both = sides[0].join(sides[1], on=["at", "scheme"]).group_by("at").agg(
        same=(pl.col("mark") == pl.col("mark_right")).any()
    )  # fmt: skip
    weights = both.with_columns(weight=pl.when("same").then(_weight("same number")).otherwise(_weight("other number")))
    told[weights["at"].to_numpy()] = weights["weight"].to_numpy()
    return told


def _terms(pairs: pl.DataFrame, signs: dict[str, NDArray[np.float64]]) -> pl.Series:
    """The terms of each pair in words with their weights, the weightiest first."""
    model = load()
    stages = [_said(pairs, model[0]), _said(pairs, model[2])]
    unsourced = pl.Series(pairs["source"].to_numpy() == UNKNOWN_SOURCE)
    columns = [
        pl.select(pl.when(unsourced).then(a).otherwise(b)).to_series()
        for a, b in zip(stages[0] + [None] * (len(stages[1]) - len(stages[0])), stages[1], strict=True)
    ]
    texts = {
        "number": ("the same official number", "another official number"),
        "site": ("the same website", "another website"),
    }
    for name, (same, other) in texts.items():
        values = pl.Series(signs[name])
        term = pl.select(
            pl.struct(
                term=pl.when(values > 0).then(pl.lit(same)).otherwise(pl.lit(other)), weight=values.cast(pl.Float64)
            )
        ).to_series()
        columns.append(term)
    frame = pl.DataFrame({f"t{at}": column for at, column in enumerate(columns)})
    worth = pl.element().struct.field("weight").abs() >= WORTH_SAYING
    return frame.select(
        terms=pl.concat_list(pl.all()).list.eval(
            pl.element().filter(worth).sort_by(pl.element().filter(worth).struct.field("weight").abs(), descending=True)
        )
    ).to_series()


def _said(pairs: pl.DataFrame, weights: Weights) -> list[pl.Series]:
    """For each feature of a stage, a term for every pair."""
    found = []
    for feature, by_level in weights.items():
        if feature == START:
            continue
        words = [said(ALL[feature], at) for at in range(len(by_level))]
        dictionary = pl.DataFrame({"term": words, "weight": by_level.astype(np.float64)}).to_struct("term")
        found.append(dictionary.gather(pairs[feature].cast(pl.UInt32)))
    return found
