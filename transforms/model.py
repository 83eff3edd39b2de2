"""The tidy frames: one schema each, said once.

Every row says which source and door it comes from, its key there (`source_id`), the page's
canonical live address (`url`), when it was read (`fetched_at`, UTC) and where it was read
(`origin`: sandbox, live, file or curated); `row_hash` stands for its content, so that two nights
compare fast (a new Polars may hash anew, which makes every row look changed once).  Values keep the portal's own word beside ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from transforms.text import without_persons_in

ORIGIN_COLUMNS: dict[str, pl.DataType] = {
    "source": pl.String(),
    "door": pl.String(),
    "source_id": pl.String(),
    "url": pl.String(),
    "fetched_at": pl.String(),
    "origin": pl.String(),
    "row_hash": pl.UInt64(),
}
NOT_CONTENT = ("fetched_at", "origin", "door", "row_hash")


@dataclass(frozen=True, slots=True)
class Frame:
    """A tidy frame: its columns after the common ones, and those that may not be missing."""

    name: str
    columns: dict[str, pl.DataType]
    required: tuple[str, ...] = ()
    schema: dict[str, pl.DataType] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schema", {**ORIGIN_COLUMNS, **self.columns})

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.schema)


TEXT, DATE, NUMBER, COUNT, FLAG = pl.String(), pl.Date(), pl.Float64(), pl.Int32(), pl.Boolean()

FRAMES: dict[str, Frame] = {
    frame.name: frame
    for frame in (
        Frame(
            "network",
            {
                "name": TEXT,
                "name_key": TEXT,
                "acronym": TEXT,
                "kind": TEXT,
                "member_type": TEXT,
                "website": TEXT,
                "programme": TEXT,
                "call": TEXT,
                "start_date": DATE,
                "end_date": DATE,
                "date_precision": TEXT,
                "language": TEXT,
            },
            required=("source_id", "name"),
        ),
        Frame(
            "organisation",
            {
                "name": TEXT,
                "name_key": TEXT,
                "short_name": TEXT,
                "kind": TEXT,
                "street": TEXT,
                "postcode": TEXT,
                "city": TEXT,
                "country": TEXT,
                "country_original": TEXT,
                "nuts_code": TEXT,
                "nuts_version": TEXT,
                "lon": NUMBER,
                "lat": NUMBER,
                "website": TEXT,
            },
            required=("source_id", "name"),
        ),
        Frame(
            "project",
            {
                "acronym": TEXT,
                "title": TEXT,
                "framework": TEXT,
                "programme": TEXT,
                "call": TEXT,
                "topic": TEXT,
                "funding_scheme": TEXT,
                "status": TEXT,
                "start_date": DATE,
                "end_date": DATE,
                "eu_contribution": NUMBER,
                "total_cost": NUMBER,
                "currency": TEXT,
                "label_only": FLAG,
            },
            required=("source_id",),
        ),
        Frame(
            "participation",
            {
                "project_source_id": TEXT,
                "organisation_source_id": TEXT,
                "position": COUNT,
                "role": TEXT,
                "role_original": TEXT,
                "eu_contribution": NUMBER,
                "total_cost": NUMBER,
            },
            required=("source_id", "project_source_id", "organisation_source_id"),
        ),
        Frame(
            "membership",
            {
                "network_source_id": TEXT,
                "organisation_source_id": TEXT,
                "role": TEXT,
                "role_original": TEXT,
                "valid_from": DATE,
                "valid_to": DATE,
                "date_precision": TEXT,
                "basis": TEXT,
            },
            required=("source_id", "network_source_id", "organisation_source_id"),
        ),
        Frame(
            "name",
            {"entity_kind": TEXT, "entity_source_id": TEXT, "name": TEXT, "language": TEXT, "kind": TEXT},
            required=("entity_source_id", "name"),
        ),
        Frame(
            "identifier",
            {"entity_kind": TEXT, "entity_source_id": TEXT, "scheme": TEXT, "value": TEXT},
            required=("entity_source_id", "value"),
        ),
        Frame(
            "passage",
            {
                "subject_kind": TEXT,
                "subject_source_id": TEXT,
                "language": TEXT,
                "text": TEXT,
            },
            required=("subject_source_id", "text"),
        ),
        Frame(
            "claim",
            {
                "subject_kind": TEXT,
                "subject_source_id": TEXT,
                "attribute": TEXT,
                "value": TEXT,
                "original": TEXT,
            },
            required=("subject_source_id", "attribute", "value"),
        ),
        Frame("rejected", {"frame": TEXT, "reason": TEXT, "original": TEXT}),
    )
}

# Short texts that portals let people type into: filtered like passages.
SHORT_TEXTS: dict[str, tuple[str, ...]] = {
    "network": ("name", "acronym", "member_type", "website", "programme"),
    "organisation": ("name", "short_name", "city", "website"),
    "project": ("title",),
    "membership": ("role_original",),
    "name": ("name",),
    "claim": ("value", "original"),
    "rejected": ("original",),
}

Tidy = dict[str, pl.DataFrame]


class SchemaError(Exception):
    """A frame with other columns or types than `model.py` states: our fault, never a row's."""


