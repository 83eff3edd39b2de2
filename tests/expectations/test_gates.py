"""Every gate is seen red: one bad row a gate, on a copy of a real warehouse."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from expectations import suites
from expectations.gate import ERROR, WARN
from expectations.validate import validate

# (table, gate that must turn red, the statement that breaks it, severity)
BREAKS = [
    (
        "staging.network",
        "name is there",
        "update staging.network set name = null where source_id = (select min(source_id) from staging.network)",
        ERROR,
    ),
    (
        "staging.network",
        "kind is a code",
        "update staging.network set kind = 'club' where source_id = (select min(source_id) from staging.network)",
        ERROR,
    ),
    (
        "staging.network",
        "no contact in name",
        "update staging.network set name = 'mail a@b.eu' where source_id = (select min(source_id) from staging.network)",
        ERROR,
    ),
    (
        "staging.organisation",
        "country is a code",
        "update staging.organisation set country = 'FRA' where country = 'FR'",
        ERROR,
    ),
    (
        "staging.organisation",
        "most organisations have a country",
        "update staging.organisation set country = null where source = 'eccp'",
        WARN,
    ),
    ("staging.project", "a project ends after it starts", "update staging.project set end_date = '1999-01-01'", WARN),
    (
        "staging.participation",
        "every role is known",
        "update staging.participation set role = null where position = 1",
        WARN,
    ),
    (
        "staging.passage",
        "no contact in text",
        "update staging.passage set text = 'Call +32 2 123 45 67' where source = 'eccp'",
        ERROR,
    ),
    (
        "release.network",
        "network_id is a key",
        "insert into release.network select * from release.network limit 1",
        ERROR,
    ),
    ("release.network", "at least 75 rows", "delete from release.network where kind != 'instrument'", ERROR),
    ("release.network", "at least 135 rows", "select 1", WARN),
    (
        "release.network_typology",
        "every network is classified",
        "delete from release.network_typology where integration_level = '3'",
        ERROR,
    ),
    (
        "release.network_typology",
        "integration_index lies between 1 and 3",
        "update release.network_typology set integration_index = 'nan' where integration_level = '3'",
        ERROR,
    ),
    (
        "release.network_typology",
        "legal_form is there",
        "update release.network_typology set legal_form = null where legal_form = 'association'",
        ERROR,
    ),
    (
        "release.typology",
        "value is a code of its facet",
        "update release.typology set value = '4' where facet = 'integration_level' and value = '3'",
        ERROR,
    ),
    ("release.typology", "grade is a code", "update release.typology set grade = 'E' where grade = 'B'", ERROR),
    (
        "release.typology",
        "a value is graded as its evidence",
        "update release.typology set grade = 'D' where facet = 'integration_level' and grade = 'A'",
        ERROR,
    ),
    (
        "release.typology",
        "no contact in override_reason",
        "update release.typology set override_reason = 'ask a@b.eu' where facet = 'integration_level'",
        ERROR,
    ),
    (
        "release.typology",
        "every known value has evidence",
        "delete from release.evidence where facet = 'legal_form' and value = 'association'",
        ERROR,
    ),
    (
        "release.typology",
        "every known value has evidence",
        "update release.typology set evidence_id = null where facet = 'geographic_coverage' and value = 'trans-border'",
        ERROR,
    ),
    (
        "release.typology",
        "unknown has a reason",
        "update release.typology set reason = null where value = 'unknown'",
        ERROR,
    ),
    (
        "release.evidence",
        "quote is short",
        "update release.evidence set quote = repeat('x', 301) where quote is not null",
        ERROR,
    ),
    (
        "release.evidence",
        "quote stands in its passage letter for letter",
        "update release.evidence set quote = quote || '!' where quote is not null",
        ERROR,
    ),
    (
        "release.evidence",
        "quote or structured value",
        "update release.evidence set quote = null, structured_value = null",
        ERROR,
    ),
    (
        "release.evidence",
        "addresses are the portals' own",
        "update release.evidence set url = 'http://127.0.0.1:8000/x'",
        ERROR,
    ),
    ("release.evidence", "rule_id is in release.code_book", "update release.evidence set rule_id = 'R99'", ERROR),
    (
        "release.evidence",
        "no contact in structured_value",
        "update release.evidence set structured_value = 'a@b.eu'",
        ERROR,
    ),
    (
        "release.membership",
        "organisation_id is in release.organisation",
        "update release.membership set organisation_id = 'O?'",
        ERROR,
    ),
    (
        "release.participation",
        "project_id is in release.project",
        "update release.participation set project_id = 'x'",
        ERROR,
    ),
    (
        "release.network_project",
        "network_id is in release.network",
        "update release.network_project set network_id = 'x'",
        ERROR,
    ),
    ("release.source", "outcome is there", "update release.source set outcome = null", ERROR),
]


@pytest.fixture(scope="module")
def warehouse(nights):
    return nights.data / "sandbox" / "warehouse" / "warehouse.duckdb"


def run(database, docs):
    with duckdb.connect(str(database), read_only=True) as connection:
        networks = connection.execute("select count(*) from release.network").fetchall()[0][0]
    before = max(networks, 150)
    return validate(database, {**suites.landing(), **suites.warehouse(before)}, docs)


def test_a_sound_warehouse_passes_every_gate_that_stops(warehouse, tmp_path):
    copy = tmp_path / "w.duckdb"
    shutil.copyfile(warehouse, copy)
    findings = validate(copy, {**suites.landing(), **suites.warehouse(0)}, tmp_path / "docs")
    assert [finding for finding in findings if finding.stops] == []
    assert len(findings) > 80
    assert (tmp_path / "docs" / "index.html").is_file()


def test_each_gate_turns_red_on_a_bad_row(warehouse, tmp_path):
    """All breaks of one table at a time would hide one another, so each has a copy of its own tables' state."""
    missed = []
    rounds: list[list[tuple[str, str, str, str]]] = []
    for entry in BREAKS:  # breaks of different tables share a round; two of one table never do
        for group in rounds:
            if entry[0] not in {table for table, *_ in group}:
                group.append(entry)
                break
        else:
            rounds.append([entry])
    for number, group in enumerate(rounds):
        copy = tmp_path / f"{number}.duckdb"
        shutil.copyfile(warehouse, copy)
        with duckdb.connect(str(copy)) as connection:
            for _, _, statement, _ in group:
                connection.execute(statement)
        red = {(f.table, f.gate): f for f in run(copy, tmp_path / f"docs{number}") if not f.success}
        for table, gate, _, severity in group:
            found = red.get((table, gate))
            if found is None or found.severity != severity:
                missed.append((table, gate, found))
    assert missed == []


def test_an_expectation_that_raises_counts_as_red(warehouse, tmp_path):
    copy = tmp_path / "w.duckdb"
    shutil.copyfile(warehouse, copy)
    broken = {"release.network": suites.filled("no_such_column", why="test")}
    (finding,) = validate(copy, broken, tmp_path / "docs")
    assert finding.stops
    assert finding.error
