"""Names: one spelling for comparison, the portal's own beside it."""

from __future__ import annotations

import polars as pl

# Letters that do not fall apart into a base letter and an accent.
FOLD = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}


def folded(name: pl.Expr) -> pl.Expr:
    """Lower case, no accents, letters and digits only, single blanks."""
    # Some signs fall apart into capitals, some capitals into a letter and an accent: hence twice.
    plain = name.str.normalize("NFKD").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    plain = plain.str.replace_many(list(FOLD), list(FOLD.values()))
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def web_address(text: pl.Expr) -> pl.Expr:
    """An address that a browser opens, or the name of a host; anything else that a page offers is none."""
    tidy = trimmed(text)
    return pl.when(
        tidy.str.contains(r"(?i)^(?:https?://)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?::\d+)?(?:[/?#]\S*)?$")
    ).then(tidy)


def trimmed(text: pl.Expr) -> pl.Expr:
    """Single blanks, none at the ends, no control characters; an empty text is missing."""
    tidy = text.str.replace_all(r"[\s\p{Cc}]+", " ").str.strip_chars()
    return pl.when(tidy != "").then(tidy)
