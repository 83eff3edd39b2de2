"""What a release holds, against what DESIGN and the code book promise; over a whole sandbox night."""

from __future__ import annotations

import csv
import json
import re
from datetime import date

import duckdb
import polars as pl
import pytest

from tests.bench import described
from tests.conftest import metaclusters

PROMISED = {
    "network": "network_id name acronym kind member_type website first_seen last_seen",
    "phase": "phase_id network_id name programme kind start_date end_date",
    "network_typology": "network_id integration_level integration_index geographic_coverage geographic_claimed "
    "geographic_observed sector_coverage legal_form staffing sustainability",
    "typology": "network_id phase_id facet value grade rule_id rule_version reason conflict proposed_value "
    "override_reason",
    "evidence": "evidence_id network_id phase_id facet value quote url fetched_at source_id origin signal_id rule_id "
    "grade counts",
    "organisation": "organisation_id name kind country city nuts_code nuts_version lon lat",
    "membership": "network_id organisation_id role valid_from valid_to basis source_id url",
    "project": "project_id acronym title programme call start_date end_date eu_contribution total_cost currency "
    "label_only about_networks about_networks_reason",
    "participation": "participation_id project_id organisation_id role eu_contribution source_id",
    "network_project": "network_id project_id relation",
    "name": "entity_id name language kind",
    "identifier": "entity_id scheme value",
    "source": "outcome rows fetched_at stale_since licence attribution",
    "coverage": "expected held known_share",
    "rejected": "source_id reason original",
    "change": "op entity_id field old new cause",
    "redirect": "old_id new_id since",
}
MAY_BE_EMPTY = {"rejected", "redirect"}  # the sandbox sets nothing aside and merges nothing
FACETS = 11  # the code book's nine, the instrument beside the legal form, and who governs


def one(connection, sql):
    return connection.execute(sql).fetchall()[0][0]


@pytest.mark.parametrize("table", PROMISED)
def test_the_promised_tables_and_columns_are_there(release, table):
    have = {row[0] for row in release.execute(f"select column_name from (describe {table})").fetchall()}
    assert set(PROMISED[table].split()) <= have
    if table not in MAY_BE_EMPTY:
        assert one(release, f"select count(*) from {table}") > 0


def test_every_table_and_column_has_a_comment(release):
    assert one(release, "select count(*) from duckdb_tables() where comment is null") == 0
    assert one(release, "select count(*) from duckdb_columns() where comment is null and not internal") == 0


def test_typology_joins_to_networks_without_loss(release):
    assert one(release, "select count(*) from network anti join network_typology using (network_id)") == 0
    assert one(release, "select count(*) from network_typology anti join network using (network_id)") == 0
    networks = one(release, "select count(*) from network")
    assert (
        one(release, "select count(distinct (network_id, facet)) from typology where phase_id is null")
        == networks * FACETS
    )


def test_every_known_value_has_evidence_with_quote_or_value_and_source(release):
    known = """
        from typology where value != 'unknown' and not exists (
            from evidence where evidence.counts and evidence.network_id = typology.network_id
                and evidence.facet = typology.facet and evidence.value = typology.value
                and evidence.url like 'http%' and evidence.fetched_at is not null and evidence.rule_id is not null
                and evidence.grade in ('A', 'B', 'C', 'D')
                and (length(evidence.quote) between 2 and 300 or evidence.structured_value is not null))
    """
    assert one(release, f"select count(*) {known}") == 0
    assert one(release, "select count(*) from typology where value = 'unknown' and grade != 'U'") == 0


def test_where_words_are_weighed_a_value_holds_from_the_weight_that_is_enough(release):
    rows = release.execute(
        """
        select score.score >= score.enough as has_enough, typology.value = score.value as holds, count(*)
        from facet_score as score inner join typology using (network_id, facet)
        where score.probability is not null and typology.phase_id is null and abs(score.score - score.enough) > 0.01
        group by all
        """
    ).fetchall()
    found = {(has_enough, holds): number for has_enough, holds, number in rows}
    assert found[True, True] > 10
    assert set(found) == {(True, True), (False, False)}


