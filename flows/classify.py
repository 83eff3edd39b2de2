"""`classify`: a user's own list of networks through the models of the nightly warehouse, in a warehouse of its own."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from expectations.code_book import FACETS
from flows import facet_decisions, model, own_networks
from flows.problems import Problem
from flows.sql import literal
from transforms import own_list
from warehouse.load import load, load_harvests

# Each row of the list is a network of its own, and its ID is the row's.
IDENTITY = """
create schema identity;
create table identity.record as
select 'network' as entity_kind, source, source_id, source_id as entity_id, 'own list' as rule,
    fetched_at as first_seen, fetched_at as last_seen
from staging.network;
"""
ANSWER = """
copy (
    select asked.id, {columns}
    from read_parquet({asked}) as asked
    left join (
        select network_id, facet,
            array_to_string(list_sort(list(distinct value)), '|') as value,
            max(grade) as grade,
            array_to_string(list_sort(list(distinct shown)), ' | ') as shown
        from (
            select typology.network_id, typology.facet, typology.value, typology.grade,
                coalesce(evidence.quote, evidence.structured_value) as shown
            from release.typology as typology
            left join release.evidence as evidence on evidence.evidence_id = typology.evidence_id
        )
        group by all
    ) as answer on answer.network_id = asked.first
    group by asked.id, asked.line
    order by asked.line
) to {out} (header, delimiter ',')
"""


def classify(file: Path, out: Path) -> int:
    """Write one row per row of the list: id, and value, grade and evidence of each facet; returns the exit status."""
    _can_be_written(out, file)
    table = _with_first(own_networks.read(file))
    with (
        tempfile.TemporaryDirectory(prefix="metaclusters-classify-") as folder,
        classified(table.filter(pl.col("id") == pl.col("first")), file.name, Path(folder)) as warehouse,
    ):
        _write(warehouse, table, Path(folder), out)
    print(f"{len(table):,} networks classified: {out}", file=sys.stderr)
    return 0


def _can_be_written(out: Path, file: Path) -> None:
    """Raise Problem where the answer cannot go, before minutes are spent on it."""
    if not out.parent.is_dir():
        raise Problem(f"There is no folder {out.parent} to write {out.name} to.", code=2)
    if out.suffix.lower() in {".xlsx", ".xls", ".json", ".jsonl", ".parquet"}:
        raise Problem(f"The answer is a CSV; name it {out.with_suffix('.csv').name}.", code=2)
    try:
        new = not out.exists()
        if not new and not out.is_file():
            raise Problem(f"{out} is no file; name the CSV to write.", code=2)
        if not new and file.exists() and out.samefile(file):
            raise Problem(f"{out} is the list itself; name another file to write.", code=2)
        out.open("ab").close()
        if new:
            out.unlink()
    except OSError as error:
        raise Problem(f"{out} cannot be written ({error.strerror}); name another file.", code=2) from None


def _with_first(table: pl.DataFrame) -> pl.DataFrame:
    """With `first`, the id of the first row that says the same of a network: it is classified for all of them."""
    said = [name for name in table.columns if name not in ("line", "id")]
    return table.with_columns(first=pl.col("id").first().over(said))


@contextmanager
def classified(table: pl.DataFrame, name: str, work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run the models over a list (as `own_networks.read` gives it); yields the warehouse, which is gone afterwards."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    staged = work / "staged"
    staged.mkdir()
    for frame, rows in own_list.tidy(table, f"file:{name}", now).items():
        rows.write_parquet(staged / f"{frame}.parquet")
    stand = {
        "source": own_list.SOURCE,
        "door": own_list.DOOR,
        "grade": "B",
        "trust": 1,
        "access": "file",
        "universe": False,
    }
    # In memory, as half of the time went into storing tables that are read once.  All who connect under this name share it; DuckDB
    # calls it `memory`, and dbt the last part of the name.
    database = f":memory:/{work.name}/memory"
    with duckdb.connect(database) as warehouse:
        warehouse.execute(f"set temp_directory = {literal(work / 'spilled')}")
        load(warehouse, [staged])
        load_harvests(warehouse, [stand])
        facet_decisions.load(warehouse, [])
        warehouse.execute(IDENTITY)
        model.build(database, work, now, model.OWN_LIST, sources=[own_list.SOURCE])
        yield warehouse


def _write(warehouse: duckdb.DuckDBPyConnection, table: pl.DataFrame, work: Path, out: Path) -> None:
    asked = work / "asked.parquet"
    table.select("line", "id", "first").write_parquet(asked)
    columns = ", ".join(
        f"max(answer.value) filter (where answer.facet = '{facet}') as {facet}, "
        f"max(answer.grade) filter (where answer.facet = '{facet}') as {facet}_grade, "
        f"max(answer.shown) filter (where answer.facet = '{facet}') as {facet}_evidence"
        for facet in FACETS
    )
    fresh = work / "answer.csv"
    warehouse.execute(ANSWER.format(columns=columns, asked=literal(asked), out=literal(fresh)))
    shutil.move(fresh, out)
