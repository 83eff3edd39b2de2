"""Identifiers from registers: records as the spider yields them, one organisation looked up in several."""

from __future__ import annotations

from transforms.landing import LandingFolder
from transforms.records import tidy

__all__ = ["count", "finest", "tidy"]


def count(folder: LandingFolder) -> int:
    """Identifiers that were found."""
    return int((folder.records()["kind_of_record"] == "identifier").sum())


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    return ("identifier",)
