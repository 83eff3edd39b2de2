"""The stages of a night after the harvest, each a plain function that reads what the stage before wrote."""

from __future__ import annotations

import json
import logging
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
from flows import facet_decisions, model
from flows.harvest import Door, doors, stand
from flows.problems import Problem
from flows.settings import Settings
from spiders.landing import Harvest
from spiders.registry import load as load_source
from transforms.identity import decisions
from transforms.identity.decisions import Decision
from transforms.identity.run import identify
from transforms.landing import UnreadableFile, open_landing
from transforms.stage import Staged, stage
from warehouse.load import load, load_harvests

log = logging.getLogger(__name__)
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
    before: list[tuple[Door, str | None]] = field(default_factory=list)  # what was in force where tonight's landing is
    release: str | None = None

    @property
    def database(self) -> Path:
        """The copy of the warehouse that this run builds; it replaces the warehouse only once published."""
        return self.work / "warehouse.duckdb"

    @property
    def docs(self) -> Path:
        return self.work / "data_docs"


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
    """Stage tonight's good landings and put them in force; then whatever else is in force.

    A landing that cannot be read becomes an outcome of its own and leaves the one before in force.
    One that is staged already, by the same code, is not read again.
    """
    code = _code_version()
    for harvest in night.harvests:
        door = Door(night.settings, harvest.source, harvest.door)
        if harvest.outcome == "ok":
            _take(night, door, harvest, code)
        door.remember(harvest, night.now)
    for door in doors(night.settings):
        landing = door.in_force()
        if landing:
            night.staged.append(_stage(night.settings, door, landing, code))
            for folder in (night.settings.staging / door.source / door.door).iterdir():
                if folder.name != Path(landing.folder).name:
                    shutil.rmtree(folder)
    if not night.staged:
        reasons = "; ".join(f"{harvest.source}: {harvest.reason}" for harvest in night.harvests)
        raise Problem(f"Nothing was published, for no source has a landing yet. {reasons}", code=_worst(night.harvests))


def _worst(harvests: list[Harvest]) -> int:
    """Exit status where nothing could be read: a file that a person gave is wrong usage."""
    return 2 if all(harvest.door.startswith("file") for harvest in harvests) else 1


def _take(night: Night, door: Door, harvest: Harvest, code: str) -> None:
    try:
        staged = _stage(night.settings, door, harvest, code)
    except UnreadableFile as error:
        harvest.outcome, harvest.reason = "failed" if door.door.startswith("file") else "drifted", str(error)
    except Exception as error:  # whatever a portal or a file did to a transform, the other sources go on
        log.exception("%s/%s could not be normalised", door.source, door.door)
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        harvest.outcome, harvest.reason = "drifted", f"it could not be normalised: {first_line}"
    else:
        held, fewest = staged.loaded + staged.rows.get("project", 0), _floor(night.settings, door)
        if held < fewest:
            harvest.outcome, harvest.reason = "drifted", f"it holds {held:,} records, fewer than {fewest:,.0f}"
        else:
            night.before.append((door, door.take(harvest)))


def put_back(night: Night) -> None:
    """A night that publishes nothing leaves the landings in force that were: one that a gate holds back would do so again."""
    for door, before in reversed(night.before):
        door.point_to(before)


def _floor(settings: Settings, door: Door) -> float:
    """Fewest records that a landing may hold once it is read; a crawl of pages has been judged by its own rows."""
    entry = load_source(door.source)
    if door.door.startswith("file") or (entry.crawled and not entry.landed_whole):
        return min(1, entry.rows.min)
    before = 0
    if landing := door.in_force():
        mark = settings.staging / door.source / door.door / Path(landing.folder).name / "staged.json"
        if mark.is_file():
            before = json.loads(mark.read_text(encoding="utf-8"))["staged"]["loaded"]
    return max(entry.rows.min, before * (1 - entry.rows.largest_fall))


def _stage(settings: Settings, door: Door, landing: Harvest, code: str) -> Staged:
    target = settings.staging / door.source / door.door / Path(landing.folder).name
    mark = target / "staged.json"
    if mark.is_file():
        before = json.loads(mark.read_text(encoding="utf-8"))
        if before["code"] == code:
            return Staged(**before["staged"])
    origin = "file" if door.door.startswith("file") else "curated" if door.door == "curated" else settings.profile
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    staged = stage(open_landing(Path(landing.folder), origin), fresh)
    (fresh / "staged.json").write_text(json.dumps({"code": code, "staged": asdict(staged)}), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    os.replace(fresh, target)
    return staged


def _name_in_force(door: Door) -> str:
    return door.pointer.read_text(encoding="utf-8")


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
        load(connection, [_folder(night.settings, s) for s in night.staged])
        load_harvests(connection, _stands(night))
        facet_decisions.load(connection, facet_decisions.in_force(night.settings))


def _folder(settings: Settings, staged: Staged) -> Path:
    door = Door(settings, staged.source, staged.door)
    return settings.staging / staged.source / staged.door / _name_in_force(door)


def _stands(night: Night) -> list[dict[str, Any]]:
    """Every door that was looked at tonight or has a landing in force."""
    nothing = {"loaded": 0, "set_aside": 0, "read": 0}
    counts = {(s.source, s.door): {"loaded": s.loaded, "set_aside": s.set_aside, "read": s.read} for s in night.staged}
    keys = sorted({*counts, *((harvest.source, harvest.door) for harvest in night.harvests)})
    return [stand(Door(night.settings, *key), counts.get(key, nothing)) for key in keys]


def scope(night: Night) -> None:
    """Say which records speak of networks of clusters."""
    model.build(night.database, night.work, night.now, model.POPULATION)


def recognise(night: Night) -> None:
    """Say which records are the same organisation, the same network."""
    with duckdb.connect(str(night.database)) as connection:
        identify(connection, night.now, decided(night.settings))


def decided(settings: Settings) -> list[Decision]:
    """What people decided, here and under version control; what was decided here counts where both speak of a pair."""
    try:
        return decisions.add(decisions.read(decisions.SHARED), decisions.read(settings.decisions))
    except decisions.BadDecisions as error:
        raise Problem(str(error)) from None


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
