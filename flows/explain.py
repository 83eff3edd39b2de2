"""`explain`: one network, its facets, and for each what decided and what speaks against it; or one organisation."""

from __future__ import annotations

from typing import Any

import duckdb

from expectations.code_book import SEVERAL
from flows.explain_identity import joined_pairs, print_organisation, print_pairs
from flows.settings import Settings
from flows.shelf import reading
from flows.sql import literal
from flows.terminal import as_document
from flows.turning_points import turning_points

# Exact ID, then exact name or acronym, then names that contain the words, then names spelled alike.
FIND = """
with variant as (
    select network_id, name from network
    union
    select network_id, acronym from network where acronym is not null
    union
    select entity_id, name from name where entity_id in (select network_id from network)
),
folded as materialized (
    select
        network_id,
        regexp_replace(lower(strip_accents(name)), '[^\\p{L}\\p{N}]+', '', 'g') as key,
        regexp_replace(lower(strip_accents(getvariable('asked'))), '[^\\p{L}\\p{N}]+', '', 'g') as asked
    from variant
),
ranked as (
    select network_id, max(case
        when network_id = upper(getvariable('asked')) then 5
        when key = asked then 4
        when len(asked) >= 3 and contains(key, asked) then 2 + len(asked) / greatest(len(key), 1)
        else jaro_winkler_similarity(key, asked)
    end) as rank
    from folded
    group by network_id
)
select network.network_id, network.name, network.acronym, network.kind, ranked.rank
from ranked inner join network using (network_id)
where rank >= 0.85
order by rank desc, name
limit 10
"""

# How a network lasted; a release of before may lack some.
LIFE = (
    *("last_grant_end", "last_sign_of_life", "last_sign_of_life_precision", "months_survived"),
    *("years_granted", "years_active", "grant_dependence"),
)

# What pays, or paid, for it or for its phases.
GRANTS = """
select project.project_id, coalesce(project.acronym, project.title) as project, project.programme, project.call, project.start_date,
    project.end_date, project.eu_contribution, project.currency, project.label_only
from network_project inner join project using (project_id)
where network_id = getvariable('id')
order by project.start_date nulls last, project.project_id
"""


def print_explanation(settings: Settings, asked: str, as_json: bool) -> int:
    """Print one network, or the hits where several fit; returns the exit status."""
    with reading(settings) as connection:
        wanted = _follow(connection, asked)
        _set(connection, "asked", wanted)
        hits = connection.execute(FIND).fetchall()
        if not hits:
            print_organisation(connection, wanted, as_json)
            return 0
        best = _best(hits)
        if len(best) > 1:
            _print_hits(best, as_json)
            return 0
        _print_one(_gather(connection, best[0][0]), as_json)
        return 0


