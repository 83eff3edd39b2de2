"""Legal forms: the words that stand for them in a name, so that names compare without them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from transforms.names import folded

TABLES = Path(__file__).parent / "tables"


@cache
def _pattern() -> str:
    """Forms at the end or the beginning of a name: 'as' or 'ad' inside one are words."""
    words = pl.read_csv(TABLES / "legal_form_word.csv")["word"].to_list()
    forms = "|".join(sorted(words, key=len, reverse=True))
    return rf"^(?:{forms})\s|\s(?:{forms})$"


def name_key(name: pl.Expr) -> pl.Expr:
    """The name as it is compared: folded, its legal form taken off; the folded name where nothing else is left."""
    full = folded(name)
    bare = full.str.replace_all(_pattern(), "").str.replace_all(_pattern(), "").str.strip_chars()
    return pl.when(bare.str.len_chars() > 1).then(bare).otherwise(full)
