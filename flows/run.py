"""A refresh from the command line: a Prefect server of its own beside it, unless one is given."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from flows.harvest import check
from flows.lock import only_one
from flows.prefect_server import server
from flows.problems import Problem
from flows.settings import Settings


def run(
    settings: Settings,
    source: str | None,
    file: Path | None,
    faults: dict[str, str],
    quiet: bool,
    door: str | None = None,
) -> dict[str, Any]:
    """Run the flow `refresh` in this process; returns its report, raises Problem where nothing was published."""
    with only_one(settings):
        pass  # say at once that another one runs, before anything is started
    settings.user_agent()
    check(source, file, door)
    given = bool(os.environ.get("PREFECT_API_URL"))
    if not quiet:
        print(f"Refreshing profile '{settings.profile}' in {settings.root} …", file=sys.stderr)
    with nullcontext() if given else server(settings.prefect_home) as wait_for_server:
        # Prefect freezes its settings at import: after the environment is set, never before.
        from flows.refresh import broken_off, preload, refresh

        preload()
        if wait_for_server:
            wait_for_server()
        logging.getLogger("prefect").setLevel(logging.CRITICAL)
        state = refresh(
            profile=settings.profile,
            data=str(settings.home),
            night=settings.night,
            source=source,
            file=str(file.resolve()) if file else None,
            faults=faults or None,
            door=door,
            return_state=True,
        )
        found = state.result(raise_on_failure=False)
    if isinstance(found, Problem):
        raise found
    if isinstance(found, Exception):
        raise broken_off(found) from found
    return dict(found)
