"""Networks whose dates were looked up in the sources: what follows for their sustainability, and grants by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

LOOKED_UP = list(csv.DictReader((Path(__file__).parent / "sustainability.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", LOOKED_UP, ids=lambda row: row["name"][:40])
def test_sustainability_follows_from_grants_and_dated_signs(release, row):
    found = release.execute(
        "select distinct sustainability from network_typology inner join name on entity_id = network_id where lower(name.name) = lower($name)",
        {"name": row["name"]},
    ).fetchall()
    assert found == [(row["expected"],)], row["looked_up"]


def test_a_network_after_its_grant_shows_when_it_was_last_seen_alive(release):
    ((end, seen, months),) = release.execute(
        "select last_grant_end::varchar, last_sign_of_life::varchar, months_survived from network_typology "
        "inner join network using (network_id) where name = 'Construction21'"
    ).fetchall()
    assert (end, seen, months) == ("2013-12-31", "2017-01-01", 36)


def test_dependence_on_grants_by_hand(release):
    """INNAXE: one grant, 1 July 2022 to 30 June 2024, is all that is known of it."""
    ((granted, active, dependence),) = release.execute(
        "select years_granted, years_active, grant_dependence from network_typology "
        "inner join network using (network_id) where acronym = 'INNAXE'"
    ).fetchall()
    assert granted == active == 2.0
    assert dependence == 1.0
    ((granted, active, dependence),) = release.execute(
        "select years_granted, years_active, grant_dependence from network_typology "
        "inner join network using (network_id) where name = 'Construction21'"
    ).fetchall()
    assert dependence == pytest.approx(granted / active, abs=0.01)
