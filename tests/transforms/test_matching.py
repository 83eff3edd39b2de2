"""Each kind of variant and each trap, in names that a person can judge; clusters against networkx on random graphs."""

from __future__ import annotations

import networkx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.identity.clusters import DECIDED, cluster, components
from transforms.identity.matcher import match
from transforms.identity.organisations import pairs_of, scored
from transforms.identity.score import JOIN, load, log_odds
from transforms.identity.spelling import latin, without_legal_form

ASKED = -2.2  # log-odds from which `review` lists a pair: one in ten
# Names of public bodies as CORDIS, Kohesio and their own sites write them; the last is the street.
ONE = {
    "mojibake": (("Universität Zürich", "CH", "Zürich", ""), ("Universit√§t Z√ºrich", "CH", "Zurich", "")),
    "mojibake of windows": (("Ecole Supérieure des Cèdres", "FR", "Lyon", ""), ("Ecole SupÃ©rieure des CÃ¨dres", "FR", "Lyon", "")),
    "cyrillic": (
        ("Сдружение Клъстер Информационни и Комуникационни Технологии Благоевград", "BG", "Благоевград", "Ивана Михайлова 66"),
        ("Cluster Information and Communication Technologies Blagoevgrad", "BG", "Blagoevgrad", "Ivana Mihaylova 66"),
    ),
    "greek": (("ΠΑΝΕΠΙΣΤΗΜΙΟ ΠΑΤΡΩΝ", "EL", "Πάτρα", ""), ("Panepistimio Patron", "GR", "Patra", "")),
    "acronym only": (("VTT", "FI", "Espoo", "Vuorimiehentie 3"), ("Teknologian tutkimuskeskus VTT Oy", "FI", "Espoo", "Vuorimiehentie 3")),
    "glued words": (("Silicon Saxony e.V.", "DE", "Dresden", "Manfred-von-Ardenne-Ring 20"), ("SiliconSaxony", "DE", "Dresden", "Manfred von Ardenne Ring 20")),
    "ue for ü": (("Fördergesellschaft für Bioenergie München GmbH", "DE", "München", ""), ("Foerdergesellschaft fuer Bioenergie Muenchen", "DE", "Muenchen", "")),
    "legal form left out": (("Asociación Clúster Audiovisual de Galicia AISBL", "ES", "A Coruña", ""), ("Clúster Audiovisual de Galicia", "ES", "A Coruña", "")),
    "legal form with points": (("Polymeris S.R.L.", "IT", "Milano", ""), ("Polymeris", "IT", "Milan", "")),
    "translated": (("Universität Wien", "AT", "Wien", "Universitätsring 1"), ("University of Vienna", "AT", "Vienna", "Universitaetsring 1")),
}  # fmt: skip
TWO = {
    "department of a university": (
        ("Universität Stuttgart", "DE", "Stuttgart", "Keplerstrasse 7"),
        ("Universität Stuttgart, Institut für Feuerungs- und Kraftwerkstechnik", "DE", "Stuttgart", "Pfaffenwaldring 23"),
    ),
    "clusters in neighbouring cities": (("Wood Cluster Innsbruck", "AT", "Innsbruck", ""), ("Wood Cluster Salzburg", "AT", "Salzburg", "")),
    "same name in two countries": (("Food Cluster", "DK", "Aarhus", ""), ("Food Cluster", "BE", "Gent", "")),
    "other legal form at another address": (("Energia SA", "PL", "Gdansk", "Dluga 1"), ("Fundacja Energia", "PL", "Krakow", "Rynek 5")),
    "other body with a like name": (("MedicalMountains GmbH", "DE", "Tuttlingen", ""), ("MEDICALVALUES GMBH", "DE", "Karlsruhe", "")),
    "region and the network of the region": (("INTERBIO Nouvelle-Aquitaine", "FR", "Bordeaux", ""), ("REGION NOUVELLE-AQUITAINE", "FR", "Bordeaux", "")),
}  # fmt: skip


def scores(cases, sourced=True):
    """Log-odds of each pair, all in one list as two registers would bring them; None for one that was not compared."""
    rows = [
        {"record": f"{case}/{side}", "source": side if sourced else "", "name": name, "country": country, "city": city, "street": street}
        for case, pair in cases.items()
        for side, (name, country, city, street) in zip(("one", "other"), pair, strict=True)
    ]  # fmt: skip
    found = match(pl.DataFrame(rows))
    records = found.units["records"].list.first()
    compared = {
        frozenset((records[left], records[right])): total
        for left, right, total in zip(found.pairs["l"], found.pairs["r"], scored(found), strict=True)
    }
    return {case: compared.get(frozenset((f"{case}/one", f"{case}/other"))) for case in cases}


@pytest.fixture(scope="module")
def found():
    return scores({**ONE, **TWO})


@pytest.mark.parametrize("case", ONE)
def test_spellings_of_one_body_are_joined_or_asked_about(found, case):
    """Translated into another alphabet, or an acronym alone: `review` lists them, for nobody knows from the names."""
    assert found[case] is not None
    assert found[case] > (ASKED if case in ("cyrillic", "acronym only") else JOIN)


