"""Readers of files and texts: amounts, persons, the register's XML 1.1, quotes of Kohesio, maps of national lists."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import keep, kohesio, register_xml, structural_funds, transparency_register
from transforms.files import repaired
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.money import money

ORIGIN = Origin("any", "file-x", "file", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("580.501,39", 580501.39),
        ("26634,86", 26634.86),
        ("3,000.00", 3000.0),
        ("20.902.013", 20902013.0),
        ("€ 520 625,00", 520625.0),
        ("475 000€", 475000.0),
        ("EUR 5 218 256", 5218256.0),
        ("123819.00", 123819.0),
        ("15,414", 15414.0),
        ("0,500", 0.5),
        ("0.00", 0.0),
        ("n/a", None),
        ("", None),
    ],
)
def test_amounts_as_portals_write_them(text, amount):
    assert pl.DataFrame({"t": [text]}).select(money(pl.col("t"))).item() == amount


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_one_amount_written_in_four_ways_is_one_number(whole, cents):
    grouped = f"{whole:,}"
    ways = [
        f"{whole}.{cents:02}",
        f"{whole},{cents:02}",
        f"{grouped}.{cents:02}",
        f"{grouped.replace(',', '.')},{cents:02} €",
    ]
    found = pl.DataFrame({"t": ways}).select(money(pl.col("t"))).to_series().unique().to_list()
    assert found == [float(f"{whole}.{cents:02}")]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("ROK ŽAGAR S.P.", True),
        ("ЕТ КИПАРИС - Иван Костанцалиев", True),
        ("Binder Zoltán egyéni vállalkozó", True),
        ("Ing. Lucie Nedomová", True),
        ("Agnieszka Sliwinska, Korbach", True),
        ("Anja Dreher", True),
        ("Anton Paar GmbH", False),
        ("Cluster Holz e.V.", False),
        ("Gotland Blue Cluster", False),
        ("Universität Rostock", False),
        ("Dr. Oetker GmbH", False),
        ("Fincantieri S. p. A.", False),
        ("Jean Monnet University", False),
        ("Charlotte Regional Cluster", False),
        ("АСОЦИАЦИЯ КЛЪСТЕР", False),
    ],
)
def test_persons_and_sole_traders_are_told_from_bodies(name, person):
    assert pl.DataFrame({"n": [name]}).select(individual(pl.col("n"))).item() is person


@given(st.text(alphabet="aeéèüñçøłžα клъ€’ ", max_size=30))
def test_text_read_in_the_wrong_encoding_is_mended_and_other_text_is_left_alone(text):
    broken = "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
        for byte in text.encode()
    )
    found = pl.DataFrame({"b": [broken], "t": [text]}).select(repaired("b"), repaired("t")).row(0)
    assert found == (text, text)


# The register ---------------------------------------------------------------------------------------
REGISTER = (
    "<?xml version='1.1' encoding='UTF-8'?>\n<ListOfIRPublicDetail xmlns=\"http://x\"><resultList xmlns=\"\">"
    "<interestRepresentative><identificationCode>1-1</identificationCode><name><originalName>Net&#x2; A</originalName></name>"
    "<registrationCategory>Other</registrationCategory><goals>a&#11;b &amp; c&#x1d;</goals>"
    "<structure><isMemberOf>Alliance of Clusters (ALC); N/A; Cluster TWEED</isMemberOf>"
    "<organisationMembers>1. Cluster One (France)\n2. Cluster Two, Spain\n- none</organisationMembers></structure></interestRepresentative>"
    "<interestRepresentative><identificationCode>2-2</identificationCode><name><originalName>Jane Doe</originalName></name>"
    "<registrationCategory>Self-employed individuals</registrationCategory></interestRepresentative></resultList></ListOfIRPublicDetail>"
)


@settings(max_examples=60, deadline=None)
@given(piece=st.integers(1, 300))
def test_a_reference_may_be_cut_in_two_anywhere(tmp_path_factory, piece):
    path = tmp_path_factory.mktemp("register") / "r.xml"
    path.write_text(REGISTER, encoding="utf-8")
    before, register_xml.PIECE = register_xml.PIECE, piece
    try:
        rows = list(register_xml.entries(path))
        counted = register_xml.count(path)
    finally:
        register_xml.PIECE = before
    assert [row["name"] for row in rows] == ["Net A", "Jane Doe"]
    assert rows[0]["goals"] == "ab & c"
    assert counted == 2


def test_lists_that_registrants_typed_become_memberships(tmp_path):
    path = tmp_path / "r.xml"
    path.write_text(REGISTER, encoding="utf-8")
    tidy = transparency_register.from_register(transparency_register.registrants(path), ORIGIN)
    networks = dict(tidy["network"].select("source_id", "name").rows())
    joined = tidy["membership"].join(
        tidy["organisation"].select(organisation_source_id="source_id", name="name"), on="organisation_source_id"
    )
    said = {(networks[row["network_source_id"]], row["name"]) for row in joined.to_dicts()}
    assert said == {
        ("Alliance of Clusters", "Net A"),
        ("Cluster TWEED", "Net A"),
        ("Net A", "Cluster One"),
        ("Net A", "Cluster Two"),
    }
    assert tidy["rejected"].select("reason", "original").rows() == [("individual", None)]
    assert "Jane" not in str([frame.to_dicts() for frame in tidy.values()])


# Tables ---------------------------------------------------------------------------------------------
def test_kohesio_rows_with_unescaped_quotes_swallow_no_other(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "export.tsv").write_text(
        "Country\tRegion\tBeneficiary Name\tTotal Budget\tEU Contribution\tNumber of Projects\tTransliterated Name\t\n"
        'Bulgaria\tX\t"Зора-ЕС" ЕООД\t1\t1\t1\t"Zora-ES" EOOD\t\nBulgaria\tX\tКЛЪСТЕР "А\t1\t1\t1\tKLASTER "A\t\n',
        encoding="utf-8",
    )
    folder = LandingFolder(tmp_path, ORIGIN)
    tidy = kohesio.tidy(folder)
    assert set(tidy["organisation"]["name"]) == {'"Зора-ЕС" ЕООД', 'КЛЪСТЕР "А'}
    assert kohesio.count(folder) == 2


def test_a_new_national_list_is_a_new_map_and_no_code(tmp_path, monkeypatch):
    known = {
        "XX": {
            "country": "LT",
            "fund": "ERDF",
            "columns": {"beneficiary": ["Gavėjas"], "operation": ["Projektas"], "eu": ["Suma"]},
        }
    }
    monkeypatch.setattr(structural_funds, "maps", lambda: known)
    path = tmp_path / "sarasas.csv"
    path.write_text("Gavėjas;Projektas;Suma\nBaltijos klasteris;Klasterio plėtra;1.234,50\n", encoding="utf-8")
    code, table = structural_funds.read(path)
    tidy = structural_funds.normalise(structural_funds.normalised_columns(code, table), ORIGIN)
    assert tidy["project"].select("title", "eu_contribution").rows() == [("Klasterio plėtra", 1234.5)]
    assert tidy["organisation"].select("name", "country").rows() == [("Baltijos klasteris", "LT")]


@pytest.mark.parametrize(
    ("module", "name", "content", "says"),
    [
        (structural_funds, "a.csv", b"x;y\n1;2\n", "none of the 11 lists"),
        (structural_funds, "a.xlsx", b"no workbook", "no workbook"),
        (keep, "a.xlsx", b"<html>sorry</html>", "web page"),
        (keep, "a.json", b'{"x": 1}', "no list of partner rows"),
        (kohesio, "a.csv", b"<!doctype html><app-root>", "web page"),
        (kohesio, "a.csv", b"a,b\n1,2\n", "neither the column"),
        (transparency_register, "a.csv", b"a,b\n1,2\n", "neither the register"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(tmp_path, module, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        module.detect(path)


def test_keep_reads_a_list_of_operations_with_a_heading_further_down(tmp_path):
    from spiders.sandbox.workbook import workbook

    path = tmp_path / "lop.xlsx"
    rows = [
        ["List of operations"],
        [],
        ["Project acronym", "Partner name", "Country", "PIC", "Partner's IDs if not PIC"],
    ]
    rows += [
        ["EX", "Example Cluster", "Sweden", "", "SE 212000-1157"],
        ["EX", "Example Two", "Latvia", "999999901", "BG120000012"],
    ]
    path.write_bytes(workbook({"Operations": [["Total eligible cost"], ["5"]], "Partners": rows}))
    tidy = keep.from_partners(keep.partner_rows(path), ORIGIN, keep.PUBLISHER)
    assert sorted(tidy["organisation"]["country"]) == ["LV", "SE"]
    assert dict(tidy["identifier"].select("scheme", "value").rows()) == {
        "PIC": "999999901",
        "national": "SE 212000-1157",
    }


def test_interreg_numbers_repeat_across_programmes_and_are_no_key(tmp_path):
    path = tmp_path / "rows.json"
    row = {"id": 1, "projektnamn": "P", "organisationsnamn": "O", "organisationsroll": "LP", "land": "Sverige"}
    path.write_text(json.dumps([{**row, "program": "A"}, {**row, "program": "B"}]), encoding="utf-8")
    assert len(keep.from_partners(keep.partner_rows(path), ORIGIN, keep.PUBLISHER)["project"]) == 2


def test_persons_are_set_aside_wherever_a_portal_lists_them():
    from transforms import records
    from transforms.landing import records_frame

    rows = [
        {"kind_of_record": "organisation", "source_id": "p", "name": "Anna Schmidt"},
        {"kind_of_record": "organisation", "source_id": "o", "name": "Cluster Anna"},
        {
            "kind_of_record": "membership",
            "source_id": "m1",
            "network_id": "n",
            "organisation_id": "p",
            "organisation_name": "Anna Schmidt",
        },
        {
            "kind_of_record": "membership",
            "source_id": "m2",
            "network_id": "n",
            "organisation_id": "o",
            "organisation_name": "Cluster Anna",
        },
        {"kind_of_record": "participation", "source_id": "t", "project_id": "x", "organisation_id": "p"},
    ]
    frame = pl.concat([records_frame(), pl.DataFrame(rows)], how="diagonal").with_columns(
        fetched_at=pl.lit("2026-11-01T02:00:00Z")
    )
    tidy = records.normalise(frame, ORIGIN)
    assert "Schmidt" not in str([rows.to_dicts() for rows in tidy.values()])
    assert len(tidy["membership"]) == 1
    assert tidy["rejected"]["reason"].to_list() == ["individual", "individual"]


def test_a_renewed_label_does_not_hide_behind_the_one_that_expired():
    from transforms import records
    from transforms.landing import records_frame

    label = {
        "kind_of_record": "membership",
        "network_id": "n",
        "organisation_id": "o",
        "organisation_name": "Cluster O",
    }
    rows = [{**label, "source_id": str(year), "valid_to": f"{year}/04/30"} for year in (2015, 2028)]
    frame = pl.concat([records_frame(), pl.DataFrame(rows)], how="diagonal").with_columns(
        fetched_at=pl.lit("2026-11-01T02:00:00Z")
    )
    assert len(records.normalise(frame, ORIGIN)["membership"]) == 2


def test_a_quote_that_is_not_escaped_swallows_no_row(tmp_path):
    """A file of operations: the pipe of 5 inches stands inside a quoted cell."""
    from transforms import kohesio

    path = tmp_path / "SE-pp21-27.csv"
    path.write_text(
        "Operation_Unique_Identifier,Operation_Name_English,CountryCode,Beneficiary_Name\n"
        'Q1,"A 5" pipe, laid",SE,Example Works AB\n\nQ2,"A road",SE,\nQ3,Road,SE,Example Works AB\n',
        encoding="utf-8",
    )
    raw = path.read_bytes()
    assert kohesio._records_in(raw) == 3
    assert len(kohesio._table(path)) == 3


def test_rows_without_a_name_and_blank_lines_are_counted_as_what_they_are(tmp_path):
    from transforms import kohesio

    path = tmp_path / "export.tsv"
    path.write_text("Country\tRegion\tBeneficiary Name\nSE\tSkane\tExample Works AB\n\nSE\tSkane\t\n", encoding="utf-8")
    tidy = kohesio.from_beneficiaries(kohesio._table(path), ORIGIN)
    assert kohesio._records_in(path.read_bytes()) == 2
    assert len(tidy["organisation"]) == 1
    assert tidy["rejected"]["reason"].to_list() == ["no beneficiary is named"]


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_the_register_of_groupings_is_read_as_a_table_too(tmp_path, ending):
    from transforms import egtc
    from transforms.landing import LandingFolder

    cells = [["Name of the EGTC", "Members"], ["Example Grouping EGTC", "Example Region (FR); Example Land (DE)"]]
    as_html = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / f"list.{ending}").write_text(
        f"<html><body><table>{as_html}</table></body></html>"
        if ending == "html"
        else "\n".join(",".join(row) for row in cells),
        encoding="utf-8",
    )
    tidy = egtc.tidy(LandingFolder(tmp_path, ORIGIN))
    assert tidy["network"]["name"].to_list() == ["Example Grouping EGTC"]
    assert sorted(tidy["membership"]["organisation_source_id"]) == sorted(
        f"example grouping egtc:{name}" for name in ("example region", "example land")
    )
