"""The quirks that PORTALS lists, each met over HTTP: what a spider makes of the twin that shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spiders.funding_tenders.spider import day, form
from spiders.funding_tenders.twin import parts_of
from spiders.landing import Harvest, read_pages, read_rows
from spiders.middlewares import wait_of
from spiders.network_sites.members import from_page
from spiders.registry import load
from spiders.sandbox.server import Request, playing
from spiders.wordpress import following


@pytest.fixture
def landed(nights):
    """Rows of a kind that a source landed on the second night."""

    def of(source: str, kind: str) -> list[dict]:
        door = nights.data / "sandbox" / "landing" / source / load(source).door
        folder = door / (door / "in_force").read_text(encoding="utf-8")
        return [row for row in read_rows(folder) if row["kind_of_record"] == kind]

    return of


def harvest(nights, source: str) -> dict:
    return {row["source"]: row for row in nights.second["sources"]}[source]


# ECCP ---------------------------------------------------------------------------------------------
def test_the_sitemap_spares_pages_that_did_not_change(harvest_twin):
    first, _ = harvest_twin("eccp", night=1)
    second, log = harvest_twin("eccp", night=2)
    profiles = [path for path, _, _ in log if path.startswith("/content/")]
    assert second.outcome == "ok"
    assert len(profiles) < 20 < first.pages
    assert any(path.startswith("/sitemap.xml") for path, _, _ in log)


def test_partnerships_of_every_generation_are_read(landed):
    found = {row["name"]: row for row in landed("eccp", "network")}
    assert found["Example Cold Chain Excellence"]["previous"] == ["ESCP-4i: Example Cold Chain International"]
    for name in (
        "Example Resilient Harbours Eurocluster",
        "Example Materials Consortium",
        "Example Smart Sensors Partnership",
    ):
        assert found[name]["kind"] == "partnership"
    pages = {row["page_url"] for row in found.values()}
    assert any("/escp-profiles/" in page for page in pages)
    assert any("/escp-4x-profiles/" in page for page in pages)
    assert any("/eu-project-profile/" in page for page in pages)


def test_the_list_of_a_generation_that_is_gone_is_noted_and_no_fault(nights):
    assert any("lists no partnership any more" in note for note in harvest(nights, "eccp")["notes"])


# keep.eu ------------------------------------------------------------------------------------------
def test_a_full_read_takes_several_nights_and_ends_whole(harvest_twin, monkeypatch):
    """The budget is the registry's: a copy of the entry with eight projects a night."""
    from spiders.keep.spider import Portal
    from tests.spiders.crawling import crawl_here

    seen: list[int] = []
    previous: Path | None = None
    for _ in range(5):
        harvest, landing, notes = crawl_here(Portal, "keep", previous, {"projects_a_night": 8})
        assert harvest == []
        seen.append(len(landing.pages))
        previous = landing.folder
    assert seen[:3] == [8, 16, 24]
    assert seen[-1] == seen[-2] == 25
    assert notes == []


def test_a_short_body_is_accepted_and_its_filter_ignored(landed):
    with playing("keep", 1) as twin:
        import urllib.request

        def total(body: dict) -> int:
            request = urllib.request.Request(f"{twin.url}/api/search/projects/?page=1", json.dumps(body).encode())
            return json.load(urllib.request.urlopen(request))["count"]

        whole = (
            "projects",
            "programmes",
            "partners",
            "contribution_2014_2020",
            "contribution_2021_2027",
            "search",
            "documents",
        )
        filtered = {**{key: {} for key in whole}, "programmes": {"available": [{"id": -1}]}}
        assert total({"programmes": {"available": [{"id": -1}]}}) == total({}) > total(filtered) == 0


def test_money_that_is_none_stays_none_and_zero_stays_zero(landed):
    money = {row.get("total_cost") for row in landed("keep", "participation")}
    assert "0.00" in money
    assert None in money
    assert "n/a" not in money


# Funding and Tenders --------------------------------------------------------------------------------
def test_the_form_has_typed_parts_and_the_same_bytes_each_time():
    parts = {"query": {"bool": {"must": []}}, "languages": ["en"]}
    body, content_type = form(parts)
    assert form(parts)[0] == body
    assert parts_of(body, content_type) == parts
    assert parts_of(body.replace(b"Content-Type: application/json", b"X: y"), content_type) is None


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-09-01T00:00:00.000+0100", "2026-09-01"),
        ("2018-08-31T22:00:00.000+0000", "2018-09-01"),
        ("2018-12-31T23:00:00.000+0000", "2019-01-01"),
        ("2018-12-31T12:00:00.000+0000", "2018-12-31"),
        ("2026-08-31T23:00:00+0000", "2026-09-01"),
        (None, None),
        ("2018", "2018"),
    ],
)
def test_offsets_do_not_move_a_day(stamp, expected):
    assert day(stamp) == expected


