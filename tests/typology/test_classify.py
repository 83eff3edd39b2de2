"""`classify` on lists as people keep them, and how well it does on networks described in texts."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys

import pytest

from tests.bench import described
from tests.bench import typology as bench
from tests.conftest import ROOT, metaclusters

CSV = """id,name,acronym,description,known_members,known_countries,member_count_stated
b,Example Photonics Alliance,EPA,"Members follow a joint strategy, adopted in 2021, on photonics.",A|B|C,FR|DE|PL,3
a,Example Second,,"Clusters exchange good practices at conferences.",,,
,Nameless id,,,,,
c,,,"No name",,,
a,Example again,,,,,
"""


def test_a_csv_keeps_its_order_and_every_rejected_row_is_said(tmp_path):
    (tmp_path / "in.csv").write_text(CSV, encoding="utf-8")
    ran = metaclusters("classify", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert ran.status == 0, ran.err
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["b", "a"]
    assert rows[0]["integration_level"] == "2"
    assert rows[0]["integration_level_grade"] == "B"
    assert rows[0]["integration_level_evidence"] == "Members follow a joint strategy, adopted in 2021, on photonics."
    assert rows[0]["geographic_coverage"] == "european"
    assert rows[0]["sector_coverage"] == "sectoral"
    assert rows[1]["legal_form"] == "unknown"
    assert rows[1]["legal_form_grade"] == "U"
    said = ran.err.splitlines()
    assert [line for line in said if "left out" in line] == [
        "line 4: no id, left out",
        "line 5 (c): no name, left out",
        "line 6 (a): its id stands on an earlier line, left out",
    ]


def test_json_lines_give_the_same_answers_as_csv(tmp_path):
    row = {
        "id": 7,
        "name": "Example",
        "description": "Members follow a joint strategy.",
        "known_countries": ["FR", "UK"],
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\nnot json\n", encoding="utf-8")
    ran = metaclusters("classify", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.csv"))
    assert ran.status == 0, ran.err
    assert "line 2: no JSON object, left out" in ran.err
    (only,) = csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8", newline=""))
    assert (only["id"], only["integration_level"]) == ("7", "2")


def test_rows_that_say_the_same_get_the_same_answer_each_in_its_place(tmp_path):
    text = "Members follow a joint strategy, adopted in 2021, on photonics. They share a photonics laboratory."
    rows = [
        ("z", "One", text),
        ("m", "One", "Clusters exchange good practices."),
        ("a", "One", text),
        ("k", "Two", text),
    ]
    (tmp_path / "in.csv").write_text(
        "id,name,description\n" + "".join(",".join(row) + "\n" for row in rows).replace(", ", "; "), encoding="utf-8"
    )
    ran = metaclusters("classify", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert ran.status == 0, ran.err
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        first, other, again, renamed = csv.DictReader(file)
    assert [row.pop("id") for row in (first, other, again, renamed)] == ["z", "m", "a", "k"]
    assert first == again == renamed
    assert (first["integration_level"], other["integration_level"]) == ("2", "1")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("title,text\nx,y\n", "has no column id and name"),
        ("id,name\n,\n", "No row of the list can be classified"),
        ("", "no CSV that can be read"),
    ],
)
def test_a_list_that_cannot_be_classified_is_refused_in_a_sentence(tmp_path, content, says):
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    ran = metaclusters("classify", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert ran.status == 2
    assert says in ran.err.splitlines()[-1]
    assert not (tmp_path / "out.csv").exists()


@pytest.fixture(scope="module")
def measured():
    """Everything that is labelled, classified at once: {set: rows}, answers."""
    found = described.sets()
    unnamed = bench.placeholders(found.get("thirty", []))
    return found, bench.answers([row for rows in found.values() for row in rows] + unnamed)


def test_networks_described_in_texts_are_classified_as_measured(measured):
    """Floors below what docs/typology-report.md says, so that a change for the worse shows."""
    found, said = measured
    own = [row for name in described.OWN for row in found[name]]
    # The level is measured on lists held out in test_readings.
    floors = {"geographic_coverage": (0.90, 0.90), "sector_coverage": (0.84, 0.90)}
    for facet, (least_f1, least_right) in floors.items():
        f1, right, given = bench.scored(bench.pairs_of(own, said, facet), bench.SINGLE[facet])
        assert f1 >= least_f1, (facet, f1)
        assert right >= least_right, (facet, right)
        assert given >= 0.75, (facet, given)


def test_the_labelled_examples_in_five_languages(shared, measured):
    found, said = measured
    for name in ("thirty", *(f"thirty, {language}" for language in described.TRANSLATED)):
        for facet, least in (("integration_level", 0.75), ("geographic_coverage", 0.95), ("sector_coverage", 0.88)):
            f1, right, given = bench.scored(bench.pairs_of(found[name], said, facet), bench.SINGLE[facet])
            allowed = 0.0 if name == "thirty" else 0.1
            assert f1 >= least - allowed, (name, facet, f1)
            assert right >= (0.82 if facet == "integration_level" else 0.92) - allowed, (name, facet, right)
            assert given >= 0.8, (name, facet, given)


def test_without_names_the_answers_stay(shared, measured):
    found, said = measured
    rows = found["thirty"]
    moved = sum(
        said[row["id"]][facet].value != said[f"{row['id']} unnamed"][facet].value
        for row in rows
        for facet in bench.SINGLE
    )
    assert moved <= len(rows) * len(bench.SINGLE) / 10


def test_no_signal_names_a_network(measured):
    """No name or acronym of a network or member of the labelled lists stands in a seed that texts are searched for."""
    found, _ = measured
    rows = [row for some in found.values() for row in some]
    networks = {name for row in rows for name in (row["name"], row.get("acronym") or "")}
    members = {name for row in rows for name in row.get("known_members") or []}
    # Members may be countries or regions, which seeds of places name.
    # The acronym of one is the first half of many a place.
    assert named(networks, "country_word", "macro_region", "place_word") <= {"SAINT"}
    members -= named(members, "country_word", "macro_region", "place_word")
    # A state and the Commission take part in some, and seeds speak of them as a place and as who pays.
    members -= {"Czech Republic", "European Commission"}
    # Of the rest some are called by ordinary words, which texts write small, and EIT communities by the name of their kind (R6).
    texts = " ".join(row["description"] for row in rows)
    seeds = ("lexicon", "typology_signal", "sector_word", "modality_pattern", "reading_word")
    found = {
        name for name in named(networks | members, *seeds) if not re.search(rf"\b{re.escape(name.lower())}\b", texts)
    }
    # Cut words of other meanings ('bioclus' of bioclusters), pairs of ordinary words or of a word and its weight, words of other
    # languages, a building standard.
    cut = {
        "ANIMA",
        "ART-ER",
        "Access 6",
        "BIOCHEM",
        "BIOCLUS",
        "CasaClima",
        "DISTRICT+",
        "DanubIA",
        "ENCORE",
        "EURO 3",
        "FLAME",
        "ForMare",
        "MADRE",
        "MariTIM",
        "PROGRES",
        "Risques",
        "SecurIT",
        "Singapore",
        "Smart Water",
        "TOURISME",
        "UP-tex",
        "Up-Tex",
        "Vinci",
    }
    assert found <= cut | {"EIT Food"}


def named(names, *seeds):
    """Those of the names that stand in a seed, word for word."""
    seeded = "".join((ROOT / "warehouse" / "seeds" / f"{seed}.csv").read_text("utf-8") for seed in seeds)
    # Escapes of regular expressions are no letters.
    words = spaced(re.sub(r"\\[bwdsW]", " ", seeded))
    return {name for name in names if len(name) > 4 and spaced(name) in words}


def spaced(text):
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


def test_the_quality_pages_codes_are_those_of_the_rules_in_force(shared):
    said = (bench.CODES / "rule_version.txt").read_text(encoding="utf-8").strip()
    from flows import model

    assert said == model.rule_version(), "run `make typology-report`"


def test_starting_classify_imports_no_orchestrator():
    code = (
        "import sys, flows.classify; print([m for m in ('prefect', 'great_expectations', 'dbt') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
