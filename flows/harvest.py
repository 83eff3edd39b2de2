"""The harvest stage: one door of a source at a time; what is not good leaves the last good landing in force."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from flows.problems import Problem
from flows.settings import RAW_DAYS, Settings
from spiders.crawl import Crawl, crawl
from spiders.landing import GOOD, Harvest, read_harvest, sha256
from spiders.registry import SPIDERS, load, names
from transforms.landing import UnreadableFile

RAW = ("responses.warc.gz", "crawl.log")
NEEDS_KEY = ("det",)
# Looks that are no failure: nothing is stale after them.
UNTROUBLED = (*GOOD, "off")


@dataclass(frozen=True, slots=True)
class Door:
    """One way into a source: its usual one, `file-…` or `curated`. Each has landings and a floor of its own."""

    settings: Settings
    source: str
    door: str

    @property
    def folder(self) -> Path:
        return self.settings.landing / self.source / self.door

    @property
    def pointer(self) -> Path:
        return self.folder / "in_force"

    def in_force(self) -> Harvest | None:
        """The last good landing, if there is one."""
        if not self.pointer.is_file():
            return None
        return read_harvest(self.folder / self.pointer.read_text(encoding="utf-8"))

    def new_folder(self) -> Path:
        """A folder for tonight's landing, named by the clock and never taken twice."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        for number in range(100):
            folder = self.folder / (stamp if not number else f"{stamp}-{number}")
            if not folder.exists():
                folder.mkdir(parents=True)
                return folder
        raise Problem(f"There is no free name for a landing in {self.folder}.")

    def remember(self, harvest: Harvest, now: str) -> None:
        """Note how the last look went, so that a later night that does not look still says it."""
        before = self.last_look()
        good_at = now if harvest.good else before.get("good_at")
        state = {"outcome": harvest.outcome, "reason": harvest.reason, "good_at": good_at, "looked_at": now}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "last_look.json").write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")

    def last_look(self) -> dict[str, str]:
        """Outcome and reason of the last look, when it was, and when it was good for the last time."""
        file = self.folder / "last_look.json"
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return found

    @property
    def stale_since(self) -> str | None:
        """Since when the landing in force stands in for a look that failed; None where the last look was good."""
        look = self.last_look()
        good = look.get("outcome") in UNTROUBLED or not look
        return None if good else look.get("good_at")

    def take(self, harvest: Harvest) -> str | None:
        """Put a good landing in force, in one step; returns the name of the one before."""
        before = self.pointer.read_text(encoding="utf-8") if self.pointer.is_file() else None
        self.point_to(Path(harvest.folder).name)
        return before

    def point_to(self, landing: str | None) -> None:
        """Let a landing of this door be in force, or none."""
        if landing is None:
            self.pointer.unlink(missing_ok=True)
            return
        fresh = self.pointer.with_suffix(".new")
        fresh.write_text(landing, encoding="utf-8")
        os.replace(fresh, self.pointer)


def doors(settings: Settings) -> list[Door]:
    """Every door that has a landing in force."""
    found = [
        Door(settings, path.parent.parent.name, path.parent.name) for path in settings.landing.glob("*/*/in_force")
    ]
    known = set(names())
    return sorted((door for door in found if door.source in known), key=lambda door: (door.source, door.door))


def harvest(settings: Settings, source: str, base_url: str | None, way: str | None = None) -> Harvest:
    """Read one source by its usual door, or by another `way`: crawl it, or take a curated table over."""
    entry = load(source)
    if not entry.crawled:
        assert entry.table
        return keep(Door(settings, source, "curated"), SPIDERS / source / entry.table, settings.now())
    door = Door(settings, source, way or entry.door)
    if way in NEEDS_KEY and entry.key and not os.environ.get(entry.key):
        reason = f"this door needs a key: set {entry.key}"
        return not_read(door, "key_missing", reason, settings.now())
    before = door.in_force()
    folder = door.new_folder()
    task = Crawl(
        source=source,
        base_url=base_url or entry.base_url,
        folder=str(folder),
        previous=before.folder if before else None,
        previous_rows=before.rows if before else 0,
        now=settings.now(),
        user_agent=settings.user_agent(),
        door=way,
        subjects=str(subjects(settings, folder)) if entry.on_demand else None,
    )
    result = crawl(task)
    if result.outcome == "unchanged":
        forget_copy(Path(result.folder))
    return result


def not_read(door: Door, outcome: str, reason: str, now: str) -> Harvest:
    """A door that was not opened, and why."""
    return Harvest(
        source=door.source, door=door.door, outcome=outcome, reason=reason, folder=str(door.folder), fetched_at=now
    )


def off(settings: Settings, source: str) -> Harvest:
    """A source that is read only when it is asked for by name."""
    door = Door(settings, source, load(source).door)
    return not_read(door, "off", f"off: `metaclusters refresh --source {source}` reads it", settings.now())


