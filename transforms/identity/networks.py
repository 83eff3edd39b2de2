"""Which network records are the same network: by name, acronym, programme, site, lineage and members.

Names are compared without blanks and signs ('Textile 2020' is 'TEXTILE2020').  Each sign that speaks for or
against a pair is a term of `network_term.csv` with its weight in log-odds and the reason for it; the
weights are set by these reasons, for there are too few networks to fit them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

TERMS = Path(__file__).parent / "network_term.csv"
UNSEEN = -1.0  # log-odds of two records that share neither name nor site nor members
# Hosts where many networks have a page, and no site of their own.
SHARED_HOST = 3

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

SITES = """
create or replace temporary table site as
with host as (
    select distinct
        source, source_id, regexp_replace(lower(website), '^(https?://)?(www\\.)?([^/:]*).*$', '\\3') as host
    from population.network_record
    where website is not null
)
-- A host under which networks of several names are found is not a site of their own.
select * from host
where host in (
    select host from host inner join variant using (source, source_id)
    where kind = 'name' group by host having count(distinct compact) <= $shared
)
"""

MEMBERS = """
create or replace temporary table member_of as
select distinct membership.source, membership.network_source_id as source_id, record.entity_id as organisation_id
from staging.membership as membership
inner join identity.record as record
    on record.entity_kind = 'organisation' and record.source = membership.source
    and record.source_id = membership.organisation_source_id
"""

CANDIDATES = """
create or replace temporary table candidate as
select distinct
    l.source as left_source, l.source_id as left_id, r.source as right_source, r.source_id as right_id, compact
from variant as l
inner join variant as r using (compact)
where len(compact) >= 3 and (l.source, l.source_id) < (r.source, r.source_id)
union
select distinct l.source, l.source_id, r.source, r.source_id, null
from site as l
inner join site as r using (host)
where (l.source, l.source_id) < (r.source, r.source_id)
union
select l.source, l.source_id, r.source, r.source_id, null
from member_of as l
inner join member_of as r using (organisation_id)
where (l.source, l.source_id) < (r.source, r.source_id)
group by all
having count(*) >= 3
"""

# Every sign of a pair by its term.
SIGNS = """
create or replace temporary table sign as
with record as (
    select source, source_id, kind, programme_code from population.network_record
),
side as (
    select
        candidate.*,
        lr.kind as left_kind,
        rr.kind as right_kind,
        lr.programme_code as left_programme,
        rr.programme_code as right_programme,
        exists(from variant where (source, source_id, kind) = (left_source, left_id, 'name') and variant.compact = candidate.compact)
            and exists(from variant where (source, source_id, kind) = (right_source, right_id, 'name') and variant.compact = candidate.compact)
            as both_names
    from candidate
    inner join record as lr on (lr.source, lr.source_id) = (left_source, left_id)
    inner join record as rr on (rr.source, rr.source_id) = (right_source, right_id)
),
pair as (
    select distinct left_source, left_id, right_source, right_id, left_kind, right_kind, left_programme, right_programme from side
),
likeness as (
    select
        left_source, left_id, right_source, right_id,
        max(len(list_intersect(a.words, b.words)) / greatest(len(list_distinct(a.words || b.words)), 1)) as alike,
        max(jaro_winkler_similarity(a.compact, b.compact)) as spelled
    from pair
    inner join variant as a on a.kind = 'name' and (a.source, a.source_id) = (left_source, left_id)
    inner join variant as b on b.kind = 'name' and (b.source, b.source_id) = (right_source, right_id)
    group by all
),
previous as (
    select
        claim.source,
        claim.subject_source_id as source_id,
        regexp_replace(lower(strip_accents(regexp_replace(claim.value, '^[^:]*:', ''))), '[^\\p{L}\\p{N}]+', '', 'g') as compact
    from staging.claim as claim
    where claim.attribute = 'previous_initiative'
),
shared as (
    select l.source as left_source, l.source_id as left_id, r.source as right_source, r.source_id as right_id, count(*) as members
    from member_of as l
    inner join member_of as r using (organisation_id)
    group by all
),
size as (
    select source, source_id, count(*) as members from member_of group by all
),
by_name as (
    select distinct left_source, left_id, right_source, right_id, term
    from (
        select *, unnest(list_filter([
            if(both_names and len(compact) >= 6, 'same name', 'same acronym'),
            if(exists(
                from variant as named
                where named.kind = 'name' and len(side.compact) >= 4 and named.compact != side.compact
                    and named.words[1] = side.compact
                    and ((named.source, named.source_id) = (left_source, left_id)
                        or (named.source, named.source_id) = (right_source, right_id))
            ), 'begins with the acronym', null),
            if(exists(
                from previous
                where previous.compact = side.compact
                    and ((previous.source, previous.source_id) = (left_source, left_id)
                        or (previous.source, previous.source_id) = (right_source, right_id))
            ), 'named as earlier initiative', null),
            if(left_programme = right_programme, 'same programme', null),
            case
                when not both_names and name_alone and len(compact) >= 4 and (left_programme is null or right_programme is null)
                    then 'named by the acronym'
                when not both_names and name_alone and left_programme[:3] = right_programme[:3] and len(compact) >= 6
                    then 'named by the acronym, same framework'
            end
        ], lambda term: term is not null)) as term
        from (
            select *, exists(
                from variant where kind = 'name' and variant.compact = side.compact
                    and ((source, source_id) = (left_source, left_id) or (source, source_id) = (right_source, right_id))
            ) as name_alone
            from side where compact is not null
        ) as side
    )
),
told as (
    from by_name
    union all
    -- Names alone that are alike say nothing: a Food Clusters Network is no Health Clusters Network.
    select left_source, left_id, right_source, right_id, if(alike >= 0.5, 'names alike', 'names spelled alike')
    from likeness
    semi join by_name using (left_source, left_id, right_source, right_id)
    where alike >= 0.5 or spelled >= 0.88
    union all
    select
        left_source, left_id, right_source, right_id,
        if(bool_or(l.host = r.host), 'same site', 'other site')
    from pair
    inner join site as l on (l.source, l.source_id) = (left_source, left_id)
    inner join site as r on (r.source, r.source_id) = (right_source, right_id)
    group by all
    union all
    select left_source, left_id, right_source, right_id, 'shared members'
    from shared
    inner join size as l on (l.source, l.source_id) = (left_source, left_id)
    inner join size as r on (r.source, r.source_id) = (right_source, right_id)
    where shared.members >= 3 and shared.members >= 0.5 * greatest(l.members, r.members)
    union all
    select left_source, left_id, right_source, right_id, 'instrument'
    from pair where (left_kind = 'instrument') != (right_kind = 'instrument')
    union all
    select left_source, left_id, right_source, right_id, 'start' from pair
)
select told.*, term.weight
from told
semi join pair using (left_source, left_id, right_source, right_id)
inner join term using (term)
"""

PAIRS = """
create or replace temporary table pair as
select
    'network' as entity_kind,
    left_source, left_id, right_source, right_id,
    sum(weight) as log_odds,
    list({'term': term, 'weight': weight} order by abs(weight) desc, term) filter (where term != 'start') as terms
from sign
group by all
"""


def compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the temporary table `pair`: network records that may be one, with log-odds and the terms of its sum."""
    connection.execute(
        f"create or replace temporary table term as select term, weight from read_csv('{TERMS}', header = true)"
    )
    connection.execute(VARIANTS)
    connection.execute(SITES, {"shared": SHARED_HOST})
    connection.execute(MEMBERS)
    connection.execute(CANDIDATES)
    connection.execute(SIGNS)
    connection.execute(PAIRS)
