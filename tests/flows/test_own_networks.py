"""A list of one's own as people keep it: encodings, packing, lists written in any way, and what cannot be used said."""

from __future__ import annotations

import gzip
import json

import polars as pl
import pytest

from flows import own_networks
from flows.classify import classify
from flows.problems import Problem
from transforms.own_list import member_count, tidy

HEADING = "id,name,known_members,known_countries\n"


@pytest.fixture
def read(tmp_path):
    def reading(content, name="in.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return own_networks.read(file).to_dicts()

    return reading


@pytest.mark.parametrize("said", ["DE|FR", "DE;FR", '"DE, FR"', "DE / FR", "\"['DE', 'FR']\""])
def test_countries_are_parted_as_people_part_them(read, said):
    (row,) = read(f"{HEADING}1,X,,{said}\n")
    assert row["known_countries"] == ["DE", "FR"]


def test_members_may_hold_commas(read):
    (one, other) = read(f'{HEADING}1,X,"Cluster A, Lyon|Cluster B",\n2,Y,"Cluster A; Cluster B",\n')
    assert one["known_members"] == ["Cluster A, Lyon", "Cluster B"]
    assert other["known_members"] == ["Cluster A", "Cluster B"]


def test_a_list_of_json_is_taken_as_it_is(read):
    line = json.dumps({"ID": 1, "Name": "X", "known_members": ["A; B", "C"], "known_countries": None})
    (row,) = read(line, "in.jsonl")
    assert (row["id"], row["known_members"], row["known_countries"]) == ("1", ["A; B", "C"], None)


def test_sixteen_bits_a_letter_excels_own_line_and_packed_lines_are_read(read):
    assert read("id\tname\n1\tÉ\n".encode("utf-16"))[0]["name"] == "É"
    assert read("sep=;\nid;name\n1;X\n")[0]["name"] == "X"
    assert read(gzip.compress(b'{"id": "1", "name": "X"}\n'), "in.jsonl.gz")[0]["name"] == "X"


def test_what_breaks_a_line_of_json_leaves_out_that_line_alone(read, capsys):
    lines = [
        "[" * 100_000,
        '{"id": "1", "name": "half \\ud800 a pair"}',
        '{"id": [1], "name": "Y"}',
        '{"id": 2, "name": "a\u2028b"}',
    ]
    assert [row["id"] for row in read("\n".join(lines), "in.jsonl")] == ["1", "2"]
    assert capsys.readouterr().err.splitlines() == ["line 1: no JSON object, left out", "line 3: no id, left out"]


def test_a_country_or_a_number_that_is_none_is_said(read, capsys):
    read("id,name,known_countries,member_count_stated\n1,X,DE|Atlantis,some\n")
    assert capsys.readouterr().err.splitlines() == [
        "line 2 (1): 'Atlantis' in known_countries is no country that is known, not used",
        "line 2 (1): 'some' in member_count_stated is no number that is known, not used",
    ]


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        *((said, "40") for said in ("40", "about 40", "40.0", "40+", "more than 40 members")),
        *((said, "1200") for said in ("1,200", "1 200", "1.200", "1200")),
        *((said, None) for said in ("2 to 40", "-5", "0", "3.7", "1e20", "some", "")),
    ],
)
def test_a_number_of_members_is_one_whole_number(said, counted):
    assert pl.DataFrame({"said": [said]}).select(member_count(pl.col("said"))).item() == counted


def test_two_columns_of_one_name_are_refused(read):
    with pytest.raises(Problem, match="more than one column id"):
        read("id,name,ID\n1,X,2\n")


def test_an_answer_that_cannot_be_written_is_said_before_anything_is_read(tmp_path):
    asked = tmp_path / "in.csv"
    asked.write_text("id,name\n1,X\n", encoding="utf-8")
    for out, says in (
        (asked, "is the list itself"),
        (tmp_path, "is no file"),
        (tmp_path / "absent" / "out.csv", "There is no folder"),
        (tmp_path / ("x" * 300 + ".csv"), "cannot be written"),
        (tmp_path / "out.xlsx", "name it out.csv"),
    ):
        with pytest.raises(Problem, match=says):
            classify(asked, out)
    assert asked.read_text(encoding="utf-8") == "id,name\n1,X\n"


def test_a_quotation_mark_that_is_not_closed_is_said(read, capsys):
    read('id,name\n1,"X\n2,Y\n')
    assert "a quotation mark that is not closed" in capsys.readouterr().err


def test_a_text_with_tags_is_read_as_its_paragraphs(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text(
        'id,name,description\n1,X,<p>Members meet</p><p>They plan.</p>\n2,Y,"<5 firms, >3 towns"\n', "utf-8"
    )
    passages = tidy(own_networks.read(file), "in.csv", "2026-11-02T00:00:00Z")["passage"]
    assert [" ".join(text.split()) for text in passages["text"]] == ["Members meet. They plan.", "<5 firms, >3 towns"]
