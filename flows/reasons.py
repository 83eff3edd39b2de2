"""Reasons of decisions: they are published, so each is there and holds no personal data."""

from __future__ import annotations

from flows.problems import Problem


def unfit(why: str) -> str | None:
    """What is wrong with a reason; None where nothing is."""
    from transforms.text import holds_contact

    if not why.strip():
        return "a decision needs its reason"
    if holds_contact(why):
        return "a reason is published, and this one holds an address, a number or a profile"
    return None


def check_reason(why: str) -> None:
    """Raise Problem where a decision has no reason, or one that names whom to write to or call."""
    if wrong := unfit(why):
        raise Problem(f"{wrong[0].upper()}{wrong[1:]}; give one with --why '…'.", code=2)
