"""CORDIS in its shapes: XML and CSV archives say the same; nothing is lost in silence."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from transforms import cordis
from transforms.cordis_files import File
from transforms.cordis_raw import ORGANISATION_COLUMNS
from transforms.landing import Origin, UnreadableFile

ORIGIN = Origin("cordis", "file", "file", "2026-01-01T00:00:00Z")
XML = """<?xml version="1.0" encoding="UTF-8"?>
<project{namespace}><rcn>1</rcn><id>101000001</id><acronym>ALPHA</acronym>
<title>Linking clusters &amp; regions</title><objective>Write to a@b.eu. Clusters share a strategy.</objective>
<totalCost>0</totalCost><ecMaxContribution>2000,5</ecMaxContribution><startDate>2022-01-01</startDate>
<relations><associations>
<organization type="coordinator" order="1" ecContribution="1000.5"><id>999999991</id><vatNumber>ATU123456</vatNumber>
<legalName>CLUSTER AUSTRIA GMBH</legalName><shortName>CA</shortName>
<address><city>Wien</city><country>AT</country><geolocation>48.2,16.3</geolocation></address>
<relations><categories><category><code>/PRC</code></category></categories>
<regions><region type="relatedNutsCode"><nutsCode>AT130</nutsCode></region></regions></relations></organization>
<organization type="participant" order="2" ecContribution="1000"><legalName>NO NUMBER</legalName>
<address><city>Athens</city><country>EL</country></address></organization>
<organization type="participant" order="3"><id>999999993</id><legalName>DOE Jane</legalName><address/></organization>
<organization type="guest" order="4"><id>999999994</id><legalName>GUEST</legalName><address><city>X</city></address></organization>
<result><relations><associations><organization type="isRegisteredBy"><id>999999995</id><legalName>OWNER</legalName>
</organization></associations></relations></result>
<programme type="relatedLegalBasis" uniqueProgrammePart="true"><code>HORIZON.1.2.3</code><frameworkProgramme>HORIZON</frameworkProgramme></programme>
<programme type="relatedLegalBasis" uniqueProgrammePart="true"><code>HORIZON.1.2</code></programme>
</associations></relations></project>"""


def archive(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, text in members.items():
            zipped.writestr(name, text)
    return path


def read(path: Path):
    return cordis.normalise(File(path).read(), ORIGIN)


@pytest.fixture(params=["", ' xmlns="http://cordis.europa.eu"'], ids=["mirror", "namespace"])
def tidy(request, tmp_path):
    return read(archive(tmp_path / "a.zip", {"data/1.xml": XML.format(namespace=request.param)}))


def test_every_organisation_element_is_loaded_or_set_aside(tidy):
    assert len(tidy["participation"]) == 3
    assert sorted(tidy["rejected"]["reason"]) == ["individual", "not_a_participant"]


def test_the_content_of_a_person_is_not_kept(tidy):
    row = tidy["rejected"].row(by_predicate=pl.col("reason") == "individual", named=True)
    assert row["original"] is None
    assert row["source_id"] is None
    assert "Jane" not in str(tidy["organisation"].to_dicts() + tidy["name"].to_dicts())


def test_an_unknown_role_keeps_the_portals_word(tidy):
    row = tidy["participation"].row(by_predicate=pl.col("role_original") == "guest", named=True)
    assert row["role"] is None


def test_values_are_normalised_beside_the_portals_own(tidy):
    project = tidy["project"].row(0, named=True)
    assert project["eu_contribution"] == 2000.5
    assert project["total_cost"] is None  # 0 means not declared
    assert project["programme"] == "HORIZON.1.2"  # the shortest of several unique parts
    bodies = {row["name"]: row for row in tidy["organisation"].to_dicts()}
    assert bodies["NO NUMBER"]["country"] == "GR"
    assert bodies["NO NUMBER"]["country_original"] == "EL"
    assert bodies["NO NUMBER"]["source_id"] == "no-pic:101000001:2"
    assert bodies["CLUSTER AUSTRIA GMBH"]["name_key"] == "cluster austria"
    assert (bodies["CLUSTER AUSTRIA GMBH"]["lat"], bodies["CLUSTER AUSTRIA GMBH"]["lon"]) == (48.2, 16.3)
    assert set(tidy["identifier"]["scheme"]) == {"PIC", "VAT"}
    assert "[contact]" in tidy["passage"].filter(pl.col("text").str.contains("Write"))["text"][0]


def test_a_document_that_is_no_project_is_set_aside(tmp_path):
    tidy = read(archive(tmp_path / "a.zip", {"1.xml": XML.format(namespace=""), "2.xml": "<html/>", "3.xml": "<proj"}))
    broken = tidy["rejected"].filter(pl.col("frame") == "project")
    assert broken["source_id"].to_list() == ["2.xml", "3.xml"]


def test_the_csv_archive_says_the_same(tmp_path):
    header = list(ORGANISATION_COLUMNS)
    rows = [
        [
            "101000001",
            "999999991",
            "ATU123456",
            "CLUSTER AUSTRIA GMBH",
            "CA",
            "PRC",
            "",
            "",
            "Wien",
            "AT",
            "AT130",
            "48.2,16.3",
            "",
            "1",
            "coordinator",
            "1000.5",
            "960619,95",
        ],
        [
            "101000001",
            "999999995",
            "",
            'OWNER "QUOTED"',
            "",
            "PRC",
            "",
            "",
            "X",
            "UK",
            "",
            "",
            "",
            "2",
            "isRegisteredBy",
            "",
            "",
        ],
    ]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    project = io.StringIO()
    writer = csv.writer(project, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows(
        [["acronym", "id", "title", "startDate"], ["ALPHA", "101000001", "Linking\nclusters", "2022-01-01"]]
    )
    path = archive(
        tmp_path / "a.zip", {"organization.csv": "\ufeff" + text.getvalue(), "project.csv": project.getvalue()}
    )
    tidy = read(path)
    assert tidy["participation"]["eu_contribution"].to_list() == [1000.5]
    assert tidy["participation"]["total_cost"].to_list() == [960619.95]
    assert tidy["project"]["title"].to_list() == ["Linking clusters"]
    assert tidy["rejected"]["reason"].to_list() == ["not_a_participant"]


def test_a_shifted_row_is_set_aside(tmp_path):
    path = tmp_path / "organization.csv"
    path.write_text(
        '"projectID";"organisationID";"name";"role";"city"\n"see above";"1";"A";"participant";"B"\n', encoding="utf-8"
    )
    tidy = read(path)
    assert tidy["rejected"]["reason"].to_list() == ["columns shifted: the project number is no number"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cordis.zip", b"<!doctype html><title>CORDIS</title>", "a web page"),
        ("cordis.zip", b"\x1f\x8b nonsense", "no zip"),
        ("cordis.csv", b"a;b\n1;2\n", "neither the columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        File(path).read()


def test_an_archive_of_something_else_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="neither"):
        File(archive(tmp_path / "a.zip", {"readme.txt": "x"})).read()


def test_a_member_too_large_to_be_a_project_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("transforms.cordis_xml.LARGEST_DOCUMENT", 10)
    with pytest.raises(UnreadableFile, match="no project"):
        File(archive(tmp_path / "a.zip", {"1.xml": XML.format(namespace="")})).read()


@pytest.mark.real
@pytest.mark.parametrize(("night", "loaded", "owners"), [("2025-11-16", 4404, 48), ("2025-12-06", 4421, 52)])
def test_both_real_nights_are_accounted_for(shared, night, loaded, owners):
    tidy = read(shared / "cordis_horizon_xml" / f"cordis-HORIZONprojects-xml.clusters_start_2021-2023.{night}.zip")
    assert len(tidy["project"]) == 587
    assert len(tidy["participation"]) == loaded
    assert tidy["rejected"]["reason"].to_list() == ["not_a_participant"] * owners
    assert tidy["participation"]["role"].null_count() == 0
    assert tidy["organisation"]["country"].null_count() == 0


@pytest.mark.real
def test_stored_portal_rows_read(shared):
    tidy = read(shared / "portals" / "cordis_organization.csv")
    assert len(tidy["participation"]) == 6
    assert set(tidy["organisation"]["country"]) == {"GB", "GR", "HK", "ES"}


def test_what_is_listed_twice_is_set_aside(tmp_path):
    xml = XML.format(namespace="")
    tidy = read(archive(tmp_path / "a.zip", {"1.xml": xml, "2.xml": xml}))
    assert len(tidy["project"]) == 1
    assert tidy["participation"]["source_id"].is_unique().all()
    assert tidy["rejected"]["reason"].to_list().count("listed twice") == 4


def test_empty_cells_of_a_csv_are_missing(tmp_path):
    path = tmp_path / "organization.csv"
    path.write_text(
        '"projectID";"organisationID";"name";"street";"postCode";"city";"vatNumber";"role";"order"\n'
        '"1";"999999991";"DOE Jane";"";"";"";"";"participant";"1"\n'
        '"1";"999999992";"";"";"";"Rome";"";"participant";"2"\n',
        encoding="utf-8",
    )
    tidy = read(path)
    assert tidy["rejected"].select("reason", "original").rows() == [("individual", None)]
    assert tidy["organisation"]["name"].to_list() == ["(no name given)"]
