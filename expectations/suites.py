"""The gates: a list with reasons. `critical` stops the release, `warning` is published with it."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

from expectations.code_book import FACETS

KINDS = ["network", "partnership", "consortium", "project", "cluster", "instrument"]
CONTACT = (
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]|\[at\]|linkedin\.com/in/"
    r"|(\+|\b00)\d{{1,3}}[ ./()-]*(\d[ ./()-]*){{6,12}}"
)

Suites = dict[str, list[Expectation]]


def filled(*columns: str, why: str) -> list[Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column=column, severity="critical", notes=why, meta={"gate": f"{column} is there"}
        )
        for column in columns
    ]


def unique(column: str) -> Expectation:
    meta = {"gate": f"{column} is a key"}
    return gxe.ExpectColumnValuesToBeUnique(column=column, severity="critical", notes="One row each.", meta=meta)


def one_of(column: str, values: list[str], severity: str = "critical") -> Expectation:
    return gxe.ExpectColumnValuesToBeInSet(
        column=column, value_set=values, severity=severity, notes="Code book.", meta={"gate": f"{column} is a code"}
    )


def some_rows(fewest: int = 1, severity: str = "critical") -> Expectation:
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=fewest, severity=severity, notes="Not empty.", meta={"gate": f"at least {fewest} rows"}
    )


def none_of(gate: str, query: str, why: str, severity: str = "critical") -> Expectation:
    """No row may come out of `query`; `{batch}` in it is the table, once, as a common table expression."""
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=query, severity=severity, description=gate, notes=why, meta={"gate": gate}
    )


def no_contacts(column: str) -> Expectation:
    return none_of(
        f"no contact in {column}",
        f"with b as (select * from {{batch}}) select b.{column} from b where regexp_matches(b.{column}, '{CONTACT}')",
        "No e-mail address, telephone number or personal profile is stored.",
    )


def refers(column: str, table: str, key: str) -> Expectation:
    return none_of(
        f"{column} is in {table}",
        f"with b as (select * from {{batch}}) select b.{column} from b "
        f"where b.{column} is not null and b.{column} not in (select {key} from {table})",
        "References hold.",
    )


def landing() -> Suites:
    """Gates on the tidy frames of all landings in force (schema `staging`)."""
    return {
        "staging.network": [
            *filled("source_id", "name", "url", "fetched_at", why="Contract of the tidy frames."),
            one_of("kind", KINDS),
            no_contacts("name"),
        ],
        "staging.organisation": [
            *filled("source_id", "name", why="Contract of the tidy frames."),
            gxe.ExpectColumnValueLengthsToEqual(
                column="country",
                value=2,
                severity="critical",
                notes="ISO 3166-1 alpha-2.",
                meta={"gate": "country is a code"},
            ),
            none_of(
                "most organisations have a country",
                "with b as (select * from {batch}) select source from b group by source "
                "having count(country) < 0.5 * count(*) and count(*) > 20",
                "A source whose countries no longer read has drifted.",
                severity="warning",
            ),
        ],
        "staging.project": [
            # One door may hold a project's dates and another its title.
            *filled("source_id", why="Contract of the tidy frames."),
            none_of(
                "a project ends after it starts",
                "with b as (select * from {batch}) select source_id from b where end_date < start_date",
                "Dates read in the wrong order.",
                severity="warning",
            ),
        ],
        "staging.participation": [
            *filled("source_id", "project_source_id", "organisation_source_id", why="Contract of the tidy frames."),
            none_of(
                "every role is known",
                "with b as (select * from {batch}) select role_original from b where role is null and role_original is not null",
                "A role never met before wants a line in the transform.",
                severity="warning",
            ),
        ],
        "staging.membership": [
            *filled("network_source_id", "organisation_source_id", why="Contract of the tidy frames."),
            none_of(
                "every role is known",
                "with b as (select * from {batch}) select role_original from b where role is null and role_original is not null",
                "A role never met before wants a line in role.csv.",
                severity="warning",
            ),
        ],
        "staging.passage": [
            *filled("text", "url", "fetched_at", why="A quote needs its passage."),
            no_contacts("text"),
        ],
        "staging.claim": filled("attribute", "value", why="Contract of the tidy frames."),
    }


def warehouse(networks_before: int) -> Suites:
    """Gates on what would be published (schema `release`)."""
    domain = " or ".join(
        f"(b.facet = '{facet}' and b.value in ({', '.join(repr(value) for value in [*values, 'unknown'])}))"
        for facet, values in FACETS.items()
    )
    return {
        "release.network": [
            *filled("network_id", "name", "kind", "first_seen", "last_seen", why="Promised columns."),
            unique("network_id"),
            one_of("kind", KINDS),
            some_rows(networks_before // 2),
            some_rows(int(networks_before * 0.9), severity="warning"),
            no_contacts("name"),
        ],
        "release.phase": [unique("phase_id"), refers("network_id", "release.network", "network_id")],
        "release.network_typology": [
            unique("network_id"),
            refers("network_id", "release.network", "network_id"),
            none_of(
                "every network is classified",
                "with b as (select * from {batch}) select network_id from release.network "
                "where network_id not in (select b.network_id from b)",
                "`network_typology` joins to `network` without loss.",
            ),
            none_of(
                "integration_index lies between 1 and 3",
                "with b as (select * from {batch}) select b.network_id from b where not b.integration_index between 1 and 3",
                "It is a mean of levels, or null; never a number that is none.",
            ),
            *filled(*(facet for facet in FACETS), why="`unknown` is written out, never null."),
        ],
        "release.typology": [
            *filled("network_id", "facet", "value", "grade", "rule_version", why="Promised columns."),
            one_of("facet", list(FACETS)),
            one_of("grade", list("ABCDU")),
            refers("network_id", "release.network", "network_id"),
            no_contacts("override_reason"),
            none_of(
                "value is a code of its facet",
                f"with b as (select * from {{batch}}) select b.facet, b.value from b where not ({domain})",
                "Code book.",
            ),
            none_of(
                "every known value has evidence",
                "with b as (select * from {batch}) select b.network_id, b.facet, b.value from b where b.value != 'unknown' "
                "and b.override_reason is null and not exists (select 1 from release.evidence as e where e.counts "
                "and e.evidence_id = b.evidence_id and e.network_id = b.network_id and e.facet = b.facet and e.value = b.value)",
                "No value without evidence that counts: the one that it points at.",
            ),
            none_of(
                "a value is graded as its evidence",
                "with b as (select * from {batch}) select b.network_id, b.facet from b inner join release.evidence as e "
                "on e.evidence_id = b.evidence_id where b.rule_id not in ('RR', 'RO') and b.grade != e.grade",
                "A grade says how strong the sign is that the value rests on.",
            ),
            none_of(
                "unknown has a reason",
                "with b as (select * from {batch}) select b.network_id from b where b.value = 'unknown' "
                "and coalesce(b.reason, '') not in ('not_found', 'not_harvested', 'conflicting', 'not_applicable')",
                "U carries its reason.",
            ),
        ],
        "release.evidence": [
            *filled(
                "evidence_id",
                "network_id",
                "facet",
                "value",
                "url",
                "fetched_at",
                "rule_id",
                "grade",
                why="Promised columns.",
            ),
            unique("evidence_id"),
            one_of("origin", ["sandbox", "live", "file", "curated"]),
            refers("network_id", "release.network", "network_id"),
            refers("rule_id", "release.code_book", "rule_id"),
            gxe.ExpectColumnValueLengthsToBeBetween(
                column="quote",
                min_value=2,
                max_value=300,
                severity="critical",
                notes="A quote, no copy.",
                meta={"gate": "quote is short"},
            ),
            none_of(
                "quote or structured value",
                "with b as (select * from {batch}) select b.evidence_id from b where b.quote is null and b.structured_value is null",
                "Evidence shows what it rests on.",
            ),
            none_of(
                "quote stands in its passage letter for letter",
                "with b as (select * from {batch}) select b.evidence_id from b where b.quote is not null and not exists "
                "(select 1 from staging.passage as p where p.source = b.source_id and p.subject_source_id = b.record_id "
                "and contains(p.text, b.quote))",
                "Quotes are checked against the kept passages.",
            ),
            none_of(
                "addresses are the portals' own",
                "with b as (select * from {batch}) select b.url from b where b.url not like 'http%' "
                "or b.url like '%127.0.0.1%' or b.url like '%localhost%'",
                "An analyst opens the address in a meeting.",
            ),
            no_contacts("quote"),
            no_contacts("structured_value"),
        ],
        "release.organisation": [
            unique("organisation_id"),
            *filled("name", "kind", why="Promised columns."),
            no_contacts("name"),
        ],
        "release.membership": [
            refers("network_id", "release.network", "network_id"),
            refers("organisation_id", "release.organisation", "organisation_id"),
        ],
        "release.project": [unique("project_id")],
        "release.participation": [
            unique("participation_id"),
            refers("project_id", "release.project", "project_id"),
            refers("organisation_id", "release.organisation", "organisation_id"),
        ],
        "release.network_project": [
            refers("network_id", "release.network", "network_id"),
            refers("project_id", "release.project", "project_id"),
        ],
        "release.source": [some_rows(), *filled("outcome", why="The state of every source is said.")],
    }
