"""What people decide of facet values: it survives every refresh, the proposal beside it, until the evidence changes."""

from __future__ import annotations

import duckdb
import pytest

from tests.conftest import metaclusters, rebuild


def ask(data, sql):
    with duckdb.connect(str(data / "sandbox" / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_decision_stands_with_the_proposal_beside_it_until_the_evidence_changes(folder):
    ((network, proposed, quote),) = ask(
        folder,
        "select typology.network_id, typology.value, evidence.quote from release.typology inner join release.network "
        "using (network_id) inner join release.evidence using (evidence_id) "
        "where acronym = 'GCCA' and typology.facet = 'integration_level' and typology.phase_id is null",
    )
    assert proposed != "3"
    said = metaclusters(
        "override", "set", "GCCA", "integration_level", "3", "--why", "catalogue seen", "--by", "R7", data=folder
    )
    assert said.status == 0, said.err

    value = f"""
        select value, proposed_value, override_reason, rule_id from release.typology
        where network_id = '{network}' and facet = 'integration_level' and phase_id is null
    """
    queue = f"select cause from release.review_item where network_id = '{network}' and facet = 'integration_level'"
    rebuild(folder)
    assert ask(folder, value) == [("3", proposed, "catalogue seen", "RO")]
    assert ask(folder, f"select integration_level from release.network_typology where network_id = '{network}'") == [
        ("3",)
    ]
    assert ask(folder, queue) == []

    changed = quote.replace("'", "''")
    rebuild(
        folder,
        lambda connection: connection.execute(
            f"update staging.passage set text = replace(text, '{changed}', 'Its members exchange experience.')"
        ),
    )
    assert ask(folder, value)[0][:3:2] == ("3", "catalogue seen")
    assert ask(folder, queue) == [("evidence changed since the decision",)]

    assert metaclusters("override", "unset", "GCCA", "integration_level", data=folder).status == 0
    rebuild(folder)
    assert ask(folder, value)[0][:3] == (proposed, proposed, None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "GCCA", "colour", "3", "--why", "x"), "no facet 'colour'"),
        (("set", "GCCA", "integration_level", "9", "--why", "x"), "no code of integration_level"),
        (("set", "GCCA", "integration_level", "1|2", "--why", "x"), "has one value"),
        (("set", "GCCA", "integration_level", "3"), "needs its reason"),
        (("set", "GCCA", "integration_level", "3", "--why", "ask a.person@b.eu"), "reason is published"),
        (("set", "ESCP-4i", "integration_level", "3", "--why", "x"), "is a programme, not a network"),
        (("set", "No such network", "integration_level", "3", "--why", "x"), "No network is"),
        (("unset", "GCCA", "integration_level"), "Nothing was decided"),
        (("set", "GCCA", "integration_level"), "is no decision that fits"),
        (("same", "GCCA", "integration_level", "3"), "is no decision that fits"),
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence(nights, arguments, says):
    ran = metaclusters("override", *arguments, data=nights.data)
    assert ran.status == 2
    assert says in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_review_lists_close_calls_with_what_they_rest_on(nights):
    found = metaclusters("review", "--json", data=nights.data).document
    assert found["doubtful"] >= len(found["facets"]) > 0
    assert all(row["cause"] == "close call" and row["margin"] < 0.5 for row in found["facets"])
    assert "close call" in metaclusters("review", "--limit", "2", data=nights.data).out
