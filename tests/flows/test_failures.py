"""A source that fails harms nobody: its last good landing stays in force, the others refresh, and it is said."""

from __future__ import annotations

import json

import duckdb
import pytest

from tests.conftest import metaclusters

FEW = {"METACLUSTERS_SOURCES": "article,cordis,eccp"}  # enough to see what a fault does


def networks(data):
    with duckdb.connect(str(data / "sandbox/releases/current/metaclusters.duckdb"), read_only=True) as connection:
        return {row[0] for row in connection.execute("select network_id from network").fetchall()}


def test_failing_sources_keep_their_last_good_landing(folder):
    outcomes = {"eccp": "drifted", "cordis": "failed"}
    before = networks(folder)
    ran = metaclusters(
        "refresh", "--night", "2", "--fault", "eccp=empty", "--fault", "cordis=error", data=folder, **FEW
    )
    assert ran.status == 3, ran.err
    assert networks(folder) == before
    report = metaclusters("status", "--json", data=folder).document["last_run"]
    rows = {row["source"]: row for row in report["sources"]}
    assert {source: rows[source]["outcome"] for source in outcomes} == outcomes
    assert rows["article"]["outcome"] == "unchanged"
    said = metaclusters("status", data=folder).out
    for source, outcome in outcomes.items():
        assert rows[source]["stale_since"] == "2026-11-02T02:00:00Z"
        assert rows[source]["reason"] in said
        assert f"{source}: {outcome}" in ran.out
    with duckdb.connect(str(folder / "sandbox/releases/current/metaclusters.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from change").fetchall()[0][0] == 0


def test_a_red_gate_publishes_nothing(folder):
    """A landing that breaks its contract: a page with an address of its own where a text was."""
    shown = (folder / "sandbox/releases/current").resolve()
    warehouse = (folder / "sandbox/warehouse/warehouse.duckdb").read_bytes()
    (facts,) = (folder / "sandbox/staging/eccp/search").iterdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"create table p as from read_parquet('{facts}/passage.parquet'); update p set text = 'mail a@b.example';"
            f"copy p to '{facts}/passage.parquet' (format parquet)"
        )
    ran = metaclusters("refresh", "--night", "2", data=folder, **FEW)
    assert ran.status == 1
    assert "Nothing was published" in ran.err
    assert "no contact in text" in ran.err
    assert (folder / "sandbox/releases/current").resolve() == shown
    assert (folder / "sandbox/warehouse/warehouse.duckdb").read_bytes() == warehouse
    report = metaclusters("status", "--json", data=folder).document["last_run"]
    assert not report["published"]
    assert report["gates"]["red"][0]["table"] == "staging.passage"


@pytest.mark.real
def test_one_source_by_file_alone(shared, tmp_path):
    """Another data folder with nothing in it: one archive, and the release says which sources it holds."""
    archive = shared / "cordis_horizon_xml" / "cordis-HORIZONprojects-xml.clusters_start_2021-2023.2025-12-06.zip"
    ran = metaclusters("refresh", "--source", "cordis", "--file", str(archive), "--json", data=tmp_path)
    assert ran.status == 0, ran.err
    (row,) = ran.document["sources"]
    assert (row["read"], row["loaded"], row["set_aside"]) == (4473, 4421, 52)
    release = tmp_path / "sandbox" / "releases" / ran.document["release"]
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert [source["source"] for source in manifest["sources"]] == ["cordis"]
    with duckdb.connect(str(release / "metaclusters.duckdb"), read_only=True) as connection:
        origins = connection.execute("select distinct origin from evidence").fetchall()
        rejected = connection.execute("select reason, count(*) from rejected group by all").fetchall()
        scope = dict(connection.execute("select project_id, about_networks from project").fetchall())
        inside = {row[0] for row in connection.execute("select acronym from project where about_networks").fetchall()}
    assert origins == [("file",)]
    assert rejected == [("not_a_participant", 52)]
    assert_scope(scope, inside, shared)


def assert_scope(scope: dict[str, bool], inside: set[str], shared) -> None:
    """Against 60 projects labelled by hand and 150 drawn at random."""
    import csv

    folder = shared / "cordis_horizon_xml"
    with (folder / "about_networks_labels.csv").open(encoding="utf-8", newline="") as file:
        labels = [row for row in csv.DictReader(file) if not row["reason"].startswith("Borderline")]
    said = [(scope[f"cordis:{row['project_id']}"], row["about_networks"] == "yes") for row in labels]
    right = sum(a and b for a, b in said)
    recall, precision = right / sum(b for _, b in said), right / sum(a for a, _ in said)
    print(f"about_networks on {len(said)} labelled projects: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.80
    assert precision >= 0.90
    with (folder / "slice_clusters_start_2021-2023.csv").open(encoding="utf-8", newline="") as file:
        background = [row["acronym"] for row in csv.DictReader(file) if row["why_selected"] == "background"]
    assert len(background) == 150
    assert len(inside.intersection(background)) <= 3
    assert len(scope) == 587


def test_nothing_is_left_behind_when_a_refresh_is_killed(folder):
    import os
    import signal
    import subprocess
    import sys
    import time

    from tests.conftest import ROOT

    shown = (folder / "sandbox/releases/current").resolve()
    names = sorted(path.name for path in (folder / "sandbox/releases").iterdir())
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "refresh", "--night", "1"],
        cwd=ROOT,
        env=os.environ | {"METACLUSTERS_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (folder / "sandbox/building").is_dir() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert (folder / "sandbox/releases/current").resolve() == shown
    assert sorted(path.name for path in (folder / "sandbox/releases").iterdir()) == names
    assert metaclusters("query", "select count(*) as n from network", "--json", data=folder).document[0]["n"] > 0


def test_a_night_that_breaks_off_leaves_the_landings_in_force_that_were(tmp_path):
    """What a gate holds back would hold back every night to come, were it left in force."""
    from flows import settings
    from flows.harvest import Door, keep
    from flows.pipeline import Night, put_back

    conf = settings.read("sandbox", tmp_path)
    door = Door(conf, "eccp", "file-profiles")
    file = tmp_path / "profiles.csv"
    file.write_text("name,country\nA,AT\n")
    good = keep(door, file, "2026-11-01T02:00:00Z")
    door.take(good)
    file.write_text("name,country\nB,AT\n")
    night = Night(conf, conf.now(), tmp_path / "work")
    night.before.append((door, door.take(keep(door, file, "2026-11-02T02:00:00Z"))))
    assert door.in_force().folder != good.folder
    put_back(night)
    assert door.in_force().folder == good.folder
    fresh = Door(conf, "keep", "search")
    night.before.append((fresh, None))
    put_back(night)
    assert fresh.in_force() is None
