"""What commands print: plain tables for people, one JSON document for programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from flows.lock import holder
from flows.problems import Problem
from flows.settings import Settings
from flows.shelf import file_in_force, last_run, reading, releases

NOTES = 3  # of a source that are printed
WIDEST = 60  # characters of a cell in a plain table


def as_document(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def table(headings: list[str], rows: list[tuple[Any, ...]]) -> str:
    """A plain table; long cells are cut, nothing is lost in `--json`."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(heading), *(len(row[i]) for row in shown)]) for i, heading in enumerate(headings)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headings, *shown)
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cell(value: Any) -> str:
    text = (
        "" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    )
    return printable(text)


def printable(text: str) -> str:
    """A text of others as one short piece that no terminal takes for a command."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def print_report(report: dict[str, Any], as_json: bool) -> None:
    """The summary of a refresh."""
    if as_json:
        as_document(report)
        return
    keys = ["source", "door", "outcome", "read", "loaded", "set_aside", "pages", "unchanged_pages", "seconds"]
    print("Harvested")
    print(table(keys, [tuple(row[key] for key in keys) for row in report["sources"]]))
    for row in report["sources"]:
        if row["outcome"] not in ("ok", "unchanged", "off"):
            print(f"  ! {row['source']}: {row['outcome']}: {row['reason']}; stale since {row['stale_since'] or 'ever'}")
        for note in row.get("notes", [])[:NOTES]:
            print(f"  · {row['source']}: {note}")
        if more := len(row.get("notes", [])[NOTES:]):
            print(f"  · {row['source']}: {more} notes more, in `--json`")
        for label, count in row["unknown_labels"].items():
            print(f"  ? {row['source']}: label '{label}' never met before, {count} times; it was not read")
    classified = report.get("classified") or {}
    if classified:
        print("\nClassified")
        print(
            table(
                ["facet", "known", "unknown"], [(f, c["known"], c["unknown"]) for f, c in classified["facets"].items()]
            )
        )
        print("networks by kind: " + ", ".join(f"{n} {kind}" for kind, n in classified["kinds"].items()))
        print("\nHeld back")
        held = [(r["source"], r["reason"], r["rows"]) for r in classified["rejected"]]
        print(table(["source", "reason", "rows"], held) if held else "no row was set aside")
        print(
            f"{classified['projects_outside']} of {classified['projects']} projects are not about networks of clusters "
            "and stay out of `network` (reasons in `project`)"
        )
    gates = report["gates"]
    print(f"\n{gates['run']} gates run, {len(gates['red'])} red, {len(gates['warnings'])} warnings")
    for warning in gates["warnings"]:
        print(f"  ! {warning['table']}: {warning['gate']} ({warning['unexpected']})")
    print(f"\n{report['sentence']}")
    print(f"Files: {report['folder']}")


def print_failure(settings: Settings, problem: Problem) -> None:
    """The one document of a refresh that published nothing: the run's report where one was written."""
    report = last_run(settings)
    if not report or report["sentence"] != str(problem):
        report = {"release": None, "published": False, "sentence": str(problem), "sources": []}
    as_document({**report, "exit_status": problem.code})


def print_status(settings: Settings, as_json: bool) -> None:
    report = last_run(settings)
    release = file_in_force(settings).parent.name if settings.current.exists() else None
    if as_json:
        as_document({"profile": settings.profile, "release": release, "last_run": report})
        return
    if running := holder(settings):
        print(f"running    since {running['since']} (process {running['process']})")
    if report is None and not running:
        raise Problem(f"Profile '{settings.profile}' has not run yet in {settings.root}; run `metaclusters refresh`.")
    print(f"profile    {settings.profile}")
    if report is None:
        return
    print(f"release    {release or 'none yet'}")
    print(f"last run   {report['ended']}, {'published' if report['published'] else 'NOT published'}")
    print(f"           {report['sentence']}")
    stale = [row for row in report["sources"] if row["outcome"] not in ("ok", "unchanged", "off")]
    for row in stale:
        print(f"stale      {row['source']} since {row['stale_since'] or 'ever'}: {row['outcome']}: {row['reason']}")
    for finding in report["gates"]["red"]:
        print(f"red gate   {finding['table']}: {finding['gate']}: {finding['notes']}")


def print_sources(settings: Settings, as_json: bool) -> None:
    with reading(settings) as connection:
        found = connection.execute("select * from source order by source_id, door")
        names = [column[0] for column in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        row["source"] = row.pop("source_id")
    if as_json:
        as_document({"sources": rows})
        return
    keys = ["source", "door", "outcome", "rows", "set_aside", "fetched_at", "stale_since", "licence"]
    print(table(keys, [tuple(row[key] for key in keys) for row in rows]))


def print_query(settings: Settings, sql: str, as_json: bool) -> None:
    with reading(settings) as connection:
        try:
            found = connection.execute(sql)
            if found is None or not found.description:
                raise Problem(
                    'The query asks for nothing; give one that does, such as "select * from network".', code=2
                )
            names = [column[0] for column in found.description]
            rows = found.fetchall()
        except duckdb.Error as error:
            sentence = str(error).strip().splitlines()[0]
            raise Problem(f'{sentence} (tables: `metaclusters query "show tables"`)', code=2) from None
    if as_json:
        as_document([dict(zip(names, row, strict=True)) for row in rows])
    else:
        print(table(names, rows))


def print_export(settings: Settings, to: Path, as_json: bool) -> None:
    source = file_in_force(settings).parent
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Problem(
            f"{to} is there already and not empty; name a new folder, so that nothing is overwritten.", code=2
        )
    shutil.copytree(source, to, dirs_exist_ok=True)
    files = sorted(path for path in to.rglob("*") if path.is_file())
    if as_json:
        as_document({"release": source.name, "to": str(to), "files": [str(path.relative_to(to)) for path in files]})
    else:
        print(f"Release {source.name}: {len(files)} files in {to}; start with {to / 'README.md'}.")


def print_releases(settings: Settings, as_json: bool) -> None:
    in_force = file_in_force(settings).parent.name
    names = releases(settings)
    if as_json:
        as_document({"in_force": in_force, "releases": names})
    else:
        print("\n".join(f"{name}{'  in force' if name == in_force else ''}" for name in names))
