"""The matcher from 10,000 to 1,000,000 rows: `python -m tests.bench.growth` prints seconds and memory, and draws docs/identity-growth.svg.

The list is the development list of the real registers (`tests/bench/identity.py`), grown by copies whose names
and streets begin with other letters, so that they are other bodies with names of the same kind; every tenth
row comes a second time as another register might write it: a slip of the pen, its words in another order, no legal form.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

ROWS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
DRAWN = Path(__file__).parent.parent.parent / "docs" / "identity-growth.svg"
LETTERS = "bcdfglmnprstv"
RUN = """
import json, re, sys, time
from pathlib import Path
import polars as pl
from transforms.identity.clusters import cluster
from transforms.identity.matcher import match
from transforms.identity.score import JOIN
started = time.monotonic()
found = match(pl.read_parquet(sys.argv[1]))
left, right = (found.pairs[side].cast(pl.Int64).to_numpy() for side in ("l", "r"))
cluster(len(found.units), left, right, found.log_odds.astype("float64") - JOIN)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"pairs": len(found.pairs), "seconds": round(time.monotonic() - started, 1), "megabytes": round(peak)}))
"""


def grown(records: pl.DataFrame, rows: int) -> pl.DataFrame:
    """So many rows, made of the records and their copies."""
    parts = []
    for copy in range(-(-rows // len(records))):
        shifted = {a: LETTERS[(at + copy) % len(LETTERS)] for at, a in enumerate(LETTERS)}
        parts.append(
            records.with_columns(record=pl.col("record_id") + f"-{copy}")
            if copy == 0
            else records.with_columns(
                *(_renamed(pl.col(column), shifted) for column in ("name", "street")),
                short_name=pl.lit(""),
                record=pl.col("record_id") + f"-{copy}",
            )
        )
    whole = pl.concat(parts).head(rows * 10 // 11).drop("record_id")
    again = whole.gather_every(10).with_columns(source=pl.lit("again"), record=pl.col("record") + "-again")
    words = pl.col("name").str.split(" ")
    slip = pl.col("name").str.replace(r"(\w{3})(\w)(\w)(\w{2})", "$1$3$2$4")
    number = pl.int_range(pl.len()) % 3
    return pl.concat(
        [
            whole,
            again.with_columns(name=pl.when(number == 0).then(slip).when(number == 1).then(words.list.reverse().list.join(" ")).otherwise("name")),
        ]
    )  # fmt: skip


def _renamed(text: pl.Expr, shifted: dict[str, str]) -> pl.Expr:
    """The first word in other letters."""
    first = text.str.to_lowercase().str.extract(r"^(\S*)", 1)
    return (first.str.replace_many(list(shifted), list(shifted.values())) + text.str.replace(r"^\S*", "")).alias(
        text.meta.output_name()
    )


def measure(records: pl.DataFrame, sizes: tuple[int, ...] = ROWS) -> list[dict[str, float]]:
    """Rows, pairs, seconds and the peak of memory of a process that matches and nothing else, for each size."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / "list.parquet"
            grown(records, rows).write_parquet(path)
            done = subprocess.run([sys.executable, "-c", RUN, str(path)], capture_output=True, text=True, check=True)
            found.append({"rows": rows, **json.loads(done.stdout)})
            print(found[-1], flush=True)
    return found


def drawn(found: list[dict[str, float]]) -> str:
    """Seconds by rows, both in powers of ten, beside a line of the same seconds a row."""
    from math import log10

    def x(rows: float) -> float:
        return 60 + (log10(rows) - 4) * 220

    def y(seconds: float) -> float:
        return 260 - (log10(max(seconds, 0.1)) + 1) * 60

    last = found[-1]
    straight = [(rows, last["seconds"] * rows / last["rows"]) for rows in (found[0]["rows"], last["rows"])]
    line = " ".join(f"{x(one['rows']):.0f},{y(one['seconds']):.0f}" for one in found)
    linear = " ".join(f"{x(rows):.0f},{y(seconds):.0f}" for rows, seconds in straight)
    dots = "".join(
        f'<circle cx="{x(one["rows"]):.0f}" cy="{y(one["seconds"]):.0f}" r="4" fill="#1f5aa6"/>'
        f'<text x="{x(one["rows"]):.0f}" y="{y(one["seconds"]) - 10:.0f}" text-anchor="middle">{one["seconds"]:g} s, {one["megabytes"] / 1024:.1f} GB</text>'
        for one in found
    )
    ticks = "".join(
        f'<text x="{x(10**power):.0f}" y="290" text-anchor="middle">{10**power:,}</text>' for power in (4, 5, 6)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 320" font-family="sans-serif" font-size="12">'
        '<rect width="580" height="320" fill="white"/><line x1="60" y1="270" x2="540" y2="270" stroke="black"/>'
        f'<polyline points="{linear}" fill="none" stroke="#999" stroke-dasharray="5 5"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f5aa6" stroke-width="2"/>{dots}{ticks}'
        '<text x="300" y="312" text-anchor="middle">rows of the list; dashed: the same seconds a row</text></svg>\n'
    )


if __name__ == "__main__":
    from tests.bench.identity import development

    DRAWN.write_text(drawn(measure(development())), encoding="utf-8")
