"""Where data lie and how a run is to go: flags first, then the environment, then defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows import __version__
from flows.problems import Problem

PROFILES = ("sandbox", "live")
SANDBOX_CONTACT = "sandbox@localhost"
KEEP_RELEASES = 30
RAW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """One profile's settings. `night` picks the sandbox's night (1 or 2)."""

    profile: str
    home: Path
    night: int = 1

    @property
    def root(self) -> Path:
        return self.home / self.profile

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The pointer to the release in force: a link that is switched in one step."""
        return self.releases / "current"

    @property
    def decisions(self) -> Path:
        """What people decided with `override`; it belongs to this data folder."""
        return self.root / "decisions" / "identity_decisions.csv"

    @property
    def facet_decisions(self) -> Path:
        """What people decided of facet values with `override set`; it belongs to this data folder."""
        return self.root / "decisions" / "facet_decisions.csv"

    @property
    def lock(self) -> Path:
        return self.root / "refresh.lock"

    @property
    def last_run(self) -> Path:
        return self.root / "last_run.json"

    @property
    def prefect_home(self) -> Path:
        return self.root / "prefect"

    def now(self) -> str:
        """The clock of the run: the sample night in the sandbox, the wall clock live."""
        if self.profile == "sandbox":
            from spiders.sandbox.server import NIGHTS

            return NIGHTS[self.night]
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def user_agent(self) -> str:
        """Who asks, and whom to write to; `live` does not start without a contact address."""
        contact = os.environ.get("METACLUSTERS_CONTACT", "")
        if self.profile == "live" and "@" not in contact:
            raise Problem(
                "The live profile needs a contact address for its User-Agent: set METACLUSTERS_CONTACT to a functional mailbox.",
                code=2,
            )
        about = os.environ.get("METACLUSTERS_ABOUT")
        explained = f"+{about}; " if about else ""
        return f"metaclusters/{__version__} ({explained}{contact or SANDBOX_CONTACT})"


def chosen(names: list[str]) -> list[str]:
    """The sources that a night reads: those of METACLUSTERS_SOURCES, or all; raises Problem on one that does not exist."""
    said = [name.strip() for name in os.environ.get("METACLUSTERS_SOURCES", "").split(",") if name.strip()]
    if unknown := [name for name in said if name not in names]:
        raise Problem(f"METACLUSTERS_SOURCES names '{unknown[0]}'; the sources are {', '.join(names)}.", code=2)
    return said or names


def read(profile: str | None = None, data: Path | None = None, night: int = 1) -> Settings:
    """Settings from flags and environment; raises Problem on a profile or night that does not exist."""
    profile = profile or os.environ.get("METACLUSTERS_PROFILE") or "sandbox"
    if profile not in PROFILES:
        raise Problem(f"There is no profile '{profile}'; take one of {', '.join(PROFILES)}.", code=2)
    if night not in (1, 2):
        raise Problem("The sandbox has nights 1 and 2.", code=2)
    home = Path(data or os.environ.get("METACLUSTERS_DATA") or "data")
    return Settings(profile=profile, home=home.resolve(), night=night)
