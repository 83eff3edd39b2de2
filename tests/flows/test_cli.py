"""Commands: each has help with an example, errors are one sentence with the way out, reading is fast."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time

import pytest

from expectations.code_book import SEVERAL
from spiders.registry import names
from tests.conftest import ROOT, metaclusters

COMMANDS = (
    "refresh",
    "status",
    "sources",
    "explain",
    "query",
    "export",
    "releases",
    "rollback",
    "serve",
    "sandbox",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_help_with_an_example(command):
    assert f"metaclusters {command}" in metaclusters(command, "--help").out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("status",), 1, "has not run yet"),
        (("query", "select 1"), 1, "run `metaclusters refresh`"),
        (("explain", "EDCA"), 1, "run `metaclusters refresh`"),
        (("refresh", "--profile", "moon"), 2, "no profile 'moon'"),
        (("refresh", "--night", "3"), 2, "nights 1 and 2"),
        (("refresh", "--file", "x.zip"), 2, "need `--source`"),
        (("refresh", "--source", "nowhere"), 2, "no source 'nowhere'"),
        (("refresh", "--source", "cordis", "--file", "absent.zip"), 2, "no file"),
        (("refresh", "--source", "poles", "--file", "pyproject.toml"), 2, "takes no file"),
        (("refresh", "--fault", "eccp=tired"), 2, "no fault 'tired'"),
        (("refresh", "--profile", "live"), 2, "METACLUSTERS_CONTACT"),
        (("rollback", "yesterday"), 2, "no release yesterday"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_errors_are_one_sentence_with_the_way_out(tmp_path, arguments, status, says):
    ran = metaclusters(*arguments, data=tmp_path)
    assert ran.status == status, ran.err
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_no_archive_is_refused_and_does_not_stand_in_the_way(tmp_path):
    file = tmp_path / "cordis.zip"
    file.write_bytes(b"<!doctype html><title>CORDIS</title>")
    data = tmp_path / "data"
    ran = metaclusters("refresh", "--source", "cordis", "--file", str(file), data=data)
    assert ran.status == 2
    assert "is a web page" in ran.err
    assert not (data / "sandbox" / "releases" / "current").exists()
    assert not list((data / "sandbox").glob("landing/cordis/*/in_force"))


def test_two_refreshes_at_once_are_refused(tmp_path):
    root = tmp_path / "sandbox"
    root.mkdir()
    with (root / "refresh.lock").open("w") as lock:
        lock.write(json.dumps({"process": 4711, "since": "2026-11-01T02:00:00Z"}))
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = metaclusters("refresh", data=tmp_path)
    assert ran.status == 1
    assert "process 4711" in ran.err
    assert "since 2026-11-01T02:00:00Z" in ran.err


def test_query_answers_in_json_and_can_neither_write_nor_read_files(nights):
    ran = metaclusters("query", "select acronym, kind from network where acronym = 'EDCA'", "--json", data=nights.data)
    assert ran.document == [{"acronym": "EDCA", "kind": "network"}]
    for sql in (
        "create table x (a int)",
        "select * from read_csv('/etc/hostname')",
        "selec 1",
        "",
        "copy network to '/tmp/x.csv'",
    ):
        ran = metaclusters("query", sql, data=nights.data)
        assert ran.status == 2
        assert ran.err.count("\n") == 1


def test_sources_in_json(nights):
    found = {row["source"]: row for row in metaclusters("sources", "--json", data=nights.data).document["sources"]}
    assert set(found) == set(names())
    assert found["enrich"]["outcome"] == "off"
    assert found["eccp"]["outcome"] == "ok"
    assert found["eccp"]["rows"] > 200
    assert found["eccp"]["stale_since"] is None


def test_refresh_in_json_accounts_for_every_record(nights):
    for row in nights.first["sources"]:
        assert row["read"] == row["loaded"] + row["set_aside"]
        assert row["outcome"] == ("off" if row["source"] == "enrich" else "ok")
        assert row["read"] > 0 or row["outcome"] == "off"


@pytest.mark.parametrize(
    "asked", ["EDCA", "european diagnostic cluster alliance", "European Diagnostics Cluster Aliance"]
)
def test_explain_finds_by_acronym_name_and_rough_spelling(nights, asked):
    found = metaclusters("explain", asked, "--json", data=nights.data).document
    assert found["network"]["acronym"] == "EDCA"
    legal = next(facet for facet in found["facets"] if facet["facet"] == "legal_form")
    assert legal["value"] == "association"
    assert legal["evidence"][0]["quote"]


def test_explain_shows_quote_rule_and_source(nights):
    ran = metaclusters("explain", "Alps Bio Cluster", data=nights.data)
    for words in ("no_legal_personality", "trans-border", "rotating_chair", "rule", "https://", "“"):
        assert words in ran.out


def test_explain_says_of_every_known_single_value_what_would_change_it(nights):
    for asked in ("EDCA", "EACP", "Alps Bio Cluster", "Construction21"):
        for facet in metaclusters("explain", asked, "--json", data=nights.data).document["facets"]:
            if facet["value"] != "unknown" and facet["facet"] not in SEVERAL:
                assert facet["turns_on"], (asked, facet["facet"])


def test_explain_shows_grants_and_how_a_network_lasted(nights):
    ran = metaclusters("explain", "Textile 2020", data=nights.data).out
    assert "grant " in ran
    assert "last grant ended" in ran


def test_explain_lists_several_hits_and_says_when_there_is_none(nights):
    by_record = metaclusters("explain", "eccp:32984", data=nights.data).out
    assert by_record == metaclusters("explain", "EDCA", data=nights.data).out
    hits = metaclusters("explain", "cluster", data=nights.data)
    assert hits.status == 0
    assert "Several networks fit" in hits.out
    assert metaclusters("explain", "zzzz'; drop table network", data=nights.data).status == 1


def test_export_copies_the_release_and_overwrites_nothing(nights, tmp_path):
    ran = metaclusters("export", "--to", str(tmp_path / "snapshot"), data=nights.data)
    assert ran.status == 0
    for name in ("metaclusters.duckdb", "csv/network.csv", "parquet/network.parquet", "datapackage.json", "README.md"):
        assert (tmp_path / "snapshot" / name).is_file()
    assert metaclusters("export", "--to", str(tmp_path / "snapshot"), data=nights.data).status == 2


def test_status_names_release_and_last_run(nights):
    ran = metaclusters("status", data=nights.data)
    assert nights.second["release"] in ran.out
    assert metaclusters("status", "--json", data=nights.data).document["last_run"]["exit_status"] == 0


@pytest.mark.parametrize("arguments", [("status",), ("explain", "EDCA"), ("query", "select 1")])
def test_reading_is_fast_and_imports_nothing_heavy(nights, arguments):
    times = []
    for _ in range(3):
        started = time.monotonic()
        metaclusters(*arguments, data=nights.data)
        times.append(time.monotonic() - started)
    assert min(times) < 0.7
    script = (
        f"import sys; from flows.cli import app; app({list(arguments)!r}, standalone_mode=False); "
        "print([m for m in ('prefect', 'great_expectations', 'dbt', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"METACLUSTERS_DATA": str(nights.data), "PATH": ""},
    )
    assert done.stdout.splitlines()[-1] == "[]"
