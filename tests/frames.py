"""Small frames, drawn in the test: a header line, then one row a line, cells apart by `|`, empty means missing."""

from __future__ import annotations

import polars as pl


def table(drawn: str) -> pl.DataFrame:
    lines = [[cell.strip() or None for cell in line.split("|")] for line in drawn.strip().splitlines()]
    header, *rows = lines
    return pl.DataFrame(rows, schema=dict.fromkeys(map(str, header), pl.String), orient="row")
