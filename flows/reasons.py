"""Reasons of decisions: they are published, so each is there and holds no personal data."""

from __future__ import annotations

from flows.problems import Problem


def check_reason(why: str) -> None:
    """Raise Problem where a decision has no reason, or one that names whom to write to or call."""
    from transforms.text import holds_contact

    if not why.strip():
        raise Problem("A decision needs its reason: add --why '…'.", code=2)
    if holds_contact(why):
        raise Problem("A reason is published; give it without an address, a telephone number or a profile.", code=2)