def test_quotes_stand_letter_for_letter_in_the_kept_passages(nights, release):
    passages = pl.read_parquet(nights.data / "sandbox" / "passages.parquet")
    texts = {}
    for source, record, text in passages.select("source_id", "record_id", "text").rows():
        texts.setdefault((source, record), []).append(text)
    quotes = release.execute("select source_id, record_id, quote from evidence where quote is not null").fetchall()
    assert len(quotes) > 100
    for source, record, quote in quotes:
        assert any(quote in text for text in texts[source, record]), quote


@pytest.mark.real
def test_every_network_of_the_article_is_found_by_its_name(release, shared):
    with (shared / "typology" / "article_networks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        found = release.execute(
            "select distinct network.network_id, network.kind from name inner join network on network.network_id = entity_id "
            "where lower(name.name) = lower($name)",
            {"name": row["name"]},
        ).fetchall()
        assert len(found) == 1, row["name"]
        assert (found[0][1] == "instrument") == (row["kind"] == "instrument")
    assert one(release, "select count(distinct network_id) from article_page where network_kind = 'instrument'") == 10


def test_the_articles_stated_labels_come_out_of_the_evidence(release):
    stated = "from article_page where article_basis = 'stated' and network_kind != 'instrument' and article_value != 'unknown'"
    assert one(release, f"select count(*) {stated}") == 64
    agreeing = one(release, f"select count(*) {stated} and comparison = 'agree'")
    assert agreeing >= 59
    others = release.execute(
        f"select article_key, facet, rule_id, other_source_url, other_source_quote {stated} and comparison != 'agree'"
    ).fetchall()
    assert {key for key, *_ in others} <= {"in2wood", "icn", "gcca", "edca"}
    for key, facet, rule, url, quote in others:
        assert rule and quote and url.startswith("https://"), (key, facet)
        assert "europeanclusterdays" not in url


def test_national_platforms_of_one_field_are_no_umbrella(release):
    rows = release.execute(
        "select value from typology inner join network using (network_id) "
        "where name = 'Construction21' and facet = 'sector_coverage' and phase_id is null"
    ).fetchall()
    assert rows == [("sectoral",)]


def test_textile_2020_is_one_network_with_two_phases(release):
    found = release.execute(
        "select distinct entity_id from name where lower(replace(name, ' ', '')) = 'textile2020' and entity_id like 'N%'"
    ).fetchall()
    assert len(found) == 1
    programmes = release.execute(
        f"select programme_code from phase where network_id = '{found[0][0]}' order by 1"
    ).fetchall()
    assert programmes == [("ecc_2012",), ("escp_2013",)]


def test_projects_that_only_mention_clusters_stay_out(release):
    out = {r[0] for r in release.execute("select acronym from project where not about_networks").fetchall()}
    assert {"EXAMPLE-GALAXY", "EXAMPLE-SENSORS", "EXAMPLE-CO2", "HYPOP", "LEADER 2030"} <= out
    assert one(release, "select count(*) from project where about_networks_reason is null") == 0
    inside = {r[0] for r in release.execute("select acronym from network where kind = 'project'").fetchall()}
    assert not inside & out


def test_csv_and_parquet_carry_the_same_rows(nights, release):
    folder = nights.release(nights.second)
    for (table,) in release.execute("select table_name from duckdb_tables()").fetchall():
        expected = one(release, f'select count(*) from "{table}"')
        assert pl.read_parquet(folder / "parquet" / f"{table}.parquet").height == expected
        with (folder / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert sum(1 for _ in csv.reader(file)) == expected + 1


def test_the_data_package_passes_a_stock_validation(nights):
    from frictionless import Package

    path = nights.release(nights.second) / "datapackage.json"
    report = Package(str(path)).validate()
    assert report.valid, report.flatten(["title", "message"])
    for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]:
        assert resource["description"]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_nothing_personal_is_published(nights):
    contact = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\[at\]|linkedin\.com/in/|\+\d{2}[ \d]{8,}")
    for path in nights.release(nights.second).rglob("*"):
        if path.suffix in (".csv", ".md", ".json"):
            assert not contact.search(path.read_text(encoding="utf-8")), path


