"""A source's registry entry, `spiders/<source>/source.yml`, read strictly: an unknown key is an error."""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SPIDERS = Path(__file__).parent
ACCESS = {"bulk file", "api", "sparql", "pages", "curated"}


class BadRegistry(Exception):
    """A `source.yml` that breaks the contract; names the file and the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Delay in seconds between requests; budgets of a night in pages, megabytes and minutes.

    `answer` is the largest single answer in megabytes, `timeout` the longest wait for one in seconds.
    """

    delay: float = 5.0
    pages: int = 1000
    megabytes: int = 500
    minutes: float = 60.0
    answer: int = 32
    timeout: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Fewest rows that a landing may hold, and the largest fall (a share) from the last good one."""

    min: int = 1
    largest_fall: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of the registry.

    `trust` orders the sources where they disagree on a name or a place: 1 first.  `doors` are further ways in, each a module
    of its own.  `hosts` are all
    hosts that the spider reads, with their scheme, where there are several; a file of the source's
    folder can name them by its addresses.  `files` says in words which downloaded files `--file` takes.
    `table` is the curated table of a source that is not crawled.  One that is read `on_demand` is off until it is asked for by name.  A `universe`
    lists everything there is, of which a release shows what has to do with clusters.
    """

    name: str
    title: str
    publisher: str
    licence: str
    attribution: str
    access: str
    base_url: str
    cadence: str
    grade: str
    trust: int
    rows: Floor
    politeness: Politeness
    door: str = "search"
    doors: tuple[str, ...] = ()
    hosts: dict[str, str] = field(default_factory=dict)
    robots: str = ""
    key: str | None = None
    caveats: str = ""
    files: str = ""
    table: str | None = None
    on_demand: bool = False
    universe: bool = False
    start: dict[str, Any] = field(default_factory=dict)

    @property
    def crawled(self) -> bool:
        return self.access != "curated"

    @property
    def landed_whole(self) -> bool:
        """Whether its crawl lands files as they are: their rows are counted once they are read, not before."""
        return self.door == "bulk"


def load(name: str) -> Source:
    """Read one registry entry; raises BadRegistry on an unknown or missing key."""
    path = SPIDERS / name / "source.yml"
    if not path.is_file():
        raise BadRegistry(f"There is no source '{name}'; the sources are {', '.join(names())}.")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {f.name for f in fields(Source)} - {"name"}
    if unknown := raw.keys() - known:
        raise BadRegistry(f"{name}/source.yml: unknown keys {sorted(unknown)}.")
    required = {f.name for f in fields(Source) if f.default is MISSING and f.default_factory is MISSING} - {"name"}
    if missing := required - raw.keys():
        raise BadRegistry(f"{name}/source.yml: missing keys {sorted(missing)}.")
    if raw["access"] not in ACCESS:
        raise BadRegistry(f"{name}/source.yml: access is one of {sorted(ACCESS)}.")
    raw["rows"] = Floor(**raw["rows"])
    raw["politeness"] = Politeness(**raw["politeness"])
    raw["doors"] = tuple(raw.get("doors", ()))
    raw["hosts"] = _hosts(path.parent, raw.get("hosts", []))
    return Source(name=name, **raw)


def _hosts(folder: Path, said: list[str] | str) -> dict[str, str]:
    """Hosts by their scheme, from a list of them or from the addresses in a file of the source's folder."""
    if isinstance(said, str):
        origins = re.findall(r"https?://[^/\s\"']+", (folder / said).read_text(encoding="utf-8"))
    else:
        origins = [host if "://" in host else f"https://{host}" for host in said]
    return {host: scheme for scheme, _, host in (origin.partition("://") for origin in origins)}


@cache
def names() -> tuple[str, ...]:
    """The sources, in alphabetical order: every folder that holds a `source.yml`."""
    return tuple(sorted(path.parent.name for path in SPIDERS.glob("*/source.yml")))
