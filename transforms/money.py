"""Amounts as portals write them: decimal comma or point, thousands by blank, point or comma, a currency beside."""

from __future__ import annotations

import polars as pl


def money(text: pl.Expr) -> pl.Expr:
    """The amount as a number, or null where there is none (`n/a`).

    The last mark parts the decimals, unless it is a comma that parts thousands (`15,414`) or one of
    several points that do (`20.902.013`).
    """
    plain = text.str.replace_all(r"[^\d.,-]", "").str.strip_chars(".,")
    comma_decimal = plain.str.contains(r",\d*$") & ~plain.str.contains(r"^-?[1-9]\d{0,2}(?:,\d{3})+$")
    point_thousands = plain.str.contains(r"^-?\d{1,3}(?:\.\d{3}){2,}$")
    without_points = plain.str.replace_all(".", "", literal=True)
    number = (
        pl.when(comma_decimal)
        .then(without_points.str.replace(",", ".", literal=True))
        .when(point_thousands)
        .then(without_points)
        .otherwise(plain.str.replace_all(",", "", literal=True))
    )
    return number.cast(pl.Float64, strict=False)