def test_a_query_above_the_ceiling_is_asked_again_by_years():
    from spiders.funding_tenders.spider import Portal
    from tests.spiders.crawling import crawl_here

    faults, landing, _ = crawl_here(Portal, "funding_tenders", None, {"ceiling": 12, "page_size": 5})
    years = {json.dumps(page.continues).count('"year": 20') for page in landing.pages.values()}
    assert faults == []
    assert max(years) >= 10
    whole, all_at_once, _ = crawl_here(Portal, "funding_tenders", None, {})
    assert whole == []
    assert landing.rows == all_at_once.rows


def test_several_documents_are_one_project_and_an_empty_list_of_participants_is_said(nights, landed):
    projects = [row["source_id"] for row in landed("funding_tenders", "project")]
    assert len(projects) == len(set(projects)) > 25


# Others ---------------------------------------------------------------------------------------------
def test_kohesio_falls_back_to_the_interface_and_then_to_the_graph(nights):
    door = nights.data / "sandbox" / "landing" / "kohesio" / "bulk"
    files = {path.name for path in (door / (door / "in_force").read_text(encoding="utf-8") / "files").iterdir()}
    assert {"SE-pp21-27.csv", "IE-pp21-27-rest-0.csv", "HR-pp21-27-graph.csv"} <= files or {
        re.sub("pp(21-27|14-20)", "pp", name) for name in files
    } >= {"SE-pp.csv", "IE-pp-rest-0.csv", "HR-pp-graph.csv"}


def test_wikidata_waits_as_it_is_told_and_asks_the_other_host_where_one_breaks_off(harvest_twin):
    harvest, _ = harvest_twin("wikidata")
    assert harvest.outcome == "ok"
    assert harvest.statuses["429"] == 1
    assert harvest.seconds > 1
    assert any("broke off: asked the other host" in note for note in harvest.notes)


def test_retry_after_is_a_number_or_a_date():
    assert wait_of("7") == 7
    assert wait_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert wait_of("soon") == 60


def test_both_numbers_of_go_cluster_are_kept(landed):
    stated = {row["value"] for row in landed("go_cluster", "claim") if row["attribute"] == "members_stated"}
    assert stated == {"72", "77"}


def test_expired_labels_stay_with_their_date_and_phases_are_intervals(landed):
    labels = {row["organisation_name"]: row for row in landed("esca_labels", "membership")}
    assert labels["AERTIC"]["valid_to"] == "2016/02/11"
    phases = [row for row in landed("poles", "membership") if row["organisation_name"] == "Example Pôle Lumière"]
    assert sorted((row["valid_from"], row["valid_to"]) for row in phases) == [
        ("2013-01-01", "2019-01-01"),
        ("2019-01-01", "2023-01-01"),
        ("2023-01-01", "2027-01-01"),
    ]


def test_members_are_found_in_lists_logos_maps_and_a_pdf(landed):
    members: dict[str, set[str]] = {}
    for row in landed("network_sites", "membership"):
        members.setdefault(row["network_id"], set()).add(row["organisation_name"])
    assert "Hamburg Aviation" in members["eacp"]  # a list
    assert {"Lyonbiopole", "bioPmed"} <= members["bioxclusters"]  # alternative texts, a file's name
    assert "Tenerrdis" in members["icn"]  # JSON inside a script
    assert "LifeScience Klaster Kraków" in members["edca"]  # a PDF
    assert len(members["example_fjord"]) == 5  # five in English, four in Norwegian


def test_a_parked_site_is_named_and_harms_no_other(nights):
    row = {row["source"]: row for row in nights.first["sources"]}["network_sites"]
    assert row["outcome"] == "ok"
    assert any("parked" in note for note in row["notes"])


def test_a_counter_that_changes_every_day_changes_nothing(harvest_twin):
    harvest_twin("network_sites")
    again, _ = harvest_twin("network_sites")
    assert again.outcome == "unchanged"


def test_menus_and_sentences_are_no_members():
    from parsel import Selector

    page = "<main><ul class='members'><li>Home</li><li>Contact</li><li>We met. It was good to meet.</li></ul></main>"
    assert from_page(Selector(text=page)) == ("", [])


def test_wordpress_says_how_many_pages_there_are():
    from scrapy.http import TextResponse

    answer = TextResponse(
        "https://x.example/wp-json/wp/v2/pages?per_page=100&page=1", headers={"X-WP-TotalPages": "2"}, body=b"[]"
    )
    assert following(answer) == "/wp-json/wp/v2/pages?per_page=100&page=2"
    last = answer.replace(url="https://x.example/wp-json/wp/v2/pages?per_page=100&page=2")
    assert following(last) is None


def test_the_register_of_groupings_is_told_from_the_page_that_old_addresses_answer(harvest_twin):
    from spiders.egtc.twin import answer

    general = answer(Request("/egtc/Events/Pages/Events-2010.aspx", {}), 1)
    assert general.status == 200
    assert b".xlsx" not in general.body


def test_a_key_is_never_written_down(tmp_path, monkeypatch):
    from tests.spiders.crawling import crawl_task

    monkeypatch.setenv("METACLUSTERS_KEEP_KEY", "sesame-opens")
    found: Harvest = crawl_task("keep", tmp_path)
    assert found.outcome == "ok"
    for path in Path(found.folder).rglob("*"):
        if path.is_file() and path.name != "crawl.log":
            assert b"sesame-opens" not in path.read_bytes(), path
    assert all("sesame" not in url for url in read_pages(Path(found.folder)))


