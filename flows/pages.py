"""A release's pages for people: README, the quality page and the article's page, in Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from flows import reliability
from flows.agreement import FacetAgreement


def write(connection: duckdb.DuckDBPyConnection, folder: Path, manifest: dict[str, Any]) -> None:
    """Write README.md, article.md and quality/quality.md of a release."""
    (folder / "quality").mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(readme(connection, manifest), encoding="utf-8")
    (folder / "article.md").write_text(article(connection), encoding="utf-8")
    (folder / "quality" / "quality.md").write_text(quality(connection, manifest) + reliable(), encoding="utf-8")
    reliability.ship(folder / "quality")


def table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    for row in rows:
        lines.append("| " + " | ".join(map(_cell, row)) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    """A cell that is only text: a portal's words are no Markdown and no HTML."""
    text = "" if value is None else str(value).replace("\n", " ")
    for sign in "\\`[]|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "&amp;").replace("<", "&lt;")


def readme(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> str:
    tables = connection.execute(
        "select table_name, estimated_size, comment from duckdb_tables() where schema_name = 'main' order by 1"
    ).fetchall()
    sources = [
        (
            s["title"],
            s["door"],
            s["outcome"],
            s["rows"],
            s["fetched_at"],
            s["stale_since"],
            s["licence"],
            s["attribution"],
        )
        for s in manifest["sources"]
    ]
    night = f", night {manifest['night']}" if manifest["night"] else ""
    return f"""# metaclusters, release {manifest["release"]}

Europe's networks of clusters, classified with evidence. Built from **{manifest["origin"]}** (profile
`{manifest["profile"]}`{night}), as of {manifest["as_of"]}. Content hash `{manifest["content_hash"]}`.

## Which file do I want?

| I want to | file |
| --- | --- |
| ask questions in SQL | `metaclusters.duckdb` (comments on every table and column) |
| open a table in another tool | `csv/` or `parquet/`, one file a table, the same rows |
| know what a column means | `datapackage.json` |
| see where the article of 2015 and the evidence differ | `article.md` |
| see how good it is | `quality/quality.md`, and every gate in `quality/data_docs/` |
| know how it was made | `manifest.json` |

## Tables

{table(("table", "rows", "what a row is"), tables)}
## Sources, licences and credit

{table(("source", "door", "outcome", "rows", "fetched", "stale since", "licence", "credit"), sources)}
## Caveats

- `unknown` is a value: the reason stands in `typology.reason`. No evidence never means 'no'.
- Every known value of `typology` that rules chose has at least one row in `evidence` that counts, with the same network, facet and value; one that a person chose has `override_reason`.
- Quotes stand letter for letter in passages that stay on the machine that built the release (`passages.parquet`
  in its data folder); pages themselves are not republished.
- Names, places and figures are facts of the sources above; the classification is ours.

## How to cite

metaclusters, release {manifest["release"]}, {manifest["as_of"][:10]}, CC BY 4.0; with the credits of the sources used.
"""


def article(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        """
        select
            article_name, network_name, network_id, facet, article_value || ' (' || article_basis || ')', evidence_value,
            grade, rule_id, comparison, why, other_source_quote, other_source_url
        from article_page
        order by network_kind = 'instrument', article_name, article_key, facet
        """
    ).fetchall()
    counts = connection.execute(
        """
        select article_basis, comparison, count(*), count(other_source_evidence_id) from article_page
        where network_kind != 'instrument' group by all order by all
        """
    ).fetchall()
    differ = [row for row in rows if row[8] in ("differ", "no evidence")]
    return f"""# The article's networks: where it puts them, where the evidence puts them

The article (*Meta-clustering, an accelerator of growth for SMEs at EU level*, European Cluster Days, 2015) names 44
networks and 10 instruments. No value of the warehouse reads its placements; this page compares them. What the article tells of a
network, in words of ours, is a source like others, of grade D; the last column counts labels for whose value another source speaks,
too. Counted are the networks.

{table(("the article", "comparison", "labels", "another source, too"), counts)}
## Where they differ, and why

{table(("in the article", "network", "ID", "facet", "article", "evidence", "grade", "rule", "", "why", "sign from another source", "URL"), differ)}
## All

{table(("in the article", "network", "ID", "facet", "article", "evidence", "grade", "rule", ""), [row[:9] for row in rows])}"""


def quality(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> str:
    facets = connection.execute(
        "select replace(field, 'network_typology.', ''), expected, held, round(100 * known_share, 1) from coverage "
        "where source_id = 'all' order by 1"
    ).fetchall()
    grades = connection.execute(
        """
        select facet, count(*) filter (where grade = 'A'), count(*) filter (where grade = 'B'),
            count(*) filter (where grade = 'C'), count(*) filter (where grade = 'D'), count(*) filter (where grade = 'U')
        from typology where phase_id is null group by facet order by facet
        """
    ).fetchall()
    reasons = connection.execute(
        "select facet, reason, count(*) from typology where value = 'unknown' and phase_id is null group by all order by all"
    ).fetchall()
    rejected = connection.execute(
        "select source_id, frame, reason, count(*) from rejected group by all order by all"
    ).fetchall()
    warnings = [(w["table"], w["gate"], w["unexpected"]) for w in manifest["gates"]["warnings"]]
    return f"""# Quality of release {manifest["release"]}

{manifest["gates"]["run"]} gates were run, {len(warnings)} warn; a red gate of severity error would have stopped the release.

## Warnings

{table(("table", "gate", "rows"), warnings)}
## How much is known, of the networks that are no instruments

{table(("facet", "networks", "known", "per cent"), facets)}
## On which grade the values rest

{table(("facet", "A", "B", "C", "D", "U"), grades)}
## Why something is unknown

{table(("facet", "reason", "networks"), reasons)}
## Rows set aside

{table(("source", "frame", "reason", "rows"), rejected)}"""


def reliable() -> str:
    """The part of the quality page on agreement: coders with each other, the machine with labels, and the curve."""
    return f"""
## How far coders agree

Two coders of thirty networks, each without the other's codes (`codes.csv` beside this page; `metaclusters agreement
codes.csv` computes it again). Alpha is ordinal for integration level and coverage, its interval a jackknife; none is
given where the coders never differ.

{_agreements(reliability.coders())}
## The machine against the labels of the same networks

{reliability.measured_with()} The codes are in `machine.csv`. An answer `unknown` lowers the per cent and stays out of the alpha of level and coverage.

{_agreements(reliability.machine())}
## Coverage and accuracy

On networks of lists of our own, as answers of small margin are withheld, the most doubtful first
(docs/typology-report.md says how these lists were made).

{table(("facet", "networks", "share answered", "right among them"), reliability.curve())}"""


def _agreements(found: list[FacetAgreement]) -> str:
    figures = [
        (
            one.facet,
            one.units,
            _figure(one.agreement and 100 * one.agreement, 1),
            _figure(one.alpha),
            f"{one.interval[0]:.3f} to {one.interval[1]:.3f}" if one.interval else None,
            _figure(one.ac1),
            ", ".join(f"{code} {100 * share:.0f} %" for code, share in one.prevalence.items()),
        )
        for one in found
    ]
    parts = [table(("facet", "n", "per cent", "alpha", "95 %", "AC1", "prevalence"), figures)]
    for one in found:
        rows = [(label, *map(int, counts)) for label, counts in zip(one.labels, one.table, strict=True)]
        parts.append(f"{one.facet}: {one.coders[0]} down, {one.coders[-1]} across\n\n" + table(("", *one.labels), rows))
    return "\n".join(parts)


def _figure(value: float | None, places: int = 3) -> str | None:
    return None if value is None else f"{value:.{places}f}"