def test_data_docs_are_whole_and_ask_no_other_host(nights):
    docs = nights.release(nights.second) / "quality" / "data_docs"
    for stage in ("landing", "warehouse"):
        index = (docs / stage / "index.html").read_text(encoding="utf-8")
        assert index.count("<li>") >= 5
    for page in docs.rglob("*.html"):
        assert not re.search(
            r"(?:src|href)=[\"'](?:https?:)?//(?!greatexpectations)", page.read_text(encoding="utf-8")
        ), page


def test_the_same_input_has_the_same_content_hash_and_no_change(nights):
    manifests = [
        json.loads((nights.release(report) / "manifest.json").read_text(encoding="utf-8"))
        for report in (nights.first, nights.again, nights.second)
    ]
    assert manifests[0]["content_hash"] == manifests[1]["content_hash"] != manifests[2]["content_hash"]
    with nights.open(nights.again) as connection:
        assert one(connection, "select count(*) from change") == 0
    assert {row["outcome"] for row in nights.again["sources"]} == {"unchanged", "off"}


def test_the_second_night_says_what_changed_as_a_hand_diff_does(nights, release):
    ids = []
    for report in (nights.first, nights.second):
        with (nights.release(report) / "csv" / "network.csv").open(encoding="utf-8", newline="") as file:
            ids.append({row["network_id"]: row for row in csv.DictReader(file)})
    before, after = ids
    said = release.execute("select op, entity_id, field from change where entity_kind = 'network'").fetchall()
    assert {i for op, i, _ in said if op == "ADD"} == after.keys() - before.keys()
    assert {i for op, i, _ in said if op == "DEL"} == before.keys() - after.keys()
    fields = ("name", "acronym", "kind", "member_type", "website")
    differing = {(i, f) for i in before.keys() & after.keys() for f in fields if before[i][f] != after[i][f]}
    assert {(i, f) for op, i, f in said if op == "MOD"} == differing
    assert one(release, "select count(*) from change where field = 'members_stated' and old = '43' and new = '45'") == 1
    assert one(release, "select count(*) from change where entity_kind = 'membership' and op = 'ADD'") >= 2


def test_a_renamed_network_keeps_its_id_and_its_old_name(release):
    rows = release.execute(
        "select entity_id, kind from name where name in ('Example Alpine Wood Clusters', 'Example Alpine Timber Clusters') "
        "order by kind"
    ).fetchall()
    assert [kind for _, kind in rows] == ["alias", "official"]
    assert rows[0][0] == rows[1][0]


def test_members_on_a_past_date(release):
    members = one(
        release,
        "select count(distinct organisation_id) from membership inner join network using (network_id) "
        f"where network.acronym = 'EACP' and valid_from <= '{date(2014, 1, 1)}' "
        f"and coalesce(valid_to, '9999-12-31') > '{date(2014, 1, 1)}'",
    )
    assert (
        0
        < members
        < one(
            release,
            "select count(distinct organisation_id) from membership inner join network using (network_id) where acronym = 'EACP'",
        )
    )


def test_the_release_says_where_it_came_from(nights):
    folder = nights.release(nights.second)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["profile"] == "sandbox"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "twins of the portals" in readme
    measured_on = sum(len(rows) for rows in described.own().values())
    assert f"| integration_level | {measured_on} |" in (folder / "quality" / "quality.md").read_text(encoding="utf-8")
    assert "© European Union, CORDIS" in readme
    article = (folder / "article.md").read_text(encoding="utf-8")
    assert "International Cleantech Network" in article


def test_an_open_reader_goes_on_while_the_pointer_moves(nights, folder):
    old = folder / "sandbox" / "releases" / "current"
    assert old.resolve().name == nights.second["release"]
    with duckdb.connect(str(nights.release(nights.first) / "metaclusters.duckdb"), read_only=True) as reader:
        assert metaclusters("rollback", nights.first["release"], data=folder).status == 0
        assert old.resolve().name == nights.first["release"]
        assert metaclusters("rollback", nights.second["release"], data=folder).status == 0
        assert one(reader, "select count(*) from network") > 0