def test_archives_are_refused_unless_the_operator_accepts_them_in_writing(tmp_path, monkeypatch):
    from tests.spiders.crawling import crawl_task

    refused = crawl_task("cordis", tmp_path / "a", door="bulk")
    assert refused.outcome == "refused_by_robots"
    assert "--file" in refused.reason
    assert refused.rows == 0
    monkeypatch.setenv("METACLUSTERS_ACCEPT_CATALOGUED", "cordis")
    taken = crawl_task("cordis", tmp_path / "b", door="bulk")
    assert taken.outcome == "ok"
    assert sum("operator's exception" in note for note in taken.notes) == 3


def test_an_extraction_is_waited_for_fetched_and_deleted(tmp_path, monkeypatch):
    from tests.spiders.crawling import crawl_task

    monkeypatch.setenv("METACLUSTERS_CORDIS_KEY", "x")
    found = crawl_task("cordis", tmp_path, door="det")
    assert found.outcome == "ok"
    assert (Path(found.folder) / "files" / "cordis-extraction.zip").is_file()


def test_look_ups_are_kept_and_count_only_where_the_name_is_the_same(tmp_path):
    from tests.spiders.crawling import crawl_task

    subjects = tmp_path / "subjects.jsonl"
    known = [
        ("O1", "Example Bergen Sea Cluster", "NO"),
        ("O2", "Example Cluster Lin", "FR"),
        ("O3", "Example Cluster Lin Normand", "FR"),
    ]
    subjects.write_text("".join(json.dumps({"id": i, "name": n, "country": c}) + "\n" for i, n, c in known))
    first = crawl_task("enrich", tmp_path / "a", subjects=str(subjects))
    numbers = {
        (row["entity_id"], row["scheme"])
        for row in read_rows(Path(first.folder))
        if row["kind_of_record"] == "identifier"
    }
    assert numbers == {("O1", "LEI"), ("O3", "SIREN")}
    again = crawl_task("enrich", tmp_path / "b", subjects=str(subjects), previous=first)
    assert again.requests == 0
    assert again.rows == first.rows
    assert "PERSON" not in (Path(first.folder) / "pages.jsonl").read_text(encoding="utf-8")


def test_a_name_that_does_not_exist_answers_200_with_a_page_and_is_no_archive():
    import tempfile

    from scrapy import Request as Asked
    from scrapy.http import HtmlResponse

    from spiders.cordis.bulk import Portal
    from spiders.cordis.twin import answer
    from spiders.landing import Landing
    from spiders.records import Drifted

    shell = answer(Request("/data/cordis-euratom-projects-csv.zip", {}), 1)
    assert shell.status == 200
    spider = Portal(
        load("cordis"), "https://cordis.europa.eu", Landing(Path(tempfile.mkdtemp()), None), "2026-11-01T02:00:00Z"
    )
    url = "https://cordis.europa.eu/data/cordis-euratom-projects-csv.zip"
    response = HtmlResponse(url, body=shell.body, request=Asked(url))
    with pytest.raises(Drifted, match="a web page with status 200"):
        list(spider.parse_archive(response))


def test_a_refusal_of_the_extraction_tool_comes_with_200_and_is_said():
    from spiders.cordis.twin import answer

    body = json.loads(answer(Request("/api/dataextractions/getExtraction", {}), 1).body)
    assert body == {"status": False, "payload": {"error": "key is not valid"}}


def test_the_longitude_comes_first_in_wikidata():
    from spiders.wikidata.spider import Portal

    assert Portal.position("Point(5.32 60.39)") == "60.39,5.32"
    assert Portal.position(None) is None


def test_a_site_that_fails_keeps_what_was_read_last_night_after_night(harvest_twin):
    """Its error page is not taken for its content, however often it comes again."""
    first, _ = harvest_twin("network_sites")

    def members(harvest: Harvest) -> set[str]:
        rows = read_rows(Path(harvest.folder))
        return {row["organisation_name"] for row in rows if row["kind_of_record"] == "membership"}

    from spiders.network_sites import twin as sites

    whole = sites.html
    broken = {"www.eacp-aero.eu"}
    try:
        sites.html = lambda page, night, count: (
            b"<html><main></main></html>" if page["host"] in broken else whole(page, night, count)
        )
        for _ in range(2):
            found, _ = harvest_twin("network_sites", night=2)
            assert found.good
            assert "Hamburg Aviation" in members(found)
            assert any("Aerospace" in note for note in found.notes)
    finally:
        sites.html = whole
    assert first.good


def test_a_link_to_another_host_is_not_asked_of_the_portal_itself(tmp_path):
    from spiders.egtc.spider import Portal
    from spiders.landing import Landing
    from spiders.records import Drifted

    spider = Portal(load("egtc"), "http://127.0.0.1:1", Landing(tmp_path, None), "2026-11-01T02:00:00Z")
    with pytest.raises(Drifted, match="lies on another host"):
        spider.detail_page("https://files.elsewhere.example/list-of-egtcs.xlsx", spider.parse_list)
