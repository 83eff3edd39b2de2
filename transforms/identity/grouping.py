"""From scored pairs and people's decisions to tonight's clusters, the same way for organisations and networks."""

from __future__ import annotations

import duckdb
import polars as pl

from transforms.identity.clusters import DECIDED, cluster

# Records of tonight, numbered in an order that does not change.
ENTRIES = """
create or replace temporary table entry as
select row_number() over (order by source, source_id) - 1 as number, source, source_id
from (select distinct source, source_id from {records})
"""

# The sides of a pair stand in one order, as those of `pair` do.
DECISIONS = """
create or replace temporary table decided as
select distinct
    decision,
    if(ordered, left_source, right_source) as left_source,
    if(ordered, left_id, right_id) as left_id,
    if(ordered, right_source, left_source) as right_source,
    if(ordered, right_id, left_id) as right_id
from (select *, (left_source, left_id) <= (right_source, right_id) as ordered from decision where kind = $kind)
"""

# A decision stands in for what the model says of a pair, and for a pair that the model never saw.
JUDGED = """
create or replace temporary table judged as
select
    l.number as left_number,
    r.number as right_number,
    case decided.decision when 'same' then $decided when 'different' then -$decided else pair.log_odds end as score
from pair
full join decided using (left_source, left_id, right_source, right_id)
inner join entry as l on l.source = left_source and l.source_id = left_id
inner join entry as r on r.source = right_source and r.source_id = right_id
"""

# What joined a record: the terms for its strongest pair within its cluster, or a person.
CLUSTER = """
create or replace temporary table cluster as
with side as (
    select left_source as source, left_id as source_id, right_source as other_source, right_id as other_id, log_odds, terms from pair
    union all
    select right_source, right_id, left_source, left_id, log_odds, terms from pair
),
inside as (
    select
        side.source, side.source_id,
        arg_max(list_transform(list_filter(terms, lambda t: t.weight > 0), lambda t: t.term)[:3], log_odds) as terms
    from side
    inner join grouped as l on (l.source, l.source_id) = (side.source, side.source_id)
    inner join grouped as r on (r.source, r.source_id) = (side.other_source, side.other_id)
    where l.cluster = r.cluster
    group by all
)
select
    grouped.source, grouped.source_id, grouped.cluster,
    case
        when grouped.members = 1 then 'alone'
        else coalesce(nullif(array_to_string(inside.terms, ', '), ''), 'decided by a person')
    end as rule
from grouped
left join inside using (source, source_id)
"""

FORGET = "delete from identity.pair where entity_kind = $kind"
KEEP = """
insert into identity.pair
select
    pair.entity_kind, pair.left_source, pair.left_id, pair.right_source, pair.right_id, pair.log_odds,
    1 / (1 + exp(-pair.log_odds)) as probability,
    decided.decision, l.cluster = r.cluster as joined, pair.terms
from pair
inner join grouped as l on (l.source, l.source_id) = (pair.left_source, pair.left_id)
inner join grouped as r on (r.source, r.source_id) = (pair.right_source, pair.right_id)
left join decided using (left_source, left_id, right_source, right_id)
where l.cluster = r.cluster or pair.log_odds > $least
"""

TABLE = """
create table if not exists identity.pair (
    entity_kind varchar, left_source varchar, left_id varchar, right_source varchar, right_id varchar,
    log_odds double, probability double, decision varchar, joined boolean,
    terms struct(term varchar, weight double)[]
)
"""
LEAST = -3.0  # log-odds below which a pair that was not joined is not kept: one in twenty is no longer uncertain


def group(connection: duckdb.DuckDBPyConnection, kind: str, records: str, unseen: float, join: float) -> None:
    """Write tonight's clusters of `records` to the temporary table `cluster`, and what was compared to `identity.pair`.

    Reads the temporary tables `pair` (left and right record, log_odds, terms) and `decision`; a pair joins from
    log-odds above `join`.
    """
    connection.execute(TABLE)
    connection.execute(ENTRIES.format(records=records))
    connection.execute(DECISIONS, {"kind": kind})
    connection.execute(JUDGED, {"decided": DECIDED})
    number = connection.execute("select count(*) from entry").fetchall()[0][0]
    found = connection.execute("select left_number, right_number, score::double as score from judged order by all").pl()
    left, right = (found[f"{side}_number"].cast(pl.Int64).to_numpy() for side in ("left", "right"))
    clusters = cluster(number, left, right, found["score"].to_numpy() - join, unseen)
    numbered = pl.DataFrame({"number": range(number), "cluster": clusters}).to_arrow()
    connection.register("numbered", numbered)
    connection.execute(
        """
        create or replace temporary table grouped as
        select entry.source, entry.source_id, numbered.cluster, count(*) over (partition by numbered.cluster) as members
        from entry inner join numbered using (number)
        """
    )
    connection.unregister("numbered")
    connection.execute(CLUSTER)
    connection.execute(FORGET, {"kind": kind})
    connection.execute(KEEP, {"least": LEAST})
