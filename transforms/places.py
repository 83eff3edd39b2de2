"""Places: ISO country codes, NUTS codes with their version, longitude and latitude."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

TABLES = Path(__file__).parent / "tables"


@cache
def _countries() -> tuple[list[str], list[str]]:
    table = pl.read_csv(TABLES / "country_name.csv", infer_schema=False)
    return table["name"].to_list(), table["country"].to_list()


def country(word: pl.Expr) -> pl.Expr:
    """ISO 3166-1 alpha-2 for a code (EL and UK included) or a name in one of six languages, else null."""
    names, codes = _countries()
    key = word.str.strip_chars().str.to_lowercase()
    return key.replace_strict(names, codes, default=None, return_dtype=pl.String)


def nuts_code(code: pl.Expr) -> pl.Expr:
    """A code that has the form of a NUTS code, else null."""
    return pl.when(code.str.contains(r"^[A-Z]{2}[0-9A-Z]{0,3}$")).then(code)


def coordinate(geolocation: pl.Expr, position: int) -> pl.Expr:
    """One number of CORDIS' `latitude,longitude` (brackets and blanks tolerated): 0 latitude, 1 longitude."""
    parts = geolocation.str.strip_chars("() ").str.splitn(",", 2)
    return parts.struct.field(f"field_{position}").str.strip_chars().cast(pl.Float64, strict=False)
