"""Answers in all shapes that the portals were seen to send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Request

from spiders.cordis.spider import hits, total
from spiders.eccp.spider import Portal
from spiders.landing import Landing
from spiders.records import Drifted, MembershipRecord, NetworkRecord, OrganisationRecord, PassageRecord
from spiders.registry import BadRegistry, load, names


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"result": {"header": {"totalHits": "0"}}, "hits": {}}, 0),
        ({"result": {"header": {"totalHits": "1"}}, "hits": {"hit": {"project": {"id": "1"}}}}, 1),
        ({"result": {"header": {"totalHits": "2"}}, "hits": {"hit": [{"project": {}}, {"article": {}}]}}, 2),
        ({"result": {"header": {"totalHits": "1"}, "hits": {"hit": {"project": {"id": "1"}}}}}, 1),
        ({"result": {"header": {"totalHits": "0"}}}, 0),
    ],
)
def test_search_hits_are_a_list_an_object_or_missing(answer, found):
    assert len(hits(answer)) == found == total(answer)


@pytest.mark.real
@pytest.mark.parametrize("name", ["cordis_search.json", "cordis_search_no_hit.json", "cordis_search_one_hit.json"])
def test_stored_search_answers_read(shared, name):
    answer = json.loads((shared / "portals" / name).read_text(encoding="utf-8"))
    assert all("project" in hit for hit in hits(answer))


@pytest.fixture
def eccp(tmp_path):
    return Portal(load("eccp"), "http://127.0.0.1:1", Landing(tmp_path, None), "2026-11-01T02:00:00Z")


def profile(spider, html, kind="network", url="http://127.0.0.1:1/content/x"):
    response = HtmlResponse(url, body=html.encode(), request=Request(url))
    return list(spider.parse_profile(response, kind))


def test_a_present_profile(eccp):
    found = profile(
        eccp,
        """<html lang="fr"><body><main><!-- THEME DEBUG --><article data-history-node-id="7">
        <h1><span class="field">Réseau &amp; Cie</span></h1>
        <strong>Submitted by <span typeof="schema:Person">Example Person</span></strong>
        <div class="field"><div class="field__label">Programme</div><div class="field__item">ESCP-4i</div></div>
        <div class="field"><div class="field__label">Mascot</div><div class="field__item">a bee</div></div>
        <div class="field field--name-body"><p>Les clusters échangent.</p></div>
        <div class="view-members"><div class="views-row"><a href="/content/a">A</a>
        <span class="country">France</span></div></div></article></main></body></html>""",
    )
    network = next(r for r in found if isinstance(r, NetworkRecord))
    assert (network.source_id, network.name, network.programme) == ("7", "Réseau & Cie", "ESCP-4i")
    assert network.url == "https://www.clustercollaboration.eu/content/x"
    member = next(r for r in found if isinstance(r, MembershipRecord))
    assert (member.organisation_id, member.country) == ("/content/a", "France")
    passages = [r.text for r in found if isinstance(r, PassageRecord)]
    assert passages == ["Les clusters échangent."]
    assert eccp.unknown_labels == {"mascot": 1}


def test_an_old_profile_with_empty_labels_and_lineage(eccp):
    found = profile(
        eccp,
        """<html><body><div id="content"><h1>EU4FOOD</h1><div class="print-link">Printer-friendly version</div>
        <div class="field"><div class="field-label">Total Number of Partners:&nbsp;</div>
        <div class="field-items"></div></div>
        <div class="field"><div class="field-label">Previous initiatives:&nbsp;</div><div class="field-items">
        <div class="field-item">European Cluster Consortia 2012: Feeding the Planet</div></div></div>
        </div></body></html>""",
        url="http://127.0.0.1:1/escp-profiles/eu4food",
    )
    (network,) = [r for r in found if isinstance(r, NetworkRecord)]
    assert network.previous == ("European Cluster Consortia 2012: Feeding the Planet",)
    assert network.source_id == "/escp-profiles/eu4food"


def test_the_stored_content_page_reads(eccp, shared):
    html = (shared / "portals" / "eccp_content_page.html").read_text(encoding="utf-8")
    (found,) = [r for r in profile(eccp, html, kind="organisation") if isinstance(r, OrganisationRecord)]
    assert found.source_id == "206740"
    assert found.name.startswith("AEI Tèxtils launches")


def test_a_page_without_a_title_is_drifted(eccp):
    with pytest.raises(Drifted):
        profile(eccp, "<html><body><main></main></body></html>")


def test_every_source_has_a_registry_entry_that_reads():
    assert {"article", "cordis", "eccp"} <= set(names())
    for name in names():
        assert load(name).attribution


def test_an_unknown_key_of_the_registry_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "source.yml").write_text("title: x\ncolour: red\n", encoding="utf-8")
    monkeypatch.setattr("spiders.registry.SPIDERS", Path(tmp_path))
    with pytest.raises(BadRegistry, match="colour"):
        load("made")