def subjects(settings: Settings, folder: Path) -> Path:
    """What is to be looked up: the clusters of the release in force by ID, name and country, as JSON lines."""
    file = folder / "subjects.jsonl"
    known = settings.current / "metaclusters.duckdb"
    rows: list[tuple[str, str, str]] = []
    if known.is_file():
        with duckdb.connect(str(known), read_only=True) as connection:
            rows = connection.execute(
                "select organisation_id, name, country from organisation where country is not null "
                "order by kind != 'cluster', organisation_id"
            ).fetchall()
    lines = (json.dumps({"id": i, "name": name, "country": country}, ensure_ascii=False) for i, name, country in rows)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def forget_copy(folder: Path) -> None:
    """An unchanged landing is a copy of the one in force: keep what it achieved, not its rows."""
    shutil.rmtree(folder / "files", ignore_errors=True)
    for name in ("records.jsonl.zst", "pages.jsonl"):
        (folder / name).unlink(missing_ok=True)


def check(source: str | None, file: Path | None, door: str | None = None) -> None:
    """Raise Problem where a source, door or file that was asked for cannot be, before anything is started."""
    if source is None:
        return
    if source not in names():
        raise Problem(f"There is no source '{source}'; the sources are {', '.join(names())}.", code=2)
    if door and door not in load(source).doors:
        further = ", ".join(load(source).doors) or "none"
        raise Problem(f"{source} has no door '{door}'; beside its usual one it has {further}.", code=2)
    if file is None:
        return
    if not file.is_file():
        raise Problem(f"There is no file {file}; give the path of the downloaded file.", code=2)
    if not load(source).files:
        takers = ", ".join(name for name in names() if load(name).files)
        raise Problem(f"{source} takes no file; `--file` goes with --source {takers}.", code=2)
    door_of(source, file)


def door_of(source: str, file: Path) -> str:
    """The door that a downloaded file comes through, by what is in it; raises Problem where it cannot be read."""
    try:
        return f"file-{import_module(f'transforms.{source}').detect(file)}"
    except UnreadableFile as error:
        raise Problem(str(error), code=2) from None
    except Exception as error:  # whatever a file does to a reader, it is one sentence
        reason = (str(error).strip() or "no reason given").splitlines()[0]
        raise Problem(
            f"{file.name} cannot be read as a file of {source} ({type(error).__name__}: {reason}); {source} takes: {load(source).files}",
            code=2,
        ) from None


def take_file(settings: Settings, source: str, file: Path) -> Harvest:
    """Land a file that a person downloaded, whole; files of different kinds stand side by side."""
    return keep(Door(settings, source, door_of(source, file)), file, _dated(file))


def keep(door: Door, file: Path, fetched_at: str) -> Harvest:
    """Land a file as it is; one with the content of the landing in force changes nothing."""
    before = door.in_force()
    digest = sha256(file)
    if before and list(before.checksums.values()) == [digest]:
        return Harvest(**{**asdict(before), "outcome": "unchanged", "reason": "the same file as last time"})
    folder = door.new_folder()
    (folder / "files").mkdir()
    target = folder / "files" / file.name
    shutil.copyfile(file, target)
    target.chmod(0o600)
    result = Harvest(
        source=door.source,
        door=door.door,
        outcome="ok",
        reason=f"{file.name}, {file.stat().st_size:,} bytes",
        folder=str(folder),
        bytes=file.stat().st_size,
        fetched_at=fetched_at,
        checksums={file.name: digest},
    )
    result.write()
    return result


def _dated(file: Path) -> str:
    """When a file was made: the newest date inside an archive, else the file's own."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            newest = max((info.date_time for info in archive.infolist()), default=None)
        if newest and newest[0] > 1980:
            return datetime(*newest).strftime("%Y-%m-%dT%H:%M:%SZ")
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stand(door: Door, counts: dict[str, Any]) -> dict[str, Any]:
    """One row of the release's `source` table: how the last look at a door went, and what is in force."""
    force = door.in_force()
    look = door.last_look()
    entry = load(door.source)
    return {
        "source": door.source,
        "door": door.door,
        "outcome": look["outcome"],
        "reason": look["reason"],
        "rows": force.rows if force else 0,
        "announced": force.announced if force else 0,
        "fetched_at": force.fetched_at if force else None,
        "checked_at": look["good_at"],
        "stale_since": door.stale_since,
        "title": entry.title,
        "publisher": entry.publisher,
        "licence": entry.licence,
        "attribution": entry.attribution,
        "access": entry.access,
        "base_url": entry.base_url,
        "grade": entry.grade,
        "trust": entry.trust,
        "universe": entry.universe,
        "caveats": entry.caveats,
        **counts,
    }


def forget_old(settings: Settings, now: datetime) -> list[Path]:
    """Delete, past the retention, landings that are not in force and raw answers of those that are."""
    oldest = now - timedelta(days=RAW_DAYS)
    kept = {Path(force.folder) for door in doors(settings) if (force := door.in_force())}
    gone = []
    for folder in settings.landing.glob("*/*/*/"):
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) >= oldest:
            continue
        if folder not in kept:
            shutil.rmtree(folder)
            gone.append(folder)
            continue
        for raw in (folder / name for name in RAW if (folder / name).is_file()):
            raw.unlink()
            gone.append(raw)
    return gone
