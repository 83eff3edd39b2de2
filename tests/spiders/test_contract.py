"""What every source keeps to, read off the landings of three sandbox nights; a new source is in here by itself."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

from spiders.crawl import Crawl, crawl
from spiders.landing import Harvest, read_harvest, read_pages, read_rows
from spiders.records import KINDS, columns
from spiders.registry import load, names
from spiders.sandbox.server import NIGHTS, playing

PAUSE = 0.4  # seconds
CRAWLED = [name for name in names() if load(name).crawled and not load(name).on_demand]
CONTACT = re.compile(r"[\w.]+@\w+\.\w|\[at\]|linkedin\.com/in/|Submitted by \w+ \w+")


@pytest.fixture(scope="module", params=CRAWLED)
def landings(request, nights) -> tuple[str, Harvest, Harvest]:
    """A source's landing of the first night, and the one in force after the second."""
    door = nights.data / "sandbox" / "landing" / request.param / load(request.param).door
    folders = sorted(path for path in door.iterdir() if path.is_dir())
    in_force = door / (door / "in_force").read_text(encoding="utf-8")
    return request.param, read_harvest(folders[0]), read_harvest(in_force)


def rows(harvest: Harvest):
    return list(read_rows(Path(harvest.folder)))


def test_records_are_valid_and_each_names_its_page(landings):
    _, _, harvest = landings
    found = rows(harvest)
    assert found
    for row in found:
        kind = row["kind_of_record"]
        if kind == "document":
            assert (Path(harvest.folder) / "files" / row["file"]).stat().st_size > 0
            continue
        unknown = row.keys() - columns(kind).keys() - {"kind_of_record", "page_url", "fetched_at"}
        assert kind in KINDS
        assert not unknown
        assert row["source_id"]
        assert row["url"].startswith("http")


def test_keys_are_unique_in_what_is_staged(landings, nights):
    source, _, _ = landings
    for frame in ("network", "organisation", "project", "participation", "membership"):
        for path in (nights.data / "sandbox" / "staging" / source).rglob(f"{frame}.parquet"):
            key = (
                ["network_source_id", "organisation_source_id", "valid_from"]
                if frame == "membership"
                else ["source_id"]
            )
            assert not pl.read_parquet(path).select(key).is_duplicated().any(), path


def test_the_floor_is_kept_on_both_nights(landings, nights):
    source, first, second = landings
    assert first.good
    assert second.good
    report = {row["source"]: row for row in nights.second["sources"]}[source]
    assert report["loaded"] + report["set_aside"] == report["read"]
    assert report["read"] >= load(source).rows.min or not load(source).landed_whole


def test_no_person_and_no_contact_is_staged(landings, nights):
    """Pages and files may hold them; nothing of them goes further."""
    source, _, _ = landings
    for frame in (nights.data / "sandbox" / "staging" / source).rglob("*.parquet"):
        for text in pl.read_parquet(frame).select(pl.col(pl.String).exclude("url")).iter_columns():
            hits = [value for value in text.drop_nulls().to_list() if CONTACT.search(value)]
            assert hits == [], frame


def test_an_unchanged_night_costs_no_parsing_and_the_second_brings_what_changed(landings, nights):
    source, first, second = landings
    again = {row["source"]: row for row in nights.again["sources"]}[source]
    assert again["outcome"] == "unchanged"
    assert again["unchanged_pages"] == again["pages"] == first.pages
    if Path(first.folder) != Path(second.folder):
        assert second.unchanged_pages < second.pages
        assert {page.fetched_at for page in read_pages(Path(second.folder)).values()} >= {NIGHTS[2]}


def test_every_page_lies_within_the_hosts_of_the_source(landings):
    source, _, harvest = landings
    entry = load(source)
    hosts = {urlsplit(entry.base_url).hostname, *entry.hosts}
    assert {urlsplit(url).hostname for url in read_pages(Path(harvest.folder))} <= hosts


def test_robots_txt_of_each_host_is_read_before_its_first_page(landings):
    _, first, _ = landings
    fetched = re.findall(r"fetched \d+ (\S+)", (Path(first.folder) / "crawl.log").read_text(encoding="utf-8"))
    seen: set[str] = set()
    for url in fetched:
        host = urlsplit(url).netloc
        if host not in seen:
            assert urlsplit(url).path == "/robots.txt", url
            seen.add(host)


@pytest.mark.parametrize("source", [name for name in names() if load(name).crawled])
def test_the_pause_of_a_source_is_kept(source, tmp_path):
    """A look with a real pause: pages of one host are asked for one after the other, and not sooner."""
    subjects = tmp_path / "subjects.jsonl"
    subjects.write_text(json.dumps({"id": "x", "name": "Example Bergen Sea Cluster", "country": "NO"}) + "\n")
    with playing(source, 1) as twin:
        found = crawl(
            Crawl(
                source=source,
                base_url=twin.url,
                folder=str(tmp_path / "landing"),
                previous=None,
                previous_rows=0,
                now=NIGHTS[1],
                user_agent="metaclusters/test (sandbox@localhost)",
                delay=PAUSE,
                probe=True,
                subjects=str(subjects),
            )
        )
        assert found.outcome == "ok", found.reason
        assert {agent for _, _, agent in twin.log} == {"metaclusters/test (sandbox@localhost)"}
        for times in twin.times.values():
            assert all(later - earlier > PAUSE * 0.9 for earlier, later in pairwise(times))
