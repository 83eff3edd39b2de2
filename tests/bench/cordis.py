"""Speed of CORDIS' two shapes against the plainest possible reading of the same files, in the same run.

    python -m tests.bench.cordis

CSV   the organisation table (115,851 rows): landed, normalised and loaded, against DuckDB's read_csv into a table
XML   the archive of 587 projects: read and normalised, against a bare lxml loop; projects a second
Both sides open and close their own database file; the two take turns and the fastest of five runs counts.
"""

from __future__ import annotations

import lzma
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from lxml import etree

from flows import settings
from flows.harvest import Door, keep
from transforms import cordis
from transforms.cordis_files import File
from transforms.landing import Origin, open_landing
from transforms.stage import stage
from warehouse.load import load

SHARED = Path(__file__).parents[3] / "shared" / "data" / "cordis_horizon_xml"
TABLE = "organization.derived_from_xml.2025-12-06.csv.xz"
ARCHIVE = "cordis-HORIZONprojects-xml.clusters_start_2021-2023.2025-12-06.zip"


def side_by_side(ours: Callable[[], object], plain: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Seconds of the fastest run of each, the two taking turns, so that a busy machine slows both."""

    def seconds(run: Callable[[], object]) -> float:
        started = time.perf_counter()
        run()
        return time.perf_counter() - started

    pairs = [(seconds(ours), seconds(plain)) for _ in range(times)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def csv_ratio(folder: Path) -> tuple[float, float]:
    """(ours, DuckDB's) seconds for the organisation table."""
    table = folder / "organization.csv"
    with lzma.open(SHARED / TABLE) as packed, table.open("wb") as plain:
        shutil.copyfileobj(packed, plain)

    def ours() -> None:
        data = folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        conf = settings.read("sandbox", data)
        landing = keep(Door(conf, "cordis", "file"), table, "2025-12-06T00:00:00Z")
        target = conf.staging / "cordis" / "file"
        staged = stage(open_landing(Path(landing.folder), "file"), target)
        with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
            load(connection, [target])
        assert staged.read == 115_851

    def plain() -> None:
        database = folder / "plain.duckdb"
        database.unlink(missing_ok=True)
        with duckdb.connect(str(database)) as connection:
            connection.execute(f"create table organization as from read_csv('{table}', delim = ';', quote = '\"')")

    return side_by_side(ours, plain)


def xml_ratio() -> tuple[float, float, int]:
    """(ours, bare) seconds and the number of projects of the XML archive."""
    archive = SHARED / ARCHIVE

    def ours() -> None:
        tidy = cordis.normalise(File(archive).read(), Origin("cordis", "file", "file", "2025-12-06T00:00:00Z"))
        assert len(tidy["project"]) == 587

    def bare() -> None:
        with zipfile.ZipFile(archive) as members:
            for name in members.namelist():
                etree.fromstring(members.read(name))

    return *side_by_side(ours, bare), 587


def main() -> None:
    if not SHARED.is_dir():
        sys.exit(f"The real data are not beside the checkout ({SHARED.name}); nothing was measured.")
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = csv_ratio(Path(folder))
    print(f"CSV: ours {ours:.2f} s, read_csv {plain:.2f} s: {ours / plain:.2f} × (limit 3)")
    ours, bare, projects = xml_ratio()
    print(
        f"XML: ours {projects / ours:.0f} projects/s, bare lxml {projects / bare:.0f}: {bare / ours:.2f} (limit 0.33)"
    )
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB at the peak (limit 1)")


if __name__ == "__main__":
    main()
