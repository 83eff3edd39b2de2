"""Candidate pairs by shared keys, in SQL.

A key that many records share says too little and is dropped, so that pairs grow with the records and not
with their square.  How much each word says (its weight) is counted over distinct names: a body that stands in
a list a thousand times makes its own words no more common.  Names of a reference list are counted along
(`words/frequency.csv`), for in a short list every word would look rare.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

from transforms.identity.spelling import CHUNK, table
from transforms.identity.words import tokens

MEMORY = "600MB"
# How many records may share a key of each rule.
MOST = {
    "same words": 60, "same words in any country": 8, "same letters": 20, "same start": 12, "same start in town": 6,
    "two rare words": 12, "one rare word": 8, "same door": 12, "same road": 8, "acronym": 8, "alias": 8, "same site": 8, "same mark": 20,
}  # fmt: skip

WEIGHTS = """
create temporary table spelling as select distinct token.token, unit.bare from token inner join unit using (unit) where alias = 'bare';
create temporary table weight as
    select
        token,
        count(*) as names,
        ln(((select count(distinct bare) from unit) + (select max(names) from frequency))
            / (count(*) + coalesce(any_value(frequency.names), 0))) + 0.1 as weight
    from spelling left join frequency using (token) group by token;
-- A word that only aliases have counts as seen once.
create temporary table weighed as
    select token.*, coalesce(weight.weight, (select max(weight) from weight)) as weight, coalesce(weight.names, 1) as names
    from token left join weight using (token);
create temporary table sorted as
    select unit, alias, array_to_string(list_sort(list_distinct(list(token))), ' ') as words, sum(weight) as weight
    from weighed group by unit, alias;
create temporary table ranked as
    select unit, token, weight, row_number() over (partition by unit order by weight desc, token) as rank
    from (select unit, token, max(weight) as weight from weighed where alias in ('bare', 'short') group by unit, token);
create temporary table initials as
    select unit, string_agg(word[1], '' order by place) as initials
    from token where alias = 'bare' group by unit having count(*) >= 3;
create temporary view named as select *, replace(bare, ' ', '') as glued from unit;
create temporary view door as select *, unnest(house) as number from unit
"""

KEYS = """
create temporary table key as
select unit, rule, hash(key) as key from (
select unit, 'same words' as rule, country || '|' || words as key from sorted inner join unit using (unit) where alias = 'bare'
union all select unit, 'same words in any country', words from sorted where alias in ('bare', 'short') and weight > 9
union all select unit, 'alias', country || '|' || words from sorted inner join unit using (unit)
union all select unit, 'same letters', country || '|' || glued from named
union all select unit, 'same start', country || '|' || left(glued, 8) from named where length(glued) >= 6
union all select unit, 'same start', country || '|' || right(glued, 12) from named where length(glued) >= 14
union all select unit, 'same start in town', country || town || '|' || left(glued, 4) from named where town != ''
union all select unit, 'same start in town', country || postcode || '|' || left(glued, 4) from named where postcode != ''
union all
select l.unit, 'two rare words', unit.country || '|' || least(l.token, r.token) || '|' || greatest(l.token, r.token)
from ranked as l
inner join ranked as r on l.unit = r.unit and l.rank < r.rank and r.rank <= 4
inner join unit on unit.unit = l.unit
union all select unit, 'one rare word', country || '|' || token from ranked inner join unit using (unit) where rank <= 3
union all
select unit, 'one rare word', country || town || '|' || token
from ranked inner join unit using (unit) where rank <= 4 and town != ''
union all select unit, 'same door', country || '|' || postcode || '|' || number from door where postcode != ''
union all
select unit, 'same door', country || '|' || postcode || '|' || left(road, 5) from unit where postcode != '' and road != ''
union all
select unit, 'same road', country || '|' || town || '|' || split_part(road, ' ', -1) || '|' || number
from door where town != '' and road != ''
union all
select unit, 'acronym', country || '|' || word
from token inner join unit using (unit)
where length(word) between 3 and 12
    and (alias in ('brackets', 'dash', 'lead', 'short')
        or not exists (from weight where weight.token = token.token and weight.names > 8))
union all select unit, 'acronym', country || '|' || initials from initials inner join unit using (unit)
union all select unit, 'same site', site from unit where site != ''
union all select unit, 'same mark', unnest(string_split(marks, '|')) from unit where marks != ''
)
"""

PAIRS = """
create temporary table kept as
select distinct key.unit, key.rule, key.key
from key
inner join (select rule, key, count(distinct unit) as units from key group by rule, key) as shared using (rule, key)
inner join most using (rule)
where shared.units between 2 and most.units;
create temporary table pair as
select distinct l.unit as l, r.unit as r
from kept as l
inner join kept as r on l.rule = r.rule and l.key = r.key and l.unit < r.unit
"""

LEXICON = """
select token, row_number() over (order by token) - 1 as id from (select distinct token from weighed where alias = 'bare')
"""
WORDS = """
select unit::uinteger as unit, id::uinteger as id, max(weight)::float as weight, min(place)::usmallint as place
from weighed inner join lexicon using (token) where alias = 'bare' group by unit, id
"""


class Blocks:
    """What blocking found; `pairs` has l < r (units)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: str) -> None:
        self.lexicon = _frame(connection, folder, "lexicon", LEXICON)
        connection.execute(f"create temporary table lexicon as from '{folder}/lexicon.parquet'")
        self.pairs = _frame(
            connection, folder, "pairs", "select l::uinteger as l, r::uinteger as r from pair order by l, r"
        )
        self.words = _frame(connection, folder, "words", WORDS)
        self.names = _frame(
            connection,
            folder,
            "names",
            "select unit::uinteger as unit, alias, words, weight::float as weight from sorted",
        )
        self.initials = _frame(connection, folder, "initials", "select unit::uinteger as unit, initials from initials")


def _frame(connection: duckdb.DuckDBPyConnection, folder: str, name: str, sql: str) -> pl.DataFrame:
    connection.execute(f"copy ({sql}) to '{folder}/{name}.parquet'")
    return pl.read_parquet(f"{folder}/{name}.parquet")


def block(units: pl.DataFrame) -> Blocks:
    """Pairs of units that share a key, and what was counted on the way."""
    columns = ["unit", "country", "bare", "city", "town", "house", "road", "postcode", "site", "marks"]
    # Frames go over as files: handing them over in memory imports pandas, and holds them twice.
    with tempfile.TemporaryDirectory(prefix="metaclusters-blocking-") as folder, _database(folder) as connection:
        for number, part in enumerate(list(units.iter_slices(CHUNK)) or [units]):
            part.select(columns).write_parquet(f"{folder}/unit-{number}.parquet")
            tokens(part).write_parquet(f"{folder}/token-{number}.parquet")
        most = pl.DataFrame({"rule": list(MOST), "units": list(MOST.values())})
        frequency = table("frequency").cast({"names": pl.Int64})
        for name, rows in (("most", most), ("frequency", frequency)):
            rows.write_parquet(f"{folder}/{name}-0.parquet")
        for name in ("unit", "token", "most", "frequency"):
            connection.execute(f"create temporary table {name} as from '{folder}/{name}-*.parquet'")
        for statement in (*WEIGHTS.split(";\n"), KEYS, *PAIRS.split(";\n")):
            connection.execute(statement)
        return Blocks(connection, folder)


@contextmanager
def _database(folder: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own in memory, which spills to a folder beyond its bound."""
    settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": folder, "preserve_insertion_order": "false"}
    with duckdb.connect(config=settings) as connection:
        connection.execute("set enable_progress_bar = false")
        yield connection
