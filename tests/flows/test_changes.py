"""Why a value moved: what a source says, the rules, time, or a person; nothing where nothing moved."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from flows import changes


@pytest.fixture
def files(nights, tmp_path):
    """The same release twice: the one before, and the one to be."""
    source = nights.release(nights.second) / "metaclusters.duckdb"
    return [shutil.copyfile(source, tmp_path / name) for name in ("before.duckdb", "now.duckdb")]


def causes(files, *statements):
    """(field, cause) of what differs once `statements` were run on the newer file."""
    before, now = files
    with duckdb.connect(str(now)) as connection:
        for statement in statements:
            connection.execute(statement)
        changes.write(connection, before, "2026-11-03T02:00:00Z")
        return connection.execute("select field, cause from change where entity_kind = 'facet' order by all").fetchall()


MOVED = "update network_typology set integration_level = '3' where network_id = (select min(network_id) from network_typology where integration_level = '1')"
NEW_RULES = "update code_book set rule_version = 'other'"
NEW_INPUT = "update network_typology set input_digest = 'other' where integration_level = '3'"
DECIDED = """
update typology set override_reason = 'seen' where facet = 'integration_level' and phase_id is null
    and network_id = (select min(network_id) from network_typology where integration_level = '1')
"""


def test_an_unchanged_night_moves_nothing(files):
    assert causes(files) == []


def test_new_rules_over_the_same_sources_are_the_cause(files):
    assert causes(files, MOVED, NEW_RULES) == [("integration_level", "rule")]


def test_what_a_source_says_anew_is_the_cause_whatever_the_rules(files):
    assert causes(files, MOVED, NEW_RULES, NEW_INPUT) == [("integration_level", "source")]


def test_the_same_rules_over_the_same_sources_move_with_time_alone(files):
    assert causes(files, MOVED) == [("integration_level", "time")]


def test_a_persons_word_is_the_cause_before_all(files):
    assert causes(files, DECIDED, MOVED, NEW_RULES, NEW_INPUT) == [("integration_level", "override")]
