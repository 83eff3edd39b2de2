"""Fixtures: the real data beside the checkout, twins over HTTP, and two sandbox nights run once a session."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows import pipeline, settings
from spiders.crawl import Crawl, crawl
from spiders.landing import Harvest
from spiders.sandbox.server import NIGHTS, playing

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the nights stand first: of two processes one runs the nights, and the other does not wait for them."""
    items.sort(key=lambda item: "nights" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real data; skips where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("no real data beside the checkout (../shared/data)")
    return SHARED


@dataclass
class Ran:
    """A command that ended."""

    status: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


def metaclusters(*arguments: str, data: Path | None = None, **environment: str) -> Ran:
    """Run the command line as a user does; nothing of the developer's environment decides."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("METACLUSTERS_", "PREFECT_"))}
    if data is not None:
        environ["METACLUSTERS_DATA"] = str(data)
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        cwd=ROOT,
        env=environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@dataclass
class Nights:
    """A data folder after night 1, night 1 again, and night 2, with the three reports."""

    data: Path
    first: dict
    again: dict
    second: dict

    def release(self, report: dict) -> Path:
        return self.data / "sandbox" / "releases" / report["release"]

    def open(self, report: dict) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.release(report) / "metaclusters.duckdb"), read_only=True)


@pytest.fixture(scope="session")
def nights(tmp_path_factory) -> Nights:
    """Three refreshes through the real command line, run once however many processes test; nobody writes to their folder."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    data, done = root / "nights", root / "nights.json"
    with (root / "nights.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.is_file():
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir()
            ran = [metaclusters("refresh", "--night", night, "--json", data=data) for night in ("1", "1", "2")]
            assert [report.status for report in ran] == [0, 0, 0], [report.err for report in ran]
            done.write_text(json.dumps([report.document for report in ran]), encoding="utf-8")
    return Nights(data, *json.loads(done.read_text(encoding="utf-8")))


@pytest.fixture
def folder(nights, tmp_path) -> Path:
    """A data folder of one's own, as the second night left it."""
    data = tmp_path / "data"
    shutil.copytree(nights.data, data, symlinks=True)
    return data


def rebuild(data: Path, change: Callable[[duckdb.DuckDBPyConnection], object] = lambda connection: None) -> None:
    """The stages of a night from what is landed, after a change of what is staged: nothing is asked or published."""
    with pipeline.building(settings.read("sandbox", data, 2)) as night:
        pipeline.normalise(night)
        pipeline.fill(night)
        with duckdb.connect(str(night.database)) as connection:
            change(connection)
        for stage in (pipeline.scope, pipeline.recognise, pipeline.classify):
            stage(night)
        shutil.copyfile(night.database, night.settings.warehouse / "warehouse.duckdb")


@pytest.fixture
def release(nights):
    """The second night's release, open for reading."""
    with nights.open(nights.second) as connection:
        yield connection


@pytest.fixture
def harvest_twin(tmp_path):
    """Crawl a source's twin into a new landing; remembers the landing before, as the night does."""
    before: dict[str, Harvest] = {}

    def run(source: str, night: int = 1, fault: str | None = None, delay: float | None = None):
        with playing(source, night, fault) as twin:
            last = before.get(source)
            result = crawl(
                Crawl(
                    source=source,
                    base_url=twin.url,
                    folder=str(tmp_path / f"{source}-{len(list(tmp_path.iterdir()))}"),
                    previous=last.folder if last else None,
                    previous_rows=last.rows if last else 0,
                    now=NIGHTS[night],
                    user_agent="metaclusters/test (+https://metaclusters.example/crawl; sandbox@localhost)",
                    delay=delay,
                )
            )
            if result.good:
                before[source] = result
            return result, twin.log

    return run
