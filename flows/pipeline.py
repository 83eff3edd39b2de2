"""The stages of a night after the harvest, each a plain function that reads what the stage before wrote."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from expectations.gate import Finding
from flows import model
from flows.harvest import Door, doors, stand
from flows.problems import Problem
from flows.settings import Settings
from spiders.landing import Harvest
from transforms.identity.run import identify
from transforms.landing import UnreadableFile, open_landing
from transforms.stage import Staged, stage
from warehouse.load import load, load_harvests

TRANSFORMS = Path(__file__).parent.parent / "transforms"


@dataclass(slots=True)
class Night:
    """What a run knows as it goes: where it builds, what was harvested and staged, what the gates found."""

    settings: Settings
    now: str
    work: Path
    harvests: list[Harvest] = field(default_factory=list)
    staged: list[Staged] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    release: str | None = None

    @property
    def database(self) -> Path:
        """The copy of the warehouse that this run builds; it replaces the warehouse only once published."""
        return self.work / "warehouse.duckdb"

    @property
    def docs(self) -> Path:
        return self.work / "data_docs"

    @property
    def stale(self) -> list[Harvest]:
        return [harvest for harvest in self.harvests if not harvest.good]


@contextmanager
def building(settings: Settings) -> Iterator[Night]:
    """A working folder for one run, made anew and taken away at the end."""
    work = settings.root / "building"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    night = Night(settings, settings.now(), work)
    kept = settings.warehouse / "warehouse.duckdb"
    if kept.is_file():
        shutil.copyfile(kept, night.database)
    yield night
    shutil.rmtree(work, ignore_errors=True)


# Normalise ------------------------------------------------------------------------------------------
def normalise(night: Night) -> None:
    """Stage every landing in force; one that is staged already by the same code is not read again."""
    code = _code_version()
    for door in doors(night.settings):
        night.staged.append(_stage(night.settings, door, code))
    if not night.staged:
        raise Problem("No source has a landing yet: nothing was harvested, so nothing can be built.")


def _stage(settings: Settings, door: Door, code: str) -> Staged:
    landing = door.in_force()
    if landing is None:
        raise ValueError(f"{door.source}/{door.door} has no landing in force")
    target = settings.staging / door.source / door.door
    mark = target / "staged.json"
    key = f"{Path(landing.folder).name} {code}"
    if mark.is_file():
        before = json.loads(mark.read_text(encoding="utf-8"))
        if before["key"] == key:
            return Staged(**before["staged"])
    origin = {"file": "file", "curated": "curated"}.get(door.door, settings.profile)
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        staged = stage(open_landing(Path(landing.folder), origin), fresh)
    except UnreadableFile as error:
        door.pointer.unlink()  # a file that cannot be read must not stand in every later night's way
        raise Problem(str(error), code=2) from None
    (fresh / "staged.json").write_text(json.dumps({"key": key, "staged": asdict(staged)}), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    os.replace(fresh, target)
    return staged


def _code_version() -> str:
    """A digest of the transforms: other code stages anew."""
    digest = sha256()
    for path in sorted([*TRANSFORMS.rglob("*.py"), *TRANSFORMS.rglob("*.csv")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# Load, scope, identify, model -----------------------------------------------------------------------
def fill(night: Night) -> None:
    """Load all staged frames and tonight's harvests into the building copy."""
    with duckdb.connect(str(night.database)) as connection:
        connection.execute("set checkpoint_threshold = '1GB'")
        load(connection, [night.settings.staging / s.source / s.door for s in night.staged])
        load_harvests(connection, _stands(night))


def _stands(night: Night) -> list[dict[str, Any]]:
    tonight = {(h.source, h.door): h for h in night.harvests}
    counts = {(s.source, s.door): {"loaded": s.loaded, "set_aside": s.set_aside, "read": s.read} for s in night.staged}
    keys = sorted({*tonight, *counts})
    return [
        stand(
            tonight.get(key),
            Door(night.settings, *key) if key in counts else None,
            counts.get(key, {"loaded": 0, "set_aside": 0, "read": 0}),
        )
        for key in keys
    ]


def scope(night: Night) -> None:
    """Say which records speak of networks of clusters."""
    model.build(night.database, night.work, night.now, model.POPULATION)


def recognise(night: Night) -> None:
    """Say which records are the same organisation, the same network."""
    with duckdb.connect(str(night.database)) as connection:
        identify(connection, night.now)


def classify(night: Night) -> None:
    """Build everything else: history of names, members, evidence, facets, release tables."""
    model.build(night.database, night.work, night.now, model.REST)


# Gates ----------------------------------------------------------------------------------------------
def gate_landing(night: Night) -> None:
    """Hold back what breaks the contract of the tidy frames."""
    from expectations import suites
    from expectations.validate import validate

    _judge(night, validate(night.database, suites.landing(), night.docs / "landing"))


def gate_warehouse(night: Night) -> None:
    """Hold back a warehouse that breaks its promises, or fell against the release before."""
    from expectations import suites
    from expectations.validate import validate

    _judge(night, validate(night.database, suites.warehouse(networks_in(night.settings)), night.docs / "warehouse"))


def _judge(night: Night, findings: list[Finding]) -> None:
    night.findings.extend(findings)
    if stopped := [finding for finding in findings if finding.stops]:
        first = stopped[0]
        shown = f"{first.unexpected} rows" if first.unexpected is not None else f"observed {first.observed}"
        raise Problem(
            f"Nothing was published, the last release stays in force: {len(stopped)} gates are red, "
            f"first {first.table}: {first.gate} ({first.error or shown}). {first.notes}"
        )


def networks_in(settings: Settings) -> int:
    """How many networks the release in force holds; 0 where there is none."""
    file = settings.current / "metaclusters.duckdb"
    if not file.is_file():
        return 0
    with duckdb.connect(str(file), read_only=True) as connection:
        return int(connection.execute("select count(*) from network").fetchall()[0][0])
