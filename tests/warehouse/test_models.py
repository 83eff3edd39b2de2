"""The models: no value depends on where the article puts a network."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys

import duckdb
import pytest

from flows import model
from flows.sql import literal
from tests.conftest import ROOT
from warehouse.needles import BITS


@pytest.fixture
def database(nights, tmp_path):
    """A copy of the warehouse after both nights."""
    target = tmp_path / "warehouse.duckdb"
    shutil.copyfile(nights.data / "sandbox" / "warehouse" / "warehouse.duckdb", target)
    return target


def test_denial_hope_and_the_past_do_not_count(database, tmp_path):
    """Sentences put into the mouth of a network that says little, and what the models make of them."""
    said = {
        "The members agreed a joint strategy.": None,
        "The members could one day agree a joint strategy.": "hope",
        "The members have no joint strategy.": "negation",
        "Formerly it followed a joint strategy.": "history",
        "The platform works without legal personality.": None,
        "Les membres suivent une stratégie commune.": None,
        "Die Mitglieder haben keine gemeinsame Strategie.": "negation",
    }
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into staging.passage by name select 'eccp' as source, 'search' as door, source_id, url, fetched_at, "
            "origin, 'network' as subject_kind, source_id as subject_source_id, 'en' as language, $text as text "
            "from staging.network where acronym = 'ELCA' and source = 'eccp'",
            {"text": " ".join(said)},
        )
    model.build(database, tmp_path, "2026-11-02", model.REST)
    with duckdb.connect(str(database), read_only=True) as connection:
        found = dict(
            connection.execute(
                "select quote, reason_not_counted from release.evidence "
                "where signal_id = 'l2_strategy' or signal_id = 'f_none'"
            ).fetchall()
        )
    for sentence, reason in said.items():
        assert sentence in found, sentence
        assert (found[sentence] or "").split(":")[0] == (reason or ""), sentence


def test_a_seed_that_gains_a_column_fits_the_warehouse_of_the_night_before(database, tmp_path):
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table seed.country drop column neighbour")
    model.build(database, tmp_path, "2026-11-02", model.POPULATION)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select count(*) from seed.country where neighbour").fetchall() > [(0,)]


def test_with_the_articles_placements_emptied_no_value_moves(database, tmp_path, monkeypatch):
    project = tmp_path / "warehouse"
    shutil.copytree(ROOT / "warehouse", project, ignore=shutil.ignore_patterns("target", "__pycache__"))
    (tmp_path / "transforms").mkdir()
    shutil.copytree(ROOT / "transforms" / "tables", tmp_path / "transforms" / "tables")
    seed = project / "seeds" / "article_placement.csv"
    rows = list(csv.DictReader(seed.open(encoding="utf-8", newline="")))
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "value": "unknown", "basis": "unknown"} for row in rows)
    before = values(database)
    monkeypatch.setattr(model, "PROJECT", project)
    model.build(database, tmp_path, "2026-11-02", model.POPULATION)
    model.build(database, tmp_path, "2026-11-02", model.REST)
    with duckdb.connect(str(database), read_only=True) as connection:
        placed = connection.execute(
            "select count(*) from release.article_page where article_value != 'unknown'"
        ).fetchall()
    assert placed[0][0] == 0
    assert values(database) == before


def values(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        typology = connection.execute("select * from release.typology order by all").fetchall()
        evidence = connection.execute("select * from release.evidence order by all").fetchall()
    assert len(typology) > 500
    return typology, evidence


UNIT = ("network_id", "phase_id")
KEYS = {
    "typology.pattern": ("number",),
    "typology.phrase_text": ("phrase_id",),
    "typology.phrase_possible": ("phrase_id",),
    "typology.phrase": ("phrase_id",),
    "typology.hit": ("phrase_id", "signal_id"),
    "typology.sign": (*UNIT, "facet", "value", "sign_group", "tier"),
    "typology.score": (*UNIT, "facet", "value", "tier"),
    "typology.claim": (*UNIT, "value", "tier"),
    "typology.claim_set_aside": ("network_id", "value"),
    "typology.score_claimed": UNIT,
    "typology.support": (*UNIT, "facet", "value"),
    "typology.reading": (*UNIT, "facet", "value"),
    "typology.likeliest": (*UNIT, "facet"),
    "typology.level_decision": (*UNIT, "tier"),
    "typology.geography_decision": UNIT,
    "typology.sector_decision": UNIT,
    "typology.decision": (*UNIT, "facet", "value"),
    "typology.sector": UNIT,
    "typology.geography": ("network_id",),
    "typology.geography_named": ("network_id",),
    "typology.country_named": ("network_id", "country"),
    "typology.country_spoken": ("network_id", "country"),
    "typology.grant_run": ("network_id", "source", "source_id"),
    "typology.life": ("network_id",),
    "typology.staff_counted": ("network_id",),
    "typology.legal_form_named": ("network_id", "legal_form"),
    "release.typology": (*UNIT, "facet", "value"),
    "release.facet_score": ("network_id", "facet", "value"),
    "release.network_typology": ("network_id",),
}


@pytest.mark.parametrize("model", KEYS)
def test_a_model_has_one_row_of_what_it_says(release_models, model):
    key = ", ".join(KEYS[model])
    assert (
        release_models.execute(f"select {key}, count(*) from {model} group by {key} having count(*) > 1").fetchall()
        == []
    )


@pytest.fixture(scope="module")
def release_models(nights):
    with duckdb.connect(str(nights.data / "sandbox" / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_only_the_articles_page_reads_the_placements():
    readers = [
        path.name
        for path in (ROOT / "warehouse" / "models").rglob("*.sql")
        if "article_placement" in path.read_text(encoding="utf-8")
    ]
    assert readers == ["article_page.sql"]
    for path in [
        *(ROOT / "flows").rglob("*.py"),
        *(ROOT / "transforms").rglob("*.py"),
        *(ROOT / "spiders").rglob("*.py"),
    ]:
        assert "article_placement" not in path.read_text(encoding="utf-8"), path


def test_seeds_read_and_signals_compile():
    with duckdb.connect() as connection:
        for path in sorted((ROOT / "warehouse" / "seeds").glob("*.csv")):
            table = connection.read_csv(str(path), all_varchar=True)
            assert len(table) > 0 or path.name.endswith("_decisions.csv"), path  # nobody need have decided anything
            for column in {"pattern", "words"} & set(table.columns):
                pattern = f"regexp_replace({column}, '\\{{[a-z]+[0-9]?\\}}', 'x', 'g')"
                connection.execute(
                    f"select regexp_matches('any text', {pattern}) from read_csv('{path}', all_varchar = true)"
                ).fetchall()
        terms, telling = (
            {
                row[0]
                for row in connection.execute(
                    f"select distinct term from '{ROOT}/warehouse/seeds/{seed}.csv'"
                ).fetchall()
            }
            for seed in ("lexicon", "term")
        )
        assert terms == telling
        rules = {
            row[0] for row in connection.execute(f"select rule_id from '{ROOT}/warehouse/seeds/rule.csv'").fetchall()
        }
        for seed in ("typology_signal", "programme_fact"):
            used = connection.execute(f"select distinct rule_id from '{ROOT}/warehouse/seeds/{seed}.csv'").fetchall()
            assert {row[0] for row in used} <= rules


def test_no_pattern_matches_a_sentence_that_it_was_not_tried_on(release_models):
    patterns = release_models.execute("select number, pattern from typology.pattern").fetchall()
    assert len(patterns) > 500
    for number, pattern in patterns:
        missed = release_models.execute(
            f"""select folded from typology.phrase_text inner join typology.phrase_possible using (phrase_id)
            where possible_{number // BITS} & {1 << number % BITS} = 0 and regexp_matches(folded, {literal(pattern)})"""
        ).fetchall()
        assert not missed, pattern


def test_importing_the_load_needs_nothing_heavy():
    code = "import sys, warehouse.load; print([m for m in ('dbt', 'prefect', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
