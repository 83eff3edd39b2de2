"""What a run achieved, kept in `last_run.json` for `status`."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flows.harvest import UNTROUBLED, Door, doors
from flows.problems import Problem
from flows.settings import Settings
from flows.shelf import reading

if TYPE_CHECKING:
    from flows.pipeline import Night


def record_run(night: Night, problem: Problem | None) -> dict[str, Any]:
    """Write the run's report and return it."""
    counts = {(staged.source, staged.door): staged for staged in night.staged}
    rows: list[dict[str, Any]] = []
    for harvest in night.harvests:
        staged = counts.get((harvest.source, harvest.door))
        door = Door(night.settings, harvest.source, harvest.door)
        rows.append(
            {
                "source": harvest.source,
                "door": harvest.door,
                "outcome": harvest.outcome,
                "reason": harvest.reason,
                "read": staged.read if staged else 0,
                "loaded": staged.loaded if staged else 0,
                "set_aside": staged.set_aside if staged else 0,
                "pages": harvest.pages,
                "unchanged_pages": harvest.unchanged_pages,
                "bytes": harvest.bytes,
                "seconds": harvest.seconds,
                "stale_since": door.stale_since,
                "unknown_labels": harvest.unknown_labels,
                "notes": harvest.notes,
            }
        )
    stale = [row["source"] for row in rows if row["outcome"] not in UNTROUBLED]
    asked = {(row["source"], row["door"]) for row in rows}
    stale += [d.source for d in doors(night.settings) if (d.source, d.door) not in asked and d.stale_since]
    if problem:
        sentence = str(problem)
    elif stale:
        sentence = f"Published with stale sources: {', '.join(stale)} kept their last good landing."
    else:
        sentence = "Published; every source that was asked answered."
    report = {
        "release": night.release,
        "profile": night.settings.profile,
        "clock": night.now,
        "ended": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sentence": sentence,
        "published": problem is None,
        "exit_status": problem.code if problem else 3 if stale else 0,
        "sources": rows,
        "gates": {
            "run": len(night.findings),
            "red": [finding.as_row() for finding in night.findings if finding.stops],
            "warnings": [f.as_row() for f in night.findings if not f.success and not f.stops],
        },
    }
    if night.release:
        report["folder"] = str(night.settings.releases / night.release)
        report["classified"] = classified(night.settings)
    fresh = night.settings.last_run.with_suffix(".new")
    fresh.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    os.replace(fresh, night.settings.last_run)
    return report


def classified(settings: Settings) -> dict[str, Any]:
    """What the release in force says in figures: facets known, networks by kind, rows set aside."""
    with reading(settings) as connection:
        facets = connection.execute(
            "select replace(field, 'network_typology.', ''), held, expected - held from coverage where source_id = 'all' order by 1"
        ).fetchall()
        kinds = connection.execute("select kind, count(*) from network group by kind order by 2 desc, 1").fetchall()
        rejected = connection.execute(
            "select source_id, reason, count(*) from rejected group by all order by all"
        ).fetchall()
        outside, projects = connection.execute(
            "select count(*) filter (where not about_networks), count(*) from project"
        ).fetchall()[0]
    return {
        "facets": {facet: {"known": known, "unknown": unknown} for facet, known, unknown in facets},
        "kinds": dict(kinds),
        "rejected": [{"source": source, "reason": reason, "rows": rows} for source, reason, rows in rejected],
        "projects": projects,
        "projects_outside": outside,
    }
