"""Text that goes into SQL where a statement takes no parameters (attach, copy, comment)."""

from __future__ import annotations


def literal(text: object) -> str:
    """A quoted SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
