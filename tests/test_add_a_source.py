"""A stranger's walk: the files of 'Add a source' in CONTRIBUTING.md, written into a copy, refresh to a release."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import duckdb
import pytest

from tests.conftest import ROOT

FILE = re.compile(r"^\*\*`([^`]+)`\*\*.*?^```\w+\n(.*?)^```", re.S | re.M)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A copy of the project with the tiny source, and its release."""
    copy = tmp_path_factory.mktemp("stranger") / "project"
    skip = shutil.ignore_patterns(".*", "data", "__pycache__", "tests", "target")
    shutil.copytree(ROOT, copy, ignore=skip)
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a source")[2]
    files = FILE.findall(section)
    assert len(files) == 6
    for name, text in files:
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (copy / "spiders" / "clusterlist" / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": str(copy), "METACLUSTERS_DATA": str(copy / "data")}
    command = [sys.executable, "-m", "flows.cli", "refresh", "--source", "clusterlist", "--json"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return copy, json.loads(done.stdout)


def test_the_tiny_source_comes_through_to_a_release(walked):
    copy, report = walked
    (row,) = report["sources"]
    assert (row["source"], row["outcome"], row["read"], row["set_aside"]) == ("clusterlist", "ok", 6, 0)
    release = copy / "data" / "sandbox" / "releases" / report["release"] / "metaclusters.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        assert connection.execute("select name from network order by 1").fetchall() == [
            ("Example Northern Clusters",),
            ("Example Southern Clusters",),
        ]
        assert connection.execute("select count(*) from membership").fetchall() == [(4,)]
        level = (
            "select integration_level from network_typology join network using (network_id) where name like '%North%'"
        )
        assert connection.execute(level).fetchall() == [("2",)]
        assert connection.execute("select source_id, attribution from source").fetchall() == [
            ("clusterlist", "Example Agency")
        ]


def test_nothing_else_had_to_be_touched(walked):
    copy, _ = walked
    page = (copy / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "These six files are all of it" in page
