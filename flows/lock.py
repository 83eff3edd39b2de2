"""One refresh at a time: the second is refused with a sentence that says which one runs."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flows.problems import Problem
from flows.settings import Settings


def holder(settings: Settings) -> dict[str, Any] | None:
    """Who refreshes now: process and since when; None where nobody does."""
    if not settings.lock.is_file():
        return None
    with settings.lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said: dict[str, Any] = json.loads(file.read() or "{}")
            return {"process": said.get("process", "?"), "since": said.get("since", "a moment ago")}
    return None


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the profile's lock; raises Problem where another refresh holds it. A crash lets it go."""
    settings.root.mkdir(parents=True, exist_ok=True)
    with settings.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = json.loads(file.read() or "{}")
            raise Problem(
                f"A refresh of profile '{settings.profile}' is running since {holder.get('since', 'a moment ago')} "
                f"(process {holder.get('process', '?')}); wait until it ends, `metaclusters status` shows when."
            ) from None
        file.truncate(0)
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        file.write(json.dumps({"process": os.getpid(), "since": since}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
