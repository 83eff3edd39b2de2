"""Crawls over real HTTP against the twins, quirks and faults included."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from spiders.crawl import Crawl, judge
from spiders.eccp.spider import Portal
from spiders.landing import Landing, as_document, read_pages, read_rows
from spiders.records import Document
from spiders.registry import Floor, load
from spiders.sandbox.server import NIGHTS, playing

FLOOR = Floor(min=10, largest_fall=0.2)


@pytest.mark.parametrize(
    ("faults", "rows", "taken", "announced", "before", "outcome"),
    [
        ([], 100, 20, 20, 100, "ok"),
        ([], 81, 20, 20, 100, "ok"),
        ([], 79, 20, 20, 100, "drifted"),
        ([], 9, 9, 9, 0, "drifted"),
        ([], 100, 19, 20, 100, "partial"),
        ([("failed", "x answered 500")], 100, 20, 20, 100, "partial"),
        ([("failed", "x answered 500")], 0, 0, 0, 100, "failed"),
        ([("failed", "x"), ("drifted", "y")], 100, 20, 20, 100, "drifted"),
        ([("refused_by_robots", "x")], 0, 0, 0, 0, "refused_by_robots"),
        ([("opt_out", "x")], 50, 5, 5, 0, "opt_out"),
    ],
)
def test_a_crawl_proves_that_it_is_whole(faults, rows, taken, announced, before, outcome):
    assert judge(faults, rows, taken, announced, before, FLOOR)[0] == outcome


@pytest.mark.parametrize("source", ["cordis", "eccp"])
def test_robots_txt_is_read_before_the_first_page_and_the_user_agent_says_who_asks(harvest_twin, source):
    harvest, log = harvest_twin(source)
    assert harvest.outcome == "ok"
    assert log[0][0] == "/robots.txt"
    assert {agent for _, _, agent in log} == {
        "metaclusters/test (+https://metaclusters.example/crawl; sandbox@localhost)"
    }


@pytest.mark.parametrize("source", ["cordis", "eccp"])
def test_unchanged_pages_are_not_sent_again_and_nothing_is_lost(harvest_twin, source):
    first, _ = harvest_twin(source)
    second, _ = harvest_twin(source)
    assert second.outcome == "unchanged"
    assert second.unchanged_pages == second.pages == first.pages
    # What is sent again are lists alone: pages answer 304, or the sitemap says that they did not change.
    assert second.statuses["200"] < first.statuses["200"] - second.pages + 5
    as_set = lambda harvest: {str(sorted(row.items())) for row in read_rows(Path(harvest.folder))}  # noqa: E731
    assert as_set(first) == as_set(second)


def test_the_second_night_brings_what_changed_and_carries_the_rest(harvest_twin):
    first, _ = harvest_twin("eccp", night=1)
    second, _ = harvest_twin("eccp", night=2)
    assert second.outcome == "ok"
    assert 0 < second.pages - second.unchanged_pages < 15
    names = {row["name"] for row in read_rows(Path(second.folder)) if row["kind_of_record"] == "network"}
    assert "Example Alpine Timber Clusters" in names
    assert "Example Fjord Data Clusters Partnership" not in names
    times = {page.fetched_at for page in read_pages(Path(second.folder)).values()}
    assert times == {"2026-11-01T02:00:00Z", "2026-11-02T02:00:00Z"}
    assert first.good


@pytest.mark.parametrize("source", ["cordis", "eccp"])
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("robots_5xx", "refused_by_robots"),
        ("robots_disallow", "refused_by_robots"),
        ("opt_out", "opt_out"),
        ("error", "failed"),
        ("empty", "drifted"),
        ("moved", "drifted"),
        ("login", "drifted"),
    ],
)
def test_faults_have_outcomes_of_their_own(harvest_twin, source, fault, outcome):
    harvest, log = harvest_twin(source, fault=fault)
    assert harvest.outcome == outcome, harvest.reason
    assert harvest.reason
    if outcome == "refused_by_robots":
        assert {path for path, _, _ in log} == {"/robots.txt"}


def test_a_page_behind_a_log_in_is_counted_and_costs_nothing_else(harvest_twin):
    harvest, _ = harvest_twin("eccp")
    assert harvest.closed_pages == 1
    assert harvest.outcome == "ok"


def test_lists_that_shrink_by_half_are_drifted(harvest_twin):
    first, _ = harvest_twin("eccp")
    assert judge([], first.rows // 2, 10, 10, first.rows, FLOOR)[0] == "drifted"


def test_the_delay_of_a_source_is_kept(harvest_twin):
    harvest, log = harvest_twin("cordis", delay=0.2)
    assert harvest.outcome == "ok"
    assert harvest.seconds > 0.2 * (len(log) - 2)


def test_raw_answers_are_readable_by_their_owner_only(harvest_twin):
    harvest, _ = harvest_twin("cordis")
    for name in ("responses.warc.gz", "records.jsonl.zst", "files/101070768.xml"):
        assert stat.S_IMODE((Path(harvest.folder) / name).stat().st_mode) == 0o600


def test_records_carry_the_portals_address_never_the_twins(harvest_twin):
    for source, host in (("cordis", "https://cordis.europa.eu/"), ("eccp", "https://www.clustercollaboration.eu/")):
        harvest, _ = harvest_twin(source)
        rows = list(read_rows(Path(harvest.folder)))
        assert rows
        assert all(row["url"].startswith(host) and row["page_url"].startswith(host) for row in rows)


def test_no_person_no_mail_address_no_social_link_is_landed(harvest_twin):
    harvest, _ = harvest_twin("eccp")
    text = str(list(read_rows(Path(harvest.folder))))
    assert "Example Person" not in text
    assert "[at]" not in text
    assert "example.org/social" not in text


def test_a_crawl_delay_in_robots_txt_is_kept_when_it_is_longer_than_ours(tmp_path):
    """ECCP's twin asks for two seconds; the first pages of a crawl with a delay of its own keep them."""
    with playing("eccp", 1) as twin:
        task = Crawl(
            source="eccp",
            base_url=twin.url,
            folder=str(tmp_path),
            previous=None,
            previous_rows=0,
            now=NIGHTS[1],
            user_agent="metaclusters/test (sandbox@localhost)",
            delay=0.01,
        )
        command = [sys.executable, "-m", "spiders.crawl", json.dumps(asdict(task))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(9)
        process.kill()
        process.wait()
        assert 2 <= len(twin.log) <= 6


def test_a_project_number_cannot_name_a_file_elsewhere(tmp_path):
    document = Document(source_id="1", url="https://x", name="../../evil.xml", body=b"x")
    with pytest.raises(ValueError, match="no plain file name"):
        as_document(document, tmp_path)


def test_another_host_is_not_followed(tmp_path):
    spider = Portal(load("eccp"), "http://127.0.0.1:1", Landing(tmp_path, None), NIGHTS[1])
    assert spider.allowed_domains == ["127.0.0.1", "clustercollaboration.eu", "www.clustercollaboration.eu"]
