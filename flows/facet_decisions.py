"""What people decided of facet values: `facet_decisions.csv`, replayed every night, stronger than any rule.

A decision names a record of the network, not its ID, so that it outlives merges.  It keeps the digest of the evidence
that the person saw: once that is another one, the item is back in the review queue.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.code_book import FACETS, SEVERAL
from flows.lock import only_one
from flows.problems import Problem
from flows.reasons import check_reason, unfit
from flows.settings import Settings
from flows.sql import literal
from transforms import decision_file

NAME = "facet_decisions.csv"
SHARED = Path(__file__).parent.parent / "warehouse" / "seeds" / NAME


@dataclass(frozen=True, slots=True)
class FacetDecision:
    """That a facet of a network has a value (several by `|`), whatever the rules propose, and why."""

    source: str
    source_id: str
    network: str
    facet: str
    value: str
    why: str
    decided_by: str  # a pseudonym, where one is given
    decided_at: str
    proposed: str  # what the rules said at the time
    evidence_digest: str  # of the signs that counted at the time

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.source, self.source_id, self.facet)


COLUMNS = decision_file.columns(FacetDecision)


def read(path: Path) -> list[FacetDecision]:
    """The decisions of a file, none where there is none; raises Problem."""
    try:
        found = decision_file.read(path, FacetDecision)
    except decision_file.BadDecisions as error:
        raise Problem(str(error)) from None
    for number, row in enumerate(found, 2):
        if reason := _wrong(row.facet, row.value) or unfit(row.why):
            raise Problem(f"{path}, line {number}: {reason}; mend the line.")
    return found


def in_force(settings: Settings) -> list[FacetDecision]:
    """Those under version control and those of this data folder; the latter count where both speak of an item."""
    own = read(settings.facet_decisions)
    decided = {decision.key for decision in own}
    return [decision for decision in read(SHARED) if decision.key not in decided] + own


def load(connection: duckdb.DuckDBPyConnection, decisions: list[FacetDecision]) -> None:
    """Write the table `staging.facet_decision`."""
    columns = ", ".join(f"{column} varchar" for column in COLUMNS)
    connection.execute("create schema if not exists staging")
    connection.execute(f"create or replace table staging.facet_decision ({columns})")
    if decisions:
        marks = ", ".join("?" * len(COLUMNS))
        rows = [list(asdict(decision).values()) for decision in decisions]
        connection.executemany(f"insert into staging.facet_decision values ({marks})", rows)


def decide(settings: Settings, network: str, facet: str, value: str | None, why: str, by: str) -> Path:
    """Write down that a facet of a network has a value, or (None) that nothing is decided of it any more."""
    if facet not in FACETS:
        raise Problem(f"There is no facet '{facet}'; take one of {', '.join(FACETS)}.", code=2)
    if value is not None and (reason := _wrong(facet, value)):
        raise Problem(f"{reason[0].upper()}{reason[1:]}.", code=2)
    if value is not None:
        check_reason(why)
    file = settings.facet_decisions
    with only_one(settings):
        stands = _stands(settings, network, facet)
        known = read(file)
        kept = [row for row in known if row.key not in {(source, record, facet) for source, record, *_ in stands}]
        if value is None:
            if len(kept) == len(known):
                raise Problem(f"Nothing was decided of {facet} of {network} in {file}.", code=2)
        else:
            source, record, name, proposed, digest = stands[0]
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            kept.append(FacetDecision(source, record, name, facet, value, why.strip(), by, now, proposed, digest))
        decision_file.write(file, FacetDecision, kept)
    return file


def _wrong(facet: str, value: str) -> str | None:
    if facet not in FACETS:
        return f"there is no facet '{facet}'"
    codes = value.split("|")
    if len(codes) > 1 and facet not in SEVERAL:
        return f"{facet} has one value, not '{value}'"
    if len(codes) > 1 and "unknown" in codes:
        return f"{facet} cannot be unknown and something else; take one of the two"
    if bad := [code for code in codes if code not in (*FACETS[facet], "unknown")]:
        return f"'{bad[0]}' is no code of {facet}; take one of {', '.join(FACETS[facet])}, unknown"
    return None


def _stands(settings: Settings, network: str, facet: str) -> list[tuple[str, str, str, str, str]]:
    """(source, source_id, name, proposed value, digest of the evidence) of each record of the network, first one first."""
    file = settings.warehouse / "warehouse.duckdb"
    if not file.is_file():
        raise Problem(f"There is no warehouse in {settings.warehouse} yet; run `metaclusters refresh` first.")
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            f"""
            select record.source, record.source_id, network.name,
                string_agg(distinct typology.proposed_value, '|' order by typology.proposed_value),
                coalesce(any_value(digest.digest), ''), network.network_id, network.kind
            from identity.record as record
            inner join release.network as network on network.network_id = record.entity_id
            inner join release.typology as typology
                on typology.network_id = network.network_id and typology.phase_id is null and typology.facet = {literal(facet)}
            left join typology.evidence_digest as digest
                on digest.network_id = network.network_id and digest.facet = typology.facet
            where record.entity_kind = 'network' and (
                network.network_id = upper({literal(network)}) or lower(network.acronym) = lower({literal(network)})
                or network.network_id in (select entity_id from release.name where lower(name) = lower({literal(network)}))
                or record.source || ':' || record.source_id = {literal(network)}
            )
            group by record.source, record.source_id, network.name, network.network_id, network.kind, record.first_seen
            order by record.first_seen, record.source, record.source_id
            """
        ).fetchall()
    if not rows:
        raise Problem(f"No network is '{network}'; give an ID (N…), an acronym or a name.", code=2)
    if len({row[5] for row in rows}) > 1:
        raise Problem(f"Several networks are '{network}'; give an ID, as `metaclusters explain` prints it.", code=2)
    if rows[0][6] == "instrument":
        raise Problem(f"'{network}' is a programme, not a network; nothing is classified of it.", code=2)
    return [row[:5] for row in rows]
