"""Names, dates, places and texts, with golden frames."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.frames import table
from transforms.dates import date, precision
from transforms.legal_forms import name_key
from transforms.model import FRAMES, SchemaError, conform, split
from transforms.names import folded, trimmed
from transforms.places import coordinate, country, nuts_code
from transforms.text import without_persons, without_persons_in


def test_names_compare_without_accents_signs_and_legal_forms():
    rows = table("""
        name                          | key
        Pôle Véhicule du Futur        | pole vehicule du futur
        LOMARTOV SL                   | lomartov
        Łódź Klaster Sp. z o.o.       | lodz klaster
        SPIE & Söhne GmbH             | spie sohne
        Association XY a.s.b.l.       | association xy
        GmbH                          | gmbh
        Club Ad Astra as One          | club ad astra as one
        Green Synergy Cluster, ООД    | green synergy cluster оод
    """)
    assert_frame_equal(rows.select("name", key=name_key(pl.col("name"))), rows)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name):
    once = pl.DataFrame({"name": [name]}).select(folded(pl.col("name")))
    assert_frame_equal(once.select(folded(pl.col("name"))), once)


@given(st.text(max_size=40))
def test_trimming_leaves_no_blank_at_the_ends(name):
    (found,) = pl.DataFrame({"name": [name]}).select(trimmed(pl.col("name")))["name"].to_list()
    assert found is None or (found == found.strip() and found)


def test_dates_as_portals_write_them():
    rows = table("""
        written                  | date       | precision
        2012-09-01               | 2012-09-01 | day
        Monday, 1 February, 2016 | 2016-02-01 | day
        05 April 2023            | 2023-04-05 | day
        03/07/2023 15 pm CET     | 2023-07-03 | day
        2012-09                  | 2012-09-01 | month
        2012                     | 2012-01-01 | year
        renewed every year       |            |
        2023-02-30               |            |
    """)
    found = rows.select("written", date=date(pl.col("written")).cast(pl.String), precision=precision(pl.col("written")))
    assert_frame_equal(found, rows)


def test_countries_by_code_and_by_name():
    rows = table("""
        word           | country
        EL             | GR
        UK             | GB
        XK             | XK
        Deutschland    | DE
        Pays-Bas       | NL
        Türkiye        | TR
        mk             | MK
        DE;HU          |
        Nowhere        |
    """)
    assert_frame_equal(rows.select("word", country=country(pl.col("word"))), rows)


def test_codes_and_coordinates():
    rows = pl.DataFrame(
        {"place": ["39.47,-0.37", "(48.2, 16.3)", "here", None], "nuts": ["ES523", "es523", "ESX52399", None]}
    )
    found = rows.select(
        lat=coordinate(pl.col("place"), 0), lon=coordinate(pl.col("place"), 1), nuts=nuts_code(pl.col("nuts"))
    )
    assert found.rows() == [(39.47, -0.37, "ES523"), (48.2, 16.3, None), (None, None, None), (None, None, None)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to anna.b@cluster-x.eu now", "Write to [contact] now"),
        ("Mail info [at] cluster (info[at]cluster[dot]eu) please", "Mail [contact] please"),
        ("Call +49 40 1234 5678 today", "Call [contact] today"),
        ("Tel.: 040 123 45 67", "[contact]"),
        ("See linkedin.com/in/somebody-42", "See [contact]"),
        ("said Dr. Anna van der Berg of the board", "said [person] of the board"),
        ("Contact person: Anna Berg", "[person]"),
        ("Director Anna Berg leads it", "[person] leads it"),
        ("the secretary general Anna Berg leads it", "the [person] leads it"),
        ("Director of the cluster", "Director of the cluster"),
        ("45 clusters from 18 countries in 2019", "45 clusters from 18 countries in 2019"),
        ("Grant 101070768 of EUR 1 862 505", "Grant 101070768 of EUR 1 862 505"),
    ],
)
def test_contacts_and_persons_leave_a_text(text, left):
    assert pl.DataFrame({"t": [text]}).select(without_persons(pl.col("t"))).item() == left


def test_rows_that_lack_what_is_required_are_set_aside_with_their_reason():
    rows = table("""
        source | source_id | name
        eccp   | 1         | A
        eccp   |           | B
        eccp   | 3         |
    """)
    kept, rejected = split("network", conform("network", rows).collect())
    assert kept["name"].to_list() == ["A"]
    assert rejected.select("reason", "frame").rows() == [
        ("source_id is missing", "network"),
        ("name is missing", "network"),
    ]
    assert '"name":"B"' in rejected["original"][0]


def test_a_column_that_the_schema_does_not_know_is_our_fault_and_raises():
    with pytest.raises(SchemaError, match="colour"):
        conform("network", pl.DataFrame({"name": ["A"], "colour": ["red"]}))


@pytest.mark.parametrize("name", FRAMES)
def test_an_empty_frame_stays_in_its_schema(name):
    if name != "rejected":
        kept, rejected = split(name, FRAMES[name].empty())
        assert len(kept) == len(rejected) == 0
        assert kept.schema == pl.Schema(FRAMES[name].schema)


def test_short_texts_lose_contacts_and_persons_and_nothing_else():
    rows = pl.DataFrame(
        {
            "name": [
                "Cluster ABC info@abc.example",
                "Hotel Cluster Tirol",
                "Dr. Jane Doe",
                "Cluster X, tel 0170 1234567",
                None,
            ],
            "website": ["https://www.linkedin.com/in/jane-doe", "https://a.example", None, None, "https://b.example"],
        }
    )
    found = without_persons_in(rows, ("name", "website"))
    assert found["name"].to_list() == [
        "Cluster ABC [contact]",
        "Hotel Cluster Tirol",
        "[person]",
        "Cluster X, [contact]",
        None,
    ]
    assert found["website"].to_list() == [None, "https://a.example", None, None, "https://b.example"]
