"""A polite look at each portal: robots.txt, one list, one page; compared with what its spider expects."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.problems import Problem
from flows.settings import Settings
from flows.terminal import as_document, table
from spiders.crawl import Crawl, crawl
from spiders.registry import load, names

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one portal found; `drifted` says where it is not as expected."""

    source: str
    reachable: bool
    allowed: bool
    as_expected: bool
    requests: int
    drifted: str
    notes: list[str]


def look(settings: Settings, source: str, base_url: str | None, folder: Path) -> Look:
    """One list and one page of a portal, read by its own spider; nothing is kept."""
    entry = load(source)
    subjects = folder / f"{source}.jsonl"
    subjects.write_text('{"id": "check", "name": "Example Bergen Sea Cluster", "country": "NO"}\n', encoding="utf-8")
    found = crawl(
        Crawl(
            source=source,
            base_url=base_url or entry.base_url,
            folder=str(folder / source),
            previous=None,
            previous_rows=0,
            now=settings.now(),
            user_agent=settings.user_agent(),
            probe=True,
            subjects=str(subjects),
        )
    )
    answered = any(status.startswith(("2", "3", "4")) for status in found.statuses)
    refused = found.outcome in ("refused_by_robots", "opt_out", "login_required")
    return Look(
        source=source,
        reachable=answered,
        allowed=answered and not refused,
        as_expected=found.outcome == "ok",
        requests=found.requests,
        drifted="" if found.outcome == "ok" else f"{found.outcome}: {found.reason}",
        notes=found.notes,
    )


def checks(settings: Settings, source: str | None, faults: dict[str, str]) -> list[Look]:
    """Looks at all portals, or at one; the twins' in the sandbox, the real ones live."""
    if source and source not in names():
        raise Problem(f"There is no source '{source}'; the sources are {', '.join(names())}.", code=2)
    wanted = [name for name in ([source] if source else names()) if load(name).crawled]
    settings.user_agent()  # a live look without a contact address does not start
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="metaclusters-check-")))
        addresses: dict[str, str] = {}
        if settings.profile == "sandbox":
            from spiders.sandbox.server import sandbox

            addresses = stack.enter_context(sandbox(wanted, settings.night, faults))
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        return list(pool.map(lambda name: look(settings, name, addresses.get(name), folder), wanted))


def print_checks(settings: Settings, source: str | None, faults: dict[str, str], as_json: bool) -> int:
    """The table of looks; exit status 1 where a portal is not as its spider expects."""
    found = checks(settings, source, faults)
    if as_json:
        as_document({"profile": settings.profile, "checks": [asdict(one) for one in found]})
    else:
        rows: list[tuple[Any, ...]] = [
            (one.source, _yes(one.reachable), _yes(one.allowed), _yes(one.as_expected), one.requests) for one in found
        ]
        print(table(["source", "reachable", "allowed", "as expected", "requests"], rows))
        for one in found:
            if one.drifted:
                print(f"  ! {one.source}: {one.drifted}")
            for note in one.notes:
                print(f"  - {one.source}: {note}")
    return 0 if all(one.as_expected for one in found) else 1


def _yes(found: bool) -> str:
    return "yes" if found else "no"
