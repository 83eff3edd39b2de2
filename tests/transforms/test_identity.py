"""IDs last: a rename keeps them, a merge redirects, two official numbers stay two organisations."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.identity import clusters, decisions, ids, organisations, score
from transforms.identity.grouping import group
from transforms.model import FRAMES


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("create schema staging")
        ids.prepare(connection)
        yield connection


def night(connection, kind, clusters, now):
    """One night in which each record (source, source_id) lies in a cluster."""
    rows = pl.DataFrame(
        [("s", record, cluster, "test") for record, cluster in clusters.items()],
        schema=["source", "source_id", "cluster", "rule"],
        orient="row",
    ).to_arrow()
    connection.register("rows", rows)
    connection.execute("create or replace temporary table cluster as from rows")
    ids.assign(connection, kind, now)
    found = connection.execute("select source_id, entity_id from identity.record").fetchall()
    return dict(found)


def test_ids_last_from_night_to_night_and_hold_no_name(warehouse):
    first = night(warehouse, "network", {"a": "x", "b": "y"}, "1")
    second = night(warehouse, "network", {"a": "renamed", "b": "z", "c": "w"}, "2")
    assert {key: second[key] for key in first} == first
    assert len(set(second.values())) == 3
    assert all(value.startswith("N") and len(value) == 11 for value in second.values())


def test_a_merge_keeps_the_older_id_and_the_other_redirects(warehouse):
    night(warehouse, "network", {"b": "y"}, "1")
    before = night(warehouse, "network", {"a": "x", "b": "y"}, "2")
    after = night(warehouse, "network", {"a": "xy", "b": "xy"}, "3")
    assert set(after.values()) == {before["b"]}
    redirects = warehouse.execute("select old_id, new_id, since from identity.redirect").fetchall()
    assert redirects == [(before["a"], before["b"], "3")]


def test_what_falls_apart_gets_two_ids_and_only_one_keeps_the_old(warehouse):
    before = night(warehouse, "network", {"a": "x", "b": "x"}, "1")
    after = night(warehouse, "network", {"a": "x", "b": "y"}, "2")
    assert len(set(after.values())) == 2
    assert before["a"] in after.values()


def test_a_record_that_a_night_does_not_show_keeps_its_id(warehouse):
    before = night(warehouse, "network", {"a": "x", "b": "y"}, "1")
    night(warehouse, "network", {"b": "y"}, "2")
    assert night(warehouse, "network", {"a": "x", "b": "y"}, "3") == before


def test_after_any_sequence_every_cluster_has_an_id_of_its_own(warehouse):
    """A record that came in, was merged, and fell out again: the ID stays with the older one."""
    first = night(warehouse, "network", {"e": "e"}, "1")
    night(warehouse, "network", {"a": "ae", "e": "ae"}, "2")
    third = night(warehouse, "network", {"a": "a", "e": "e"}, "3")
    assert third["e"] == first["e"]
    assert third["a"] != third["e"]
    assert night(warehouse, "network", {"a": "a", "e": "e"}, "4") == third


def test_an_id_that_lives_again_redirects_no_more_and_chains_lead_to_their_end(warehouse):
    before = night(warehouse, "network", {"a": "a", "b": "b", "c": "c"}, "1")
    night(warehouse, "network", {"a": "ab", "b": "ab", "c": "c"}, "2")
    night(warehouse, "network", {"a": "abc", "b": "abc", "c": "abc"}, "3")
    alive = set(night(warehouse, "network", {"a": "abc", "b": "abc", "c": "abc"}, "4").values())
    redirects = dict(warehouse.execute("select old_id, new_id from identity.redirect").fetchall())
    assert set(redirects.values()) <= alive
    assert not set(redirects) & alive
    assert len(redirects) == len(before) - 1


def test_names_that_an_earlier_version_remembered_are_taken_over():
    with duckdb.connect() as connection:
        connection.execute(
            "create schema identity; create table identity.record as select 'network' as entity_kind, 's' as source, "
            "'a' as source_id, 'N1' as entity_id, 'alone' as rule, '1' as first_seen, '1' as last_seen;"
            "create table identity.known_name as select 'N1' as entity_id, 'Old name' as name, 'official' as kind, "
            "'en' as language, '1' as first_seen, '1' as last_seen"
        )
        for _ in range(2):
            ids.prepare(connection)
        assert connection.execute("from identity.known_name").fetchall() == [
            ("network", "s", "a", "Old name", "official", "en", "1", "1")
        ]


STATE = ("record", "former", "redirect", "known_name")


def state(connection, now=None):
    """Everything that identity remembers, but for the night that it was seen last."""
    columns = {table: "* exclude (last_seen)" if table in ("record", "known_name") else "*" for table in STATE}
    return {
        table: connection.execute(f"select {what} from identity.{table} order by all").fetchall()
        for table, what in columns.items()
    }


@given(st.lists(st.sampled_from("abcde"), min_size=2, max_size=5), st.lists(st.booleans(), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_merge_that_is_undone_leaves_every_row_as_it_was(clusters_of, merges):
    """Whatever clusters there were: some are merged, one night after the other, and then all fall apart again."""
    records = {f"r{number}": cluster for number, cluster in enumerate(clusters_of)}
    with duckdb.connect() as connection:
        connection.execute("create schema staging")
        ids.prepare(connection)
        night(connection, "network", records, "01")
        before = state(connection)
        merged = dict(records)
        for number, both in enumerate(merges, 2):
            if both and len(found := sorted(set(merged.values()))) > 1:
                merged = {key: found[0] if of == found[1] else of for key, of in merged.items()}
            night(connection, "network", merged, f"{number:02}")
        night(connection, "network", records, "90")
        assert state(connection) == before


def organisation(source, source_id, name, **known):
    """A record of an organisation, with an official number in `pic` where it has one."""
    return {"source": source, "source_id": source_id, "name": name, "fetched_at": "2026-11-01T02:00:00Z", **known}


def grouped(connection, bodies, decided=()):
    """record -> the records of its cluster."""
    rows = [{key: value for key, value in body.items() if key != "pic"} for body in bodies]
    numbers = [
        {"source": b["source"], "entity_kind": "organisation", "entity_source_id": b["source_id"], "scheme": "PIC", "value": b["pic"]}
        for b in bodies if b.get("pic")
    ]  # fmt: skip
    frames = {"organisation": rows, "identifier": numbers}
    for frame, found in frames.items():
        arrow = pl.DataFrame(found, schema=FRAMES[frame].schema).to_arrow()
        connection.register("frame", arrow)
        connection.execute(f"create or replace table staging.{frame} as from frame")
    decisions.prepare(connection, list(decided))
    organisations.compare(connection)
    group(connection, "organisation", "staging.organisation", clusters.UNSEEN, score.JOIN)
    found = connection.execute("select source_id, cluster from cluster").fetchall()
    of = dict(found)
    return {record: {other for other in of if of[other] == of[record]} for record in of}


def test_organisations_join_by_number_and_by_name_and_country(warehouse):
    found = grouped(
        warehouse,
        [
            organisation("cordis", "1", "Biocat", country="ES", pic="999"),
            organisation("cordis", "2", "La Fundació Bioregió", country="ES", pic="999"),
            organisation("eccp", "3", "Biocat", country="ES"),
            organisation("eccp", "4", "Biocat", country="FR"),
        ],
    )
    assert found["1"] == found["2"] == found["3"] == {"1", "2", "3"}
    assert found["4"] == {"4"}


def test_two_numbers_under_one_name_stay_two(warehouse):
    found = grouped(
        warehouse,
        [
            organisation("cordis", "1", "Example Institute", country="DE", city="Bonn", pic="111"),
            organisation("funding_tenders", "2", "Example Institute", country="DE", city="Bonn", pic="222"),
        ],
    )
    assert found["1"] == {"1"}


def test_a_record_without_a_number_bridges_no_two_numbers(warehouse):
    found = grouped(
        warehouse,
        [
            organisation("cordis", "1", "Example Institute", country="DE", city="Bonn", street="Am Hof 1", pic="111"),
            organisation("funding_tenders", "2", "Example Institute", country="DE", city="Bonn", street="Am Hof 1", pic="222"),
            organisation("eccp", "3", "Example Institute", country="DE", city="Bonn", street="Am Hof 1"),
        ],
    )  # fmt: skip
    assert "2" not in found["1"]


def decision(kind, left, right):
    return decisions.Decision(kind, "organisation", *left, *right, "", "", "because", "", "2026-11-01T02:00:00Z")


def test_a_person_is_stronger_than_the_model_and_can_take_it_back(warehouse):
    bodies = [
        organisation("cordis", "1", "Example Photonics Cluster", country="FI", city="Joensuu"),
        organisation("eccp", "2", "Example Photonics Cluster", country="FI", city="Joensuu"),
        organisation("keep", "3", "Something Else Entirely", country="PT", city="Porto"),
    ]
    assert grouped(warehouse, bodies)["1"] == {"1", "2"}
    apart = [decision("different", ("cordis", "1"), ("eccp", "2")), decision("same", ("keep", "3"), ("cordis", "1"))]
    assert grouped(warehouse, bodies, apart)["1"] == {"1", "3"}
    assert grouped(warehouse, bodies)["1"] == {"1", "2"}
