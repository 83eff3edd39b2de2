"""Which network records are the same network, and which are phases of one.

Names are compared without blanks and signs ('Textile 2020' is 'TEXTILE2020').  An acronym alone
joins two records only where the names are alike, or where programme or lineage agree: short words
such as NICE or CASTLE name many things.  Two sites of their own speak against it: the European Cluster
Alliance of 2006 and the European Clusters Alliance are both called ECA.
"""

from __future__ import annotations

import duckdb

VARIANTS = """
create or replace temporary table variant as
with named as (
    select source, source_id, name, 'name' as kind from population.network_record
    union all
    select source, source_id, acronym, 'acronym' from population.network_record where acronym is not null
    union all
    select source, entity_source_id, name, if(kind = 'acronym', 'acronym', 'name')
    from staging.name
    where entity_kind = 'network'
)
select distinct
    named.source,
    named.source_id,
    kind,
    regexp_replace(lower(strip_accents(named.name)), '[^\\p{L}\\p{N}]+', '', 'g') as compact,
    list_filter(
        string_split_regex(lower(strip_accents(named.name)), '[^\\p{L}\\p{N}]+'), lambda word: len(word) > 2
    ) as words
from named
semi join population.network_record using (source, source_id)
"""

PAIRS = """
create or replace temporary table pair as
with record as (
    select
        source, source_id, kind, programme_code
    from population.network_record
),
previous as (
    select
        claim.source,
        claim.subject_source_id as source_id,
        regexp_replace(lower(strip_accents(regexp_replace(claim.value, '^[^:]*:', ''))), '[^\\p{L}\\p{N}]+', '', 'g') as compact
    from staging.claim as claim
    where claim.attribute = 'previous_initiative'
),
candidate as (
    select
        l.source as left_source, l.source_id as left_id, l.kind as left_kind, l.words as left_words,
        r.source as right_source, r.source_id as right_id, r.kind as right_kind, r.words as right_words,
        l.compact
    from variant as l
    inner join variant as r
        on l.compact = r.compact and len(l.compact) >= 3 and (l.source, l.source_id) < (r.source, r.source_id)
),
judged as (
    select
        candidate.*,
        lr.programme_code as left_programme,
        rr.programme_code as right_programme,
        (lr.kind = 'instrument') != (rr.kind = 'instrument') as with_instrument,
        exists(
            from previous
            where previous.compact = candidate.compact
                and (previous.source, previous.source_id) in (
                    (left_source, left_id), (right_source, right_id)
                )
        ) as lineage,
        exists(
            from variant as named
            where named.kind = 'name' and len(candidate.compact) >= 4 and named.compact != candidate.compact
                and named.words[1] = candidate.compact
                and ((named.source, named.source_id) = (left_source, left_id)
                    or (named.source, named.source_id) = (right_source, right_id))
        ) as starts,
        (
            select max(len(list_intersect(a.words, b.words)) / greatest(len(list_distinct(a.words || b.words)), 1))
            from variant as a, variant as b
            where a.kind = 'name' and b.kind = 'name'
                and (a.source, a.source_id) = (left_source, left_id)
                and (b.source, b.source_id) = (right_source, right_id)
        ) as alike,
        (
            select max(jaro_winkler_similarity(a.compact, b.compact))
            from variant as a, variant as b
            where a.kind = 'name' and b.kind = 'name'
                and (a.source, a.source_id) = (left_source, left_id)
                and (b.source, b.source_id) = (right_source, right_id)
        ) as spelled
    from candidate
    inner join record as lr on (lr.source, lr.source_id) = (left_source, left_id)
    inner join record as rr on (rr.source, rr.source_id) = (right_source, right_id)
)
select
    left_source, left_id, right_source, right_id,
    case
        when left_kind = 'name' and right_kind = 'name' and len(compact) >= 6 then 1
        when alike >= 0.5 then 2
        when spelled >= 0.88 then 3
        else 4
    end as strength,
    case
        when left_kind = 'name' and right_kind = 'name' and len(compact) >= 6 then 'same name'
        when alike >= 0.5 then 'same acronym, names alike'
        when spelled >= 0.88 then 'same acronym, names spelled alike'
        when starts then 'same acronym, one name begins with it'
        when lineage then 'same acronym, named as earlier initiative'
        when left_programme = right_programme then 'same acronym, same programme'
        when left_kind != right_kind and len(compact) >= 4 and (left_programme is null or right_programme is null)
            then 'one is named by the acronym of the other'
        when left_kind != right_kind and left_programme[:3] = right_programme[:3] and len(compact) >= 6
            then 'one is named by the acronym of the other, same framework'
    end as rule
from judged
where rule is not null and not with_instrument
"""


SAME_NAME = 1  # the strength of a pair of the same name, which two sites do not part
HOSTS = """
select distinct
    source, source_id,
    regexp_replace(lower(website), '^(https?://)?(www\\.)?([^/]*).*$', '\\3') as host
from population.network_record
where website is not null
"""


def cluster(connection: duckdb.DuckDBPyConnection) -> None:
    """Write tonight's clusters of network records to the temporary table `cluster`."""
    connection.execute(VARIANTS)
    connection.execute(PAIRS)
    pairs = connection.execute(
        "select left_source, left_id, right_source, right_id, rule, strength from pair"
    ).fetchall()
    records = connection.execute("select distinct source, source_id from population.network_record").fetchall()
    leader = {record: record for record in records}
    sites: dict[tuple[str, str], set[str]] = {record: set() for record in records}
    for source, source_id, host in connection.execute(HOSTS).fetchall():
        sites[source, source_id].add(host)

    def find(record: tuple[str, str]) -> tuple[str, str]:
        while leader[record] != record:
            leader[record] = leader[leader[record]]
            record = leader[record]
        return record

    rules: dict[tuple[str, str], str] = {}
    # The strongest first, so that one record without a site is no bridge between two networks that have their own.
    for strength, left_source, left_id, right_source, right_id, rule in sorted((pair[5], *pair[:5]) for pair in pairs):
        left, right = (left_source, left_id), (right_source, right_id)
        first, second = sorted((find(left), find(right)))
        apart = sites[first] and sites[second] and not sites[first] & sites[second]
        if first != second and apart and strength > SAME_NAME:
            continue
        rules.setdefault(left, rule)
        rules.setdefault(right, rule)
        leader[second] = first
        if first != second:
            sites[first] |= sites[second]
    rows = [(*record, "|".join(find(record)), rules.get(record, "alone")) for record in records]
    connection.execute(
        "create or replace temporary table cluster (source varchar, source_id varchar, cluster varchar, rule varchar)"
    )
    if rows:
        connection.executemany("insert into cluster values (?, ?, ?, ?)", rows)