def _set(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """A variable of the session; a bound parameter would import pandas, which takes more than a second."""
    connection.execute(f"set variable {name} = {literal(value)}")


def _best(hits: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The hits that answer equally well: an exact one alone, else all that hold the words or are spelled nearly so."""
    top = hits[0][4]
    slack = 0.0 if top >= 4 else 1.0 if top >= 2 else 0.03
    return [hit for hit in hits if hit[4] >= top - slack]


def _follow(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    """A retired ID leads to the one that took over, a record (source:id) to its network."""
    _set(connection, "asked", asked)
    row = connection.execute(
        "select new_id from redirect where old_id = upper(getvariable('asked')) "
        "union all select network_id from evidence where source_id || ':' || record_id = getvariable('asked') limit 1"
    ).fetchone()
    return str(row[0]) if row else asked


def _print_hits(hits: list[tuple[Any, ...]], as_json: bool) -> None:
    if as_json:
        keys = ("network_id", "name", "acronym", "kind")
        as_document({"hits": [dict(zip(keys, hit[:4], strict=True)) for hit in hits]})
        return
    print("Several networks fit; ask again with an ID:")
    for network_id, name, acronym, kind, _ in hits:
        print(f"  {network_id}  {name}{f' ({acronym})' if acronym else ''}, {kind}")


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, network_id: str) -> list[dict[str, Any]]:
    _set(connection, "id", network_id)
    found = connection.execute(sql)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _gather(connection: duckdb.DuckDBPyConnection, network_id: str) -> dict[str, Any]:
    (network,) = _rows(connection, "select * from network where network_id = getvariable('id')", network_id)
    (typology,) = _rows(connection, "select * from network_typology where network_id = getvariable('id')", network_id)
    facets = _rows(
        connection,
        "select * from typology where network_id = getvariable('id') and phase_id is null order by facet, value",
        network_id,
    )
    evidence = _rows(
        connection,
        "select * from evidence where network_id = getvariable('id') order by counts desc, grade, quote is null, weight desc, evidence_id",
        network_id,
    )
    scores = _rows(
        connection,
        "select * from facet_score where network_id = getvariable('id') order by facet, value",
        network_id,
    )
    for facet in facets:
        # A release of before knows no phases that were followed.
        of_facet = [sign for sign in evidence if sign["facet"] == facet["facet"] and not sign.get("followed")]
        # The sign that decided stands first.
        signs = [s for s in of_facet if s["value"] == facet["value"] and s["counts"]]
        facet["evidence"] = sorted(signs, key=lambda sign: sign["evidence_id"] != facet["evidence_id"])
        facet["turns_on"] = turning_points(
            facet, facet["evidence"], [s for s in scores if s["facet"] == facet["facet"]]
        )
        # A sentence that only its words speak for weighs nothing by itself.
        others = [s for s in of_facet if s["value"] != facet["value"] and s["counts"] and s["weight"]]
        facet["against"] = [] if facet["facet"] in SEVERAL else others
        facet["set_aside"] = [s for s in of_facet if not s["counts"]]
    return {
        "network": network,
        "names": _rows(
            connection,
            "select name, kind from name where entity_id = getvariable('id') order by kind, name",
            network_id,
        ),
        "phases": _rows(
            connection,
            "select * from phase where network_id = getvariable('id') order by start_date nulls last",
            network_id,
        ),
        "members": _rows(
            connection,
            "select count(distinct organisation_id) as known from membership where network_id = getvariable('id')",
            network_id,
        )[0]["known"],
        "facets": facets,
        "grants": _rows(connection, GRANTS, network_id),
        "life": {name: typology.get(name) for name in LIFE},
        "joined": joined_pairs(connection, network_id),
    }


def _print_one(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        as_document(found)
        return
    network = found["network"]
    acronym = f" ({network['acronym']})" if network["acronym"] else ""
    print(f"{network['name']}{acronym}  {network['network_id']}")
    print(f"{network['kind']}; {found['members']} members known; joined by: {network['identity_rule']}")
    other = sorted({name["name"] for name in found["names"]} - {network["name"], network["acronym"]})
    if other:
        print(f"also: {'; '.join(other)}")
    for phase in found["phases"]:
        span = f", {phase['start_date']} to {phase['end_date'] or 'open'}" if phase["start_date"] else ""
        print(f"phase: {phase['programme']}{span}")
    if found["joined"]:
        print("joined because")
        print_pairs(found["joined"])
    for facet in found["facets"]:
        if facet["value"] == "unknown":
            print(f"\n{facet['facet']}: unknown ({facet['reason']})")
        else:
            conflict = ", conflicting signs" if facet["conflict"] else ""
            print(f"\n{facet['facet']}: {facet['value']}  grade {facet['grade']}, rule {facet['rule_id']}{conflict}")
            print(f"  rule: {facet['reason']}")
            if facet["override_reason"] is not None:
                print(f"  the rules propose: {facet['proposed_value']}")
        for heading, signs in (
            ("because", facet["evidence"]),
            ("against", facet["against"]),
            ("set aside", facet["set_aside"]),
        ):
            for shown, sign in _first_two(signs):
                value = "" if heading == "because" else f" [{sign['value']}]"
                why = f" ({sign['reason_not_counted']})" if sign["reason_not_counted"] else ""
                print(f"  {heading}{value}: {shown}{why}")
                print(f"    {sign['grade']}, {sign['source_id']}, {sign['url']}, {sign['fetched_at']}")
        for sentence in (*_timeline(facet["facet"], found), *_lasted(facet["facet"], found["life"])):
            print(f"  {sentence}")
        for sentence in facet["turns_on"]:
            print(f"  would change: {sentence}")


def _timeline(facet: str, found: dict[str, Any]) -> list[str]:
    """The grants of a network, the first one first."""
    if facet != "funding":
        return []
    return [
        f"{'label' if grant['label_only'] else 'grant'} {grant['project_id']}: {grant['project']}, "
        + ", ".join(str(part) for part in (grant["programme"], grant["call"]) if part)
        + f", {grant['start_date'] or 'start unknown'} to {grant['end_date'] or 'open'}"
        + (f", {grant['currency'] or 'EUR'} {grant['eu_contribution']:,.0f}" if grant["eu_contribution"] else "")
        for grant in found["grants"]
    ]


def _lasted(facet: str, life: dict[str, Any]) -> list[str]:
    """How a network lasted beyond its grants, and how much it hangs on them."""
    if facet != "sustainability":
        return []
    seen = life["last_sign_of_life"]
    dated = [
        ("last grant ended", life["last_grant_end"]),
        ("last sign of life", seen.year if seen and life["last_sign_of_life_precision"] == "year" else seen),
        ("months survived after it", life["months_survived"]),
        ("years under a grant", life["years_granted"]),
        ("years active", life["years_active"]),
        ("dependence on grants", life["grant_dependence"]),
    ]
    said = [f"{what} {value}" for what, value in dated if value is not None]
    return ["; ".join(said)] if said else []


def _first_two(signs: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The first two signs that show different words: a sentence can hold several signs of one value."""
    shown: dict[str, dict[str, Any]] = {}
    for sign in signs:
        # The article's passages are summed up in words of ours.
        ours = " (in our words)" if sign["origin"] == "curated" else ""
        shown.setdefault(f"“{sign['quote']}”{ours}" if sign["quote"] else sign["structured_value"], sign)
    return list(shown.items())[:2]