def conform(name: str, rows: pl.LazyFrame | pl.DataFrame) -> pl.LazyFrame:
    """Rows in the frame's columns and order; columns that a source has not are null."""
    schema = FRAMES[name].schema
    lazy = rows.lazy()
    have = lazy.collect_schema()
    if unknown := have.keys() - schema.keys():
        raise SchemaError(f"{name}: unknown columns {sorted(unknown)}")
    content = [column for column in schema if column not in NOT_CONTENT]
    return lazy.select(
        (pl.col(column) if column in have else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in schema.items()
    ).with_columns(row_hash=pl.struct(content).hash())


def split(name: str, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(kept, rejected) of rows in the frame's schema: one that lacks what is required is set aside with its reason."""
    missing = pl.coalesce(
        pl.when(pl.col(column).is_null()).then(pl.lit(f"{column} is missing")) for column in FRAMES[name].required
    )
    reasons = kept.select(missing.alias("reason")).to_series()
    if reasons.null_count() == len(reasons):
        return kept, FRAMES["rejected"].empty()
    bad = kept.with_columns(reason=reasons).filter(pl.col("reason").is_not_null())
    return kept.filter(reasons.is_null()), set_aside(name, bad)


def set_aside(name: str, rows: pl.DataFrame, keep_content: bool = True) -> pl.DataFrame:
    """Rows for `rejected`; the content of a row about a person is not kept."""
    content = [column for column in rows.columns if column not in {*ORIGIN_COLUMNS, "reason"}]
    original = pl.struct(content).struct.json_encode() if keep_content and content else pl.lit(None, TEXT)
    identity = pl.col("source_id") if keep_content else pl.lit(None, TEXT)
    return conform(
        "rejected",
        rows.select(
            *(column for column in ORIGIN_COLUMNS if column in rows.columns and column != "source_id"),
            identity.alias("source_id"),
            "reason",
            frame=pl.lit(name),
            original=original,
        ),
    ).collect()


def assemble(frames: Mapping[str, pl.LazyFrame | pl.DataFrame], rejected: list[pl.DataFrame]) -> Tidy:
    """All tidy frames of one door, the missing ones empty, rows that break the schema set aside."""
    tidy = {name: frame.empty() for name, frame in FRAMES.items()}
    collected = pl.collect_all([conform(name, rows) for name, rows in frames.items()])
    for name, rows in zip(frames, collected, strict=True):
        tidy[name], broken = split(name, rows)
        rejected.append(broken)
    tidy["rejected"] = pl.concat([tidy["rejected"], *rejected])
    return {name: without_persons_in(rows, SHORT_TEXTS.get(name, ())) for name, rows in tidy.items()}
