"""CORDIS files in every shape: what each holds, and that what is counted is what is read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from transforms import cordis
from transforms.cordis_files import File
from transforms.cordis_tables import fully_quoted
from transforms.landing import Origin, UnreadableFile

ORIGIN = Origin("cordis", "file", "file", "2026-01-01T00:00:00Z")
PROJECT = {
    "id": "101000001",
    "acronym": "ALPHA",
    "title": "Linking clusters",
    "relations": {
        "associations": [
            {
                "contenttype": "organization",
                "attributes": "{'type': 'coordinator', 'order': '1', 'ecContribution': '1000.5'}",
                "id": "999999991",
                "legalName": "CLUSTER AUSTRIA",
                "address": {"country": "AT"},
            },
            {"contenttype": "organization", "attributes": {"type": "thirdParty"}, "id": "999999992", "legalName": "B"},
            {"contenttype": "call", "attributes": {"type": "relatedMasterCall"}, "identifier": "HORIZON-EIE-2022"},
        ],
        "categories": [{"attributes": {"classification": "euroSciVoc"}, "displayCode": "/25/61"}],
    },
}


def packed(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


def tidy(path: Path):
    file = File(path)
    frames = cordis.normalise(file.read(), ORIGIN)
    apart = frames["rejected"].filter(pl.col("frame").is_in(file.finest))
    assert file.count() == sum(len(frames[name]) for name in file.finest) + len(apart)
    return frames


def test_one_json_file_a_project_takes_its_framework_from_the_archives_name(tmp_path):
    path = packed(tmp_path / "cordis-HORIZONprojects-json.zip", {"project-rcn-1_en.json": json.dumps(PROJECT)})
    frames = tidy(path)
    assert frames["project"].select("framework", "call").rows() == [("HORIZON", "HORIZON-EIE-2022")]
    assert frames["participation"]["role"].to_list() == ["coordinator", "third_party"]
    assert frames["claim"]["value"].to_list() == ["/25/61"]


def test_the_json_of_an_extraction_is_a_zip_in_a_zip(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        zipped.writestr("project-rcn-1_en.json", json.dumps(PROJECT))
    assert len(tidy(packed(tmp_path / "extraction.zip", {"json.zip": inner.getvalue()}))["project"]) == 1


def test_attributes_of_no_known_form_are_set_aside_with_their_reason(tmp_path):
    broken = {"id": "1", "relations": {"associations": [{"attributes": "type=coordinator"}]}}
    frames = tidy(packed(tmp_path / "a.zip", {"1.json": json.dumps(broken), "2.json": json.dumps(PROJECT)}))
    assert "neither an object nor a dictionary" in frames["rejected"]["reason"][0]
    assert len(frames["project"]) == 1


def test_the_json_tables_until_2026(tmp_path):
    organisation = {
        "projectID": "1",
        "organisationID": "999999991",
        "name": "A",
        "role": "coordinator",
        "order": 1,
        "country": "EL",
    }
    path = packed(
        tmp_path / "cordis-h2020projects-json.zip",
        {
            "project.json": json.dumps([{"id": "1", "title": "T", "acronym": "T"}]),
            "organization.json": json.dumps([organisation]),
        },
    )
    frames = tidy(path)
    assert frames["organisation"]["country"].to_list() == ["GR"]
    assert len(frames["project"]) == 1


def test_the_flat_csv_until_2021_joins_partners_in_one_cell(tmp_path):
    path = tmp_path / "cordis-fp7projects.csv"
    path.write_text(
        "rcn;reference;acronym;title;programme;call;totalCost;coordinator;coordinatorCountry;participants;participantCountries\n"
        "1;213000;A;One;FP7-REGIONS;REGIONS-2009;960619,95;LEAD;EL;ONE;TWO\n".replace("ONE;TWO", '"ONE;TWO";"FR;UK"')
        + "2;213001;B;Two;FP7;X;1;LEAD;AT;;\n",
        encoding="utf-8",
    )
    frames = tidy(path)
    assert frames["project"]["total_cost"].to_list() == [960619.95, 1.0]
    assert sorted(frames["organisation"]["country"].to_list()) == ["AT", "FR", "GB", "GR"]


DUMP = """CREATE TABLE `project` (
  `id_project` int(11) NOT NULL,
  `project_name` varchar(255) NOT NULL,
  `project_acronym` varchar(255) NOT NULL,
  `last_update` datetime(6) NOT NULL,
  `status` varchar(15) DEFAULT NULL,
  PRIMARY KEY (`id_project`)
) ENGINE=InnoDB;
INSERT INTO `project` VALUES (1,'Pan-European\\nclusters (and \\'more\\')','PEDCA','2018-01-24','ONG'),(2,'CafÃ© &amp; Co','B','2018-01-24',NULL);
"""


def test_a_mysql_dump_keeps_newlines_brackets_and_quotes_and_mends_its_encoding(tmp_path):
    path = tmp_path / "fp7_project.sql.gz"
    path.write_bytes(gzip.compress(DUMP.encode()))
    frames = tidy(path)
    assert frames["project"]["title"].to_list() == ["Pan-European clusters (and 'more')", "Café & Co"]
    assert frames["project"]["framework"].unique().to_list() == ["FP7"]


def test_pages_in_csv_whose_commas_stand_inside_names_set_the_partners_aside(tmp_path):
    path = tmp_path / "pages.csv"
    path.write_text(
        "Partners,Country,Project_Title,Project_ID,Total_Cost\n"
        '"A, INC,B","Spain,France",T,308637,EUR 5 218 256\n"A,B","Spain,France",U,308638,\n',
        encoding="utf-8",
    )
    frames = tidy(path)
    assert len(frames["participation"]) == 2
    assert frames["project"]["total_cost"].to_list() == [5218256.0, None]
    assert frames["rejected"]["reason"].to_list() == [
        "partners not told apart: 3 names for 2 countries: commas inside names"
    ]


def test_a_text_that_opens_with_a_doubled_quote_is_one_cell():
    table = fully_quoted(b'"id";"text";"n"\n"1";""The action ""X"" works"";"9"\n')
    assert table.rows() == [("1", 'The action "X" works', "9")]


HEADER = (
    '"projectID";"organisationID";"name";"city";"organizationURL";"contactForm";"contentUpdateDate";"rcn";"order";"role";'
    '"ecContribution";"netEcContribution";"totalCost";"endOfParticipation"\n'
)


def test_a_stray_quote_that_shifts_a_row_is_put_right(tmp_path):
    """The quote joined the address to its neighbour: money stands in the role, the role in the order."""
    path = tmp_path / "organization.csv"
    path.write_text(
        HEADER
        + '"1";"999999991";"A";"X";"http://a.example";"f";"2020";"7";"1";"coordinator";"10";"10";"20";"false"\n'
        + '"1";"999999992";"B";"Y";"http://b.example";c";"2020";"8";"2";"participant";"5000,5";"3";"6";"false"\n',
        encoding="utf-8",
    )
    frames = tidy(path)
    assert frames["participation"]["role_original"].to_list() == ["coordinator", "participant"]
    assert frames["participation"]["eu_contribution"].to_list() == [10.0, 5000.5]


def test_a_row_with_a_stray_quote_swallows_no_other(tmp_path):
    path = tmp_path / "organization.csv"
    row = '"1";"99999999{0}";"Body {0}";"X";"u";"f";"2020";"7";"{0}";"participant";"10";"10";"20";"false"\n'
    stray = row.format(2).replace("Body 2", 'Body "2')
    path.write_text(HEADER + row.format(1) + stray + row.format(3), encoding="utf-8")
    frames = tidy(path)
    assert set(frames["organisation"]["name"]) == {"Body 1", 'Body "2', "Body 3"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cordis-euratom-projects-csv.zip", b"<!doctype html><html></html>", "web page"),
        ("notes.txt", b"hello", "no zip, no table and no dump"),
        ("fp7.sql", b"INSERT INTO `other` VALUES (1);", "dump of 'other'"),
        ("a.csv.gz", b"no gzip", "does not unpack"),
    ],
)
def test_what_is_no_file_of_cordis_is_refused_in_one_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        File(path)


def test_what_a_broken_document_holds_is_counted_and_set_aside(tmp_path):
    """Its elements are there, and none of them can be read."""
    whole = json.dumps(PROJECT)
    frames = tidy(packed(tmp_path / "a.zip", {"1.json": whole, "2.json": whole[:-40]}))
    assert len(frames["participation"]) == 2
    assert frames["rejected"].filter(pl.col("frame") == "participation").height == 2


def test_names_of_institutes_without_an_address_are_no_persons_where_no_row_has_one(tmp_path):
    path = tmp_path / "cordis-fp7projects.csv"
    path.write_text(
        "rcn;reference;acronym;title;coordinator;coordinatorCountry;participants;participantCountries\n1;2;A;T;ETH Zurich;CH;;\n"
    )
    assert tidy(path)["organisation"]["name"].to_list() == ["ETH Zurich"]