@pytest.mark.parametrize("case", TWO)
def test_two_bodies_stay_two(found, case):
    assert found[case] is None or found[case] <= JOIN


def test_without_a_source_nothing_is_assumed_about_it():
    """A user's list may hold a body many times: what stays two among registers stays two there."""
    alone = scores(TWO, sourced=False)
    assert all(total is None or total <= JOIN for total in alone.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Universit√§t", "universitat"), ("CÃ¨dres", "cedres"), ("ΠΑΤΡΩΝ", "patron"), ("Øresund", "oresund"), ("Straße", "strasse"), ("Łódź", "lodz")],
)  # fmt: skip
def test_letters_become_latin(text, expected):
    assert latin(pl.Series([text])).to_list() == [expected]


@pytest.mark.parametrize(
    ("name", "bare", "form"),
    [
        ("polymeris srl", "polymeris", "limited"),
        ("fundacja energia", "energia", "found"),
        ("gmbh", "gmbh", ""),
        ("silicon saxony ev", "silicon saxony", "assoc"),
    ],
)
def test_legal_forms_are_cut_and_kept_apart(name, bare, form):
    rest, kind = without_legal_form(pl.Series([name]))
    assert rest.to_list() == [bare]
    assert form == "" or kind.to_list() == [form]


def test_an_official_number_joins_and_two_of_one_scheme_part():
    rows = [
        {"record": "a", "source": "x", "name": "Leosphere SAS", "country": "FR", "marks": "PIC:1"},
        {"record": "b", "source": "y", "name": "Vaisala France SAS", "country": "FR", "marks": "PIC:1"},
        {"record": "c", "source": "z", "name": "Leosphere SAS", "country": "FR", "marks": "PIC:2"},
    ]
    found = {
        tuple(sorted((left, right))): total for left, right, total, _ in pairs_of(match(pl.DataFrame(rows))).rows()
    }
    assert found["a", "b"] > JOIN
    assert ("a", "c") not in found or found["a", "c"] <= JOIN


def test_the_terms_of_a_pair_sum_up_to_its_score():
    """What `explain` shows is what decided: only terms too small to say and the start are left out."""
    rows = [{"record": f"{case}/{side}", "source": str(side), "name": pair[side][0], "country": pair[side][1], "city": pair[side][2]} for case, pair in ONE.items() for side in (0, 1)]  # fmt: skip
    found = match(pl.DataFrame(rows))
    whole = log_odds(load()[2], found.pairs)
    assert np.allclose(whole, found.log_odds)
    start = float(load()[2]["start"][0])
    for _, _, total, terms in pairs_of(found).rows():
        assert total == pytest.approx(start + sum(term["weight"] for term in terms), abs=0.15 * 28)
        assert all(term["term"] for term in terms)


def test_the_order_of_rows_and_a_row_twice_change_nothing():
    rows = pl.DataFrame([{"record": f"{case}{side}", "source": side, "name": pair[at][0], "country": pair[at][1], "city": pair[at][2]} for case, pair in ONE.items() for at, side in enumerate("ab")])  # fmt: skip

    def joined(table):
        return {frozenset((left, right)) for left, right, total, _ in pairs_of(match(table)).rows() if total > JOIN}

    again = rows.with_columns(record=pl.col("record") + "-again")
    assert joined(rows.reverse()) == joined(rows)
    assert len(match(pl.concat([rows, again])).units) == len(rows)


graphs = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            unique=True,
            max_size=20,
        ),
    )
)


@given(graphs)
def test_components_are_those_of_networkx(graph):
    n, edges = graph
    left, right = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    mine = components(n, left, right)
    theirs = networkx.Graph()
    theirs.add_nodes_from(range(n))
    theirs.add_edges_from(edges)
    for group in networkx.connected_components(theirs):
        assert {int(mine[node]) for node in group} == {min(group)}


@given(graphs, st.data())
@settings(deadline=None)
def test_a_group_is_connected_and_every_record_has_one(graph, data):
    """With pairs unseen costing nothing, clusters are the components of the joined pairs; else parts of them."""
    n, edges = graph
    weights = data.draw(st.lists(st.floats(-5, 5), min_size=len(edges), max_size=len(edges)))
    left, right = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    score = np.array(weights, dtype=np.float64)
    joins = score > 0
    whole = components(n, left[joins], right[joins])
    strict = cluster(n, left, right, score)
    for node in range(n):
        assert whole[strict[node]] == whole[node]
    if (score > 0).all():
        assert (cluster(n, left, right, score, unseen=0.0) == whole).all()


def test_one_weak_bridge_joins_no_two_groups():
    left, right = np.array([0, 0, 1, 3, 3, 4, 2]), np.array([1, 2, 2, 4, 5, 5, 3])
    strong = np.array([5.0, 5, 5, 5, 5, 5, 0.5])
    assert cluster(6, left, right, strong).tolist() == [0, 0, 0, 3, 3, 3]


def test_a_decision_outweighs_any_number_of_pairs():
    left, right = np.array([0, 0, 1, 1, 0]), np.array([2, 3, 2, 3, 1])
    score = np.array([9.0, 9, 9, 9, -DECIDED])
    found = cluster(4, left, right, score)
    assert found[0] != found[1]
