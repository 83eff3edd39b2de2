"""Parts of a source that fail each on its own: a list, a site, a country, a single page.

A part that fails is named and keeps what was read of it last; only where many fail at once has the
source itself failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LASTING = ("refused_by_robots", "opt_out", "failed", "partial")  # faults that a source shares where all its parts do


@dataclass(slots=True)
class Parts:
    """The parts that a crawl asked for, and the first trouble of each; `tolerated` is the share that may have one."""

    tolerated: float
    asked: set[str] = field(default_factory=set)
    troubles: dict[str, tuple[str, str]] = field(default_factory=dict)

    def trouble(self, part: str, kind: str, what: str) -> None:
        """Note the first fault of a part."""
        self.troubles.setdefault(part, (kind, what))

    @property
    def many(self) -> bool:
        """Whether so many failed that it is not the parts: all of them, or more than one and than is tolerated."""
        failed = len(self.troubles)
        return bool(failed) and (failed >= len(self.asked) or failed > max(1, self.tolerated * len(self.asked)))

    def fault(self) -> tuple[str, str]:
        """(kind, reason) of the source as a whole; the kind of the parts where they share one."""
        kinds = {kind for kind, _ in self.troubles.values()}
        kind = next((one for one in LASTING if kinds == {one}), "drifted")
        return kind, f"{len(self.troubles)} of {len(self.asked)} parts failed, first: {self.said()[0]}"

    def said(self) -> list[str]:
        """The troubles as a person reads them."""
        return [what if part in what else f"{part}: {what}" for part, (_, what) in self.troubles.items()]
