"""Pôles de compétitivité: a label by phase, kept as one interval for each phase that is named."""

from __future__ import annotations

import re

from spiders.directory import DirectorySpider

PHASE = re.compile(r"\((\d{4})\s*[-–]\s*(\d{4})\)")


class Portal(DirectorySpider):
    """The list of labelled poles."""

    def spells(self, entry: dict[str, str]) -> list[tuple[str | None, str | None]]:
        """One interval a phase, half-open: a phase to 2022 ends with the first day of 2023."""
        found = PHASE.findall(entry.get("phases", ""))
        return [(f"{first}-01-01", f"{int(last) + 1}-01-01") for first, last in found] or [(None, None)]
