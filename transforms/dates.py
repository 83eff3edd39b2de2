"""Dates as portals write them: ISO, `Monday, 1 February, 2016`, `05 April 2023`, `03/07/2023`, `2015/04/30`, `24.04.2014`,
`01032009`, `2012-09`, `2012`.

The precision is kept beside the date: a year alone stands for its first day.
"""

from __future__ import annotations

import polars as pl

FORMATS = (
    (r"(\d{4}-\d{2}-\d{2})", "%Y-%m-%d", "day"),
    (r"^(\d{4}/\d{2}/\d{2})", "%Y/%m/%d", "day"),
    (r"(\d{1,2} \p{L}+,? \d{4})", "%d %B %Y", "day"),
    (r"(\d{2}/\d{2}/\d{4})", "%d/%m/%Y", "day"),
    (r"^(\d{1,2}\.\d{1,2}\.\d{4})$", "%d.%m.%Y", "day"),
    (r"^((?:19|20)\d{6})$", "%Y%m%d", "day"),  # where it is none, its day and month come first
    (r"^(\d{8})$", "%d%m%Y", "day"),
    (r"^(\d{4}-\d{2})$", "%Y-%m", "month"),
    (r"^(\d{4})$", "%Y", "year"),
)


def _parsed(text: pl.Expr, pattern: str, form: str) -> pl.Expr:
    found = text.str.extract(pattern).str.replace_all(",", "", literal=True)
    if form == "%Y-%m":
        return (found + "-01").str.to_date("%Y-%m-%d", strict=False)
    if form == "%Y":
        return (found + "-01-01").str.to_date("%Y-%m-%d", strict=False)
    return found.str.to_date(form, strict=False)


def date(text: pl.Expr) -> pl.Expr:
    """The date, or null where no known form fits."""
    return pl.coalesce(_parsed(text, pattern, form) for pattern, form, _ in FORMATS)


def precision(text: pl.Expr) -> pl.Expr:
    """`day`, `month` or `year`: how much of the date was said."""
    return pl.coalesce(
        pl.when(_parsed(text, pattern, form).is_not_null()).then(pl.lit(word)) for pattern, form, word in FORMATS
    )
