"""Parts of a source fail each on its own; many that fail are a fault of the source; a budget is no end."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.landing import read_rows
from spiders.parts import Parts
from tests.spiders.crawling import crawl_here


@pytest.mark.parametrize(
    ("asked", "failed", "many"),
    [(5, 0, False), (5, 1, False), (5, 2, True), (1, 1, True), (2, 1, False), (100, 34, False), (100, 35, True)],
)
def test_many_is_all_of_them_or_more_than_a_third(asked, failed, many):
    parts = Parts(0.34, asked={f"list {number}" for number in range(asked)})
    for number in range(failed):
        parts.trouble(f"list {number}", "drifted", "its columns are others")
    assert parts.many is many


def test_parts_that_share_a_fault_give_it_to_the_source():
    parts = Parts(0.34, asked={"a", "b"})
    parts.trouble("a", "refused_by_robots", "https://a.example/")
    parts.trouble("b", "refused_by_robots", "https://b.example/")
    assert parts.fault() == ("refused_by_robots", "2 of 2 parts failed, first: https://a.example/")
    assert Parts(0.34, {"a"}, {"a": ("drifted", "no table")}).fault()[0] == "drifted"


def test_a_list_that_moved_keeps_its_rows_and_harms_no_other(harvest_twin):
    from spiders.sandbox.server import Answer
    from spiders.structural_funds import twin as lists

    def files(harvest):
        return {row["source_id"] for row in read_rows(Path(harvest.folder))}

    first, _ = harvest_twin("structural_funds")
    whole = lists.answer
    try:
        lists.answer = lambda request, night: (
            Answer(b"<html><body>We have moved.</body></html>")
            if request.host == "www.strukturfonds.sachsen.de"
            else whole(request, night)
        )
        second, _ = harvest_twin("structural_funds", night=2)
    finally:
        lists.answer = whole
    assert second.good
    assert files(second) == files(first)
    assert [note for note in second.notes if "DED" in note]


def test_a_night_whose_budget_is_used_up_is_gone_on_with_in_the_next(tmp_path):
    """What is known is kept, the rest comes later."""
    from spiders.cordis.spider import Portal

    read: list[int] = []
    previous = None
    for _ in range(3):
        faults, landing, notes = crawl_here(Portal, "cordis", previous, {}, pages=12)
        assert faults == []
        assert any("budget" in note for note in notes)
        read.append(len(landing.pages))
        previous = landing.folder
    assert 0 < read[0] < read[1] <= read[2]
