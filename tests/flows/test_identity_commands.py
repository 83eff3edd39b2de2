"""What people decide: merged, split again with every row back, reviewed, explained; and a list of one's own matched."""

from __future__ import annotations

import csv

import duckdb
import pytest

from tests.conftest import metaclusters, rebuild

PARTS = ("organisation", "name", "membership", "participation", "identifier", "redirect", "network")


def rows(data, table):
    """Rows as the next release would have them."""
    with duckdb.connect(str(data / "sandbox" / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(f"select * from release.{table} order by all").fetchall()


def test_a_merge_that_is_split_gives_both_back_with_all_their_rows(folder):
    before = {table: rows(folder, table) for table in PARTS}
    organisations = [row for row in before["organisation"] if row[1].startswith("Example") and "Cluster" in row[1]]
    one, other = organisations[0][0], organisations[-1][0]
    assert metaclusters("override", "same", one, other, "--why", "test", data=folder).status == 0
    rebuild(folder)
    merged = {row[0] for row in rows(folder, "organisation")}
    (gone,) = {one, other} - merged
    (kept,) = {one, other} & merged
    assert (gone, kept) in {row[:2] for row in rows(folder, "redirect")}

    assert metaclusters("override", "different", gone, kept, "--why", "they are two", data=folder).status == 0
    rebuild(folder)
    for table in PARTS:
        assert rows(folder, table) == before[table], table
    decided = folder / "sandbox" / "decisions" / "identity_decisions.csv"
    with decided.open(encoding="utf-8") as file:
        assert {row["decision"] for row in csv.DictReader(file)} == {"different"}
    assert metaclusters("override", "back", gone, kept, data=folder).status == 0
    assert len(decided.read_text(encoding="utf-8").splitlines()) == 1


def test_review_says_what_speaks_for_and_against(nights):
    ran = metaclusters("review", "--limit", "3", data=nights.data)
    assert ran.status == 0, ran.err
    assert "for:" in ran.out
    assert "against:" in ran.out
    found = metaclusters("review", "--json", data=nights.data).document
    assert found["uncertain"] >= len(found["pairs"]) > 0
    assert all(0.1 <= pair["probability"] <= 0.9 for pair in found["pairs"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("same", "O0000000000", "O1111111111", "--why", "x"), "There is no"),
        (("same", "A", "B"), "needs its reason"),
        (("maybe", "A", "B"), "no decision"),
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence(nights, arguments, says):
    ran = metaclusters("override", *arguments, data=nights.data)
    assert ran.status == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_joined_records_are_explained_term_by_term(release, nights):
    (entity,) = release.execute(
        "select left_entity_id from identity_pair where joined and entity_kind = 'organisation' order by probability desc limit 1"
    ).fetchone()
    (pair, *_) = metaclusters("explain", entity, "--json", data=nights.data).document["joined"]
    assert pair["probability"] > 0.4
    assert "(+" in pair["speaks_for"]


def test_a_night_with_nothing_new_changes_no_id(nights):
    for table, key in (("organisation", "organisation_id"), ("network", "network_id")):
        with nights.open(nights.first) as one, nights.open(nights.again) as other:
            ids = [c.execute(f"select {key}, name from {table} order by all").fetchall() for c in (one, other)]
        assert ids[0] == ids[1]


def test_a_list_of_ones_own_is_matched_with_itself_and_the_release(nights, release, tmp_path):
    known, name, city, country = release.execute(
        "select organisation_id, name, city, country from organisation where kind = 'cluster' and city is not null and name like 'Example%' order by all limit 1"
    ).fetchone()
    mine = tmp_path / "mine.csv"
    with mine.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["record_id", "name", "city", "country", "vat", "registry_id"])
        out.writerow(["a", name.upper(), city, country, "", ""])
        out.writerow(["b", "Przykładowa Fundacja Zielona", "Łódź", "PL", "PL 123-456", ""])
        out.writerow(["c", "Green Example Foundation of Lodz", "Lodz", "PL", "123456", ""])
        out.writerow(["d", "", "", "", "", ""])
        out.writerow(["e", "Somebody", "", "DE", "n/a", "0815"])
        out.writerow(["f", "Someone Else", "", "FR", "n/a", "0815"])
    ran = metaclusters("match", str(mine), "-o", str(tmp_path / "out.csv"), data=nights.data)
    assert ran.status == 0, ran.err
    assert "d: no name" in ran.err
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        found = {row["record_id"]: row for row in csv.DictReader(file)}
    assert list(found) == ["a", "b", "c", "d", "e", "f"]
    assert found["a"]["entity_id"] == known
    assert found["a"]["matched_name"] == name
    assert found["b"]["entity_id"] == found["c"]["entity_id"] != known
    assert len({row["entity_id"] for row in found.values()}) == 5  # a register's number is one of its country


@pytest.mark.parametrize(
    "content",
    [
        "record_id;name;country\n1;Société Générale;FR\n2;Societe Generale;FR\n".encode(),
        "record_id,name,country\n1,Société Générale,FR\n2,Societe Generale,FR\n".encode("cp1252"),
        b"\xef\xbb\xbfRecord_ID,Name\n1,Alpha Beta\n2,alpha beta,one cell more\n",
    ],
    ids=["semicolons", "windows", "ragged"],
)
def test_a_list_is_read_however_it_was_saved(tmp_path, content):
    (tmp_path / "in.csv").write_bytes(content)
    ran = metaclusters("match", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"), data=tmp_path)
    assert ran.status == 0, ran.err
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        one, other = csv.DictReader(file)
    assert one["entity_id"] == other["entity_id"]


@pytest.mark.parametrize(
    ("content", "says"), [("id,title\n1,x\n", "no column record_id"), ("record_id,name\n1,x\n1,y\n", "several rows")]
)
def test_a_list_that_cannot_be_matched_is_refused_in_a_sentence(tmp_path, content, says):
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    ran = metaclusters("match", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"), data=tmp_path)
    assert ran.status == 2
    assert says in ran.err
    assert "Traceback" not in ran.err
