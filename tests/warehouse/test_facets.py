"""What stands beside the facets: contiguous regions, science fields, national legal forms, staff counted, who governs."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from flows import model
from transforms import region_border

SAID = {
    "euregio": "Clusters of three regions meet.",
    "scattered": "Clusters of three regions meet.",
    "verein": "The network is an eingetragener Verein, a registered association (e.V.), with a staff of four. "
    "A general assembly decides.",
    "ewiv": "The partners formed a European Economic Interest Grouping. It has two full-time employees.",
    "hosted": "The platform is managed by the European Commission. A board advises it.",
    "plain": "The clusters formed a company, a limited company. Its members count 25,000 employees.",
    "umbrellas": "It was formed in 2014.",
    "ministries": "It was formed in 2015.",
    "firms": "It was formed in 2016.",
}
MEMBERS = {"umbrellas": "national cluster associations", "ministries": "regional authorities", "firms": "firms"}
REGIONS = {"euregio": ("BE33", "DEA2", "NL42"), "scattered": ("BE33", "DEA2", "ES51")}
STAMP = {"source": "eccp", "door": "search", "url": "https://example.org/", "fetched_at": "2026-11-02T02:00:00Z"}


def insert(connection, table, **row):
    row = STAMP | {"origin": "sandbox", "row_hash": 1} | row
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(f"insert into {table} ({names}) values ({', '.join('?' for _ in row)})", list(row.values()))


def recognised(connection, kind, source, source_id):
    connection.execute(
        "insert into identity.record values (?, ?, ?, ?, 'a test', '2026-11-01T02:00:00Z', '2026-11-02T02:00:00Z')",
        [kind, source, source_id, f"{kind[0].upper()}-{source_id}"],
    )


@pytest.fixture(scope="module")
def stated(nights, tmp_path_factory):
    """{network: its row of network_typology} for a few networks put beside those of the second night."""
    work = tmp_path_factory.mktemp("facets")
    database = work / "warehouse.duckdb"
    shutil.copyfile(nights.data / "sandbox" / "warehouse" / "warehouse.duckdb", database)
    with duckdb.connect(str(database)) as connection:
        for key, text in SAID.items():
            insert(
                connection,
                "staging.network",
                source_id=key,
                name=f"Example {key}",
                name_key=key,
                kind="network",
                member_type=MEMBERS.get(key),
            )
            recognised(connection, "network", "eccp", key)
            passage = {"subject_kind": "network", "subject_source_id": key, "language": "en", "text": text}
            insert(connection, "staging.passage", source_id=key, **passage)
            for region in REGIONS.get(key, ()):
                body = f"{key}-{region}"
                place = {"country": region[:2], "nuts_code": region, "nuts_version": "2021"}
                insert(connection, "staging.organisation", source_id=body, name=body, name_key=body, **place)
                recognised(connection, "organisation", "eccp", body)
                member = {"network_source_id": key, "organisation_source_id": body, "basis": "declared member"}
                insert(connection, "staging.membership", source_id=body, role="member", **member)
        for attribute, value in (("country", "DE"), ("members_stated", "12")):
            claim = {"subject_kind": "network", "subject_source_id": "ewiv", "attribute": attribute, "value": value}
            insert(connection, "staging.claim", source_id=f"ewiv-{attribute}", **claim)
        project = connection.execute(
            "select subject_source_id from core.network_of_record as record inner join staging.project as project "
            "on project.source = record.source and project.source_id = record.source_id, "
            "lateral (select record.source_id as subject_source_id) where record.source = 'cordis' order by 1 limit 1"
        ).fetchone()[0]
        field = "/engineering and technology/mechanical engineering/vehicle engineering/naval engineering/sea vessels"
        claim = {"subject_kind": "project", "subject_source_id": project, "attribute": "euroscivoc", "value": field}
        insert(connection, "staging.claim", **STAMP | {"source": "cordis"}, source_id=project, **claim)
    model.build(database, work, "2026-11-02", model.POPULATION)
    model.build(database, work, "2026-11-02", model.REST)
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select network.name, network_typology.* from release.network_typology as network_typology "
            "inner join release.network as network using (network_id) where network.name like 'Example %'"
        )
        columns = [column[0] for column in rows.description]
        found = {row[0].removeprefix("Example "): dict(zip(columns, row, strict=True)) for row in rows.fetchall()}
        found["science"] = connection.execute(
            "select signal_id, grade, counts, structured_value from release.evidence "
            "where structured_value like 'EuroSciVoc%'"
        ).fetchall()
        found["members"] = connection.execute(
            "select network.name, signal_id, structured_value from release.evidence as evidence "
            "inner join release.network as network using (network_id) where signal_id like 'm\\_%' escape '\\' order by all"
        ).fetchall()
    return found


def test_regions_that_touch_across_borders_are_trans_border(stated):
    assert stated["euregio"]["geographic_observed"] == "trans-border"
    assert stated["scattered"]["geographic_observed"] == "european"


def test_a_form_named_in_its_countrys_words_has_the_code_of_iso_20275(stated):
    assert (stated["verein"]["legal_form"], stated["verein"]["legal_form_elf"]) == ("association", "QZ3L")
    assert stated["verein"]["legal_form_national"] == "eingetragener Verein"
    assert (stated["ewiv"]["legal_form"], stated["ewiv"]["legal_form_elf"]) == ("eeig", "JNDX")
    assert (stated["plain"]["legal_form"], stated["plain"]["legal_form_elf"]) == ("company", None)


def test_staff_is_counted_where_a_sentence_counts_it(stated):
    assert (stated["verein"]["staffing"], stated["verein"]["staff_stated"]) == ("own_team", 4)
    assert stated["ewiv"]["staff_fte"] == 2
    assert (stated["plain"]["staffing"], stated["plain"]["staff_stated"]) == ("unknown", None)


def test_who_governs(stated):
    assert stated["verein"]["governed"] == "internally"
    assert stated["hosted"]["governed"] == "externally"
    assert stated["plain"]["governed"] == "unknown"


def test_member_types_are_structured_evidence(stated):
    """R5 for umbrellas of clusters; that authorities are members supports, and decides nothing alone."""
    assert (stated["umbrellas"]["integration_level"], stated["umbrellas"]["sector_coverage"]) == ("1", "generalist")
    assert stated["ministries"]["integration_level"] == "unknown"
    assert [row for row in stated["members"] if row[0] == "Example ministries"] == [
        ("Example ministries", "m_policy", "member_type = regional authorities"),
        ("Example ministries", "m_territory", "member_type = regional authorities"),
    ]
    assert not [row for row in stated["members"] if row[0] == "Example firms"]


def test_a_field_of_euroscivoc_is_structured_evidence(stated):
    assert [row[:3] for row in stated["science"]] == [("sector_maritime", "C", True)]


def test_the_table_of_touching_regions_is_that_of_the_geometry(shared):
    found = region_border.touching(region_border.read(shared / "reference" / "NUTS_RG_60M_2016_4326.geojson.gz"))
    kept = region_border.SEED.read_text(encoding="utf-8").splitlines()[1:]
    assert kept == [",".join(pair) for pair in found]
    assert ("BE33", "DEA2") in found
    assert ("FRE1", "UKJ4") not in found
