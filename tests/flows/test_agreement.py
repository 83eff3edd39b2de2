"""Agreement between coders: worked cases, published figures, a second formula, and what the reader refuses."""

from __future__ import annotations

import json
from itertools import combinations, permutations
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.agreement import _t, agreement, print_agreement, read_codes
from flows.problems import Problem

HEADING = "unit_id,facet,coder,code\n"
ORDER = ["national-transregional", "trans-border", "european", "worldwide"]


def rows(facet, *units):
    """Rows of units that are the codes of coder a, b, c and so on."""
    return [
        (f"u{at}", facet, coder, str(code))
        for at, codes in enumerate(units)
        for coder, code in zip("abcdefgh", codes, strict=False)
    ]


def one(facet, *units):
    (found,) = agreement(rows(facet, *units))
    return found


def masi(left, right):
    left, right = set(left.split("|")), set(right.split("|"))
    shared = left & right
    kind = 1 if left == right else 2 / 3 if shared in (left, right) else 1 / 3 if shared else 0
    return 1 - len(shared) / len(left | right) * kind


def brute_alpha(facet, units):
    """Alpha straight from its definition: differences within units over differences between any two codes."""
    units = [[code for code in codes if code] for codes in units]
    if facet == "geographic_coverage":
        units = [[ORDER.index(code) for code in codes if code != "unknown"] for codes in units]
    units = [codes for codes in units if len(codes) > 1]
    every = [code for codes in units for code in codes]

    def apart(left, right):
        if facet == "funding":
            return masi(left, right)
        if facet == "legal_form" or left == right:
            return float(left != right)
        low, high = sorted((left, right))
        return (sum(low <= code <= high for code in every) - (every.count(low) + every.count(high)) / 2) ** 2

    def mean(codes):
        return sum(apart(*two) for two in permutations(codes, 2)) / (len(codes) * (len(codes) - 1))

    if len(set(every)) < 2:
        return None
    return 1 - sum(len(codes) * mean(codes) for codes in units) / len(every) / mean(every)


CODES = {
    "geographic_coverage": [*ORDER, "unknown", ""],
    "funding": ["fees", "eu_project", "eu_project|fees", "fees|services", "public|fees|services", "unknown", ""],
    "legal_form": ["association", "none", "unknown", ""],
}
coded = st.sampled_from(sorted(CODES)).flatmap(
    lambda facet: st.tuples(
        st.just(facet), st.lists(st.lists(st.sampled_from(CODES[facet]), min_size=3, max_size=3), max_size=9)
    )
)


def found_in(facet, units):
    """The facet's agreement; None where fewer than two coders coded at all."""
    if sum(any(codes) for codes in zip(*units, strict=True)) < 2:
        return None
    return one(facet, *units)


@given(coded)
def test_alpha_agrees_with_its_definition(drawn):
    facet, units = drawn
    if found := found_in(facet, units):
        expected = brute_alpha(facet, units)
        assert found.alpha == (expected if expected is None else pytest.approx(expected, abs=1e-9))


@given(coded, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_names_of_coders_matter(drawn, chance):
    facet, units = drawn
    if found := found_in(facet, units):
        names = dict(zip("abc", chance.sample("xyz", 3), strict=True))
        again = [(unit, facet, names[coder], code) for unit, facet, coder, code in rows(facet, *units)]
        chance.shuffle(again)
        (other,) = agreement(again)
        for figure in ("alpha", "ac1", "kappa", "agreement", "interval", "prevalence", "units", "pairs"):
            assert getattr(other, figure) == pytest.approx(getattr(found, figure))


@given(coded)
def test_alpha_is_one_where_the_coders_never_differ_and_only_there(drawn):
    facet, units = drawn
    found = found_in(facet, units)
    if found and found.alpha is not None:
        missing = {"", "unknown"} if facet == "geographic_coverage" else {""}
        differ = any(
            set(left.split("|")) != set(right.split("|"))
            for codes in units
            for left, right in combinations([code for code in codes if code not in missing], 2)
        )
        assert (found.alpha == 1) == (not differ)
        assert found.alpha <= 1
        if found.interval:
            assert -1 <= found.interval[0] <= found.alpha <= found.interval[1] <= 1


def test_where_nearly_all_have_one_code_ac1_is_high_and_alpha_is_not():
    found = one("legal_form", *[("association", "association")] * 18, ("association", "none"), ("none", "association"))
    assert found.agreement == pytest.approx(0.9)
    assert found.kappa == pytest.approx(-0.053, abs=5e-4)
    assert found.alpha == pytest.approx(-0.026, abs=5e-4)
    assert found.ac1 == pytest.approx(0.890, abs=5e-4)
    assert found.prevalence == {"association": 0.95, "none": 0.05}
    assert found.labels == ("association", "none")
    assert found.table == ((18, 1), (1, 0))
    assert found.interval[0] < found.alpha < found.interval[1]


@pytest.mark.parametrize(
    ("last", "ordinal", "nominal"),
    [([(1, 2), (3, 2)], 0.694, 0.511), ([(1, 3), (3, 1)], 0.083, 0.542)],
)
def test_an_ordinal_facet_minds_how_far_codes_are_apart(last, ordinal, nominal):
    units = [(1, 1), (2, 2), (2, 2), (3, 3), *last]
    assert one("integration_level", *units).level == "ordinal"
    assert one("integration_level", *units).alpha == pytest.approx(ordinal, abs=5e-4)
    assert one("sector_coverage", *units).level == "nominal"
    assert one("sector_coverage", *units).alpha == pytest.approx(nominal, abs=5e-4)


def test_four_coders_with_codes_missing_as_published():
    """Krippendorff's own example, of which Gwet's handbook gives AC1."""
    coders = ("123321412   ", "1233224125 3", " 3332342251 ", "12332441251 ")
    units = zip(*coders, strict=True)
    found = one("legal_form", *units)
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert found.ac1 == pytest.approx(0.775, abs=5e-4)
    assert (found.units, found.single, found.kappa) == (11, 1, None)
    assert found.table_of == "coincidence"
    assert sum(map(sum, found.table)) == pytest.approx(40)
    assert found.table[0] == pytest.approx((7, 4 / 3, 1 / 3, 1 / 3, 0))


def test_two_coders_as_published():
    units = zip("aabbdcccedda", "babbbccceddd", strict=True)
    assert one("legal_form", *units).alpha == pytest.approx(0.692, abs=5e-4)


def test_sets_that_overlap_differ_less_than_sets_that_do_not():
    same = [("fees", "fees"), ("public", "public"), ("services|fees", "fees | services|fees")]
    within = one("funding", *same, ("fees|public", "fees"))
    across = one("funding", *same, ("fees|public", "fees|services"))
    apart = one("funding", *same, ("public", "fees"))
    assert within.level == "set"
    assert 1 > within.alpha > across.alpha > apart.alpha
    assert within.agreement == 0.75
    assert within.prevalence == {"fees": 6 / 8, "public": 3 / 8, "services": 2 / 8}
    assert within.labels == ("fees", "fees|public", "fees|services", "public")


def test_perfect_agreement_has_no_interval():
    found = one("integration_level", (1, 1), (2, 2), (3, 3))
    assert (found.agreement, found.alpha, found.kappa, found.ac1, found.interval) == (1, 1, 1, 1, None)


def test_one_code_alone_leaves_alpha_and_kappa_open():
    found = one("legal_form", *[("association", "association")] * 4)
    assert (found.agreement, found.alpha, found.kappa, found.ac1, found.interval) == (1, None, None, 1, None)


def test_an_interval_that_hangs_on_one_unit_is_not_given():
    found = one("legal_form", *[("association", "association")] * 9, ("association", "none"))
    assert found.alpha == 0
    assert found.interval is None


def test_the_interval_is_the_jackknife_s():
    units = [("1", "1"), ("2", "2"), ("2", "2"), ("3", "3"), ("1", "2"), ("3", "2"), ("1", "1"), ("2", "3")]
    units = [tuple(ORDER[int(code)] for code in codes) for codes in units]
    found = one("geographic_coverage", *units)
    pseudo = [
        8 * brute_alpha("geographic_coverage", units)
        - 7 * brute_alpha("geographic_coverage", units[:at] + units[at + 1 :])
        for at in range(8)
    ]
    half = 2.365 * stdev(pseudo) / 8**0.5
    assert found.interval == pytest.approx((found.alpha - half, min(found.alpha + half, 1)))


@pytest.mark.parametrize(
    ("freedom", "point"), [(1, 12.706), (9, 2.262), (10, 2.228), (19, 2.093), (29, 2.045), (120, 1.980)]
)
def test_points_of_student_s_t(freedom, point):
    assert _t(freedom) == pytest.approx(point, abs=6e-4)


def test_missing_codes_leave_their_unit_out_where_one_coder_is_left():
    found = one("legal_form", ("x", "x"), ("x", ""), ("", " "), ("y", "y"), ("y", "x"))
    assert (found.units, found.single, found.pairs) == (3, 1, 3)
    assert found.alpha == pytest.approx(one("legal_form", ("x", "x"), ("y", "y"), ("y", "x")).alpha)
    assert found.prevalence == {"x": 0.5, "y": 0.5}


def test_unknown_is_missing_for_alpha_in_an_ordinal_facet_and_a_code_elsewhere():
    units = [(1, 1), (2, 2), (2, 1), (3, 3), (3, "unknown"), ("unknown", "unknown")]
    found = one("integration_level", *units)
    assert (found.units, found.alpha_units, found.unknown) == (6, 4, 3)
    assert found.alpha == one("integration_level", *units[:4]).alpha
    assert found.agreement == pytest.approx(4 / 6)
    assert found.labels == ("1", "2", "3", "unknown")
    assert found.prevalence["unknown"] == 0.25
    elsewhere = one("legal_form", *units)
    assert (elsewhere.units, elsewhere.alpha_units, elsewhere.unknown) == (6, 6, 0)
    assert elsewhere.alpha < 1


def test_three_coders_weigh_a_unit_by_its_codings():
    found = one("legal_form", ("x", "x", "y"), ("y", "y", "y"), ("x", "x", ""))
    assert (found.coders, found.units, found.pairs) == (("a", "b", "c"), 3, 7)
    assert found.agreement == pytest.approx(5 / 7)
    assert found.table == ((3, 1), (1, 3))
    assert found.kappa is None


def test_facets_come_by_name_also_one_that_a_single_coder_coded():
    found = agreement([*rows("sector_coverage", ("x", "x")), *rows("legal_form", ("x",)), *rows("funding", ("",))])
    assert [facet.facet for facet in found] == ["funding", "legal_form", "sector_coverage"]
    assert [(facet.units, facet.agreement, facet.alpha, facet.ac1) for facet in found[:2]] == [
        (0, None, None, None)
    ] * 2


@pytest.fixture
def write(tmp_path):
    """A CSV of codes with this content."""

    def run(content, encoding="utf-8"):
        file = tmp_path / "codes.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return file

    return run


LINES = "u1,legal_form,a,x\nu1,legal_form,b,x\nu2,legal_form,a,é\nu2,legal_form,b,x\n"


@pytest.mark.parametrize(
    "content",
    [
        (HEADING + LINES).encode(),
        (HEADING + LINES).encode("utf-8-sig"),
        (HEADING + LINES).replace("\n", "\r\n").encode(),
        (HEADING + LINES).replace(",", ";").encode(),
        ("\n Unit_ID,FACET,coder,code\n" + LINES + "\n\n").encode(),
    ],
)
def test_lists_are_read_however_they_were_saved(write, content, capsys):
    assert read_codes(write(content)) == [
        ("u1", "legal_form", "a", "x"),
        ("u1", "legal_form", "b", "x"),
        ("u2", "legal_form", "a", "é"),
        ("u2", "legal_form", "b", "x"),
    ]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("unit_id,facet,code\n", "no column coder; it has unit_id, facet, code"),
        ("a\n", "no column unit_id and facet and coder and code"),
        (HEADING, "no rows that can be used"),
        (HEADING + ",legal_form,a,x\n", "no rows that can be used"),
        (HEADING + "u1,legal_form,a,\n", "There is no code"),
        (HEADING + "u1,legal_form,a,x\nu1,legal_form,b,\n", "only one coder, a;"),
        (HEADING + LINES + "u1,legal_form,a,y\n", "u1, legal_form: a coded it 'x' and 'y'"),
        (HEADING + "u1,integration_level,a,4\n", "u1, integration_level: '4' is none of 1, 2, 3 and unknown"),
        (HEADING + "u1,integration_level,a,1|2\n", "'1|2' is none of"),
        (HEADING + 'u1,"legal_form,a,x\n', "is no CSV that can be read"),
        ((HEADING + LINES).encode("cp1252"), "is not in UTF-8"),
    ],
)
def test_errors_are_one_sentence_that_names_the_file(write, content, says):
    with pytest.raises(Problem) as caught:
        print_agreement(write(content), as_json=False)
    assert says in str(caught.value)
    assert str(caught.value).startswith("codes.csv")
    assert "\n" not in str(caught.value)
    assert caught.value.code == 2


def test_a_file_that_is_not_there(tmp_path):
    for file in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Problem, match="There is no file"):
            print_agreement(file, as_json=False)


def test_the_same_row_twice_is_one(write):
    once, twice = (agreement(read_codes(write(HEADING + LINES * times))) for times in (1, 2))
    assert once == twice


def test_rows_that_cannot_be_used_are_said_and_left_out(write, capsys):
    bad = ",legal_form,a,x\nu3,,,x\nu3,legal_form,a,x,y\nu3\n,,,\n"
    assert print_agreement(write(HEADING + bad + LINES), as_json=True) == 0
    ran = capsys.readouterr()
    assert ran.err.splitlines() == [
        "codes.csv, line 2: no unit_id, left out",
        "codes.csv, line 3: no facet and no coder, left out",
        "codes.csv, line 4: more cells than columns, left out",
        "codes.csv, line 5: no facet and no coder, left out",
        "codes.csv, line 6: no unit_id and no facet and no coder, left out",
        "codes.csv: 5 of 9 rows left out",
        "codes.csv: legal_form has no code x, é in the code book, compared as it stands",
    ]
    assert json.loads(ran.out)["facets"][0]["units"] == 2


def test_a_facet_that_the_code_book_lacks_is_said(write, capsys):
    assert print_agreement(write(HEADING + LINES.replace("legal_form", "legal_from")), as_json=True) == 0
    assert "no facet 'legal_from' in the code book" in capsys.readouterr().err


def printed(capsys, write, lines):
    content = HEADING + "".join(",".join(line) + "\n" for line in lines)
    assert print_agreement(write(content), as_json=False) == 0
    return capsys.readouterr().out


def test_figures_are_printed(capsys, write):
    units = [(1, 1), (1, 2), (2, 2), (2, 2), (3, 3), (3, 2), (3, "unknown")]
    out = printed(capsys, write, rows("integration_level", *units)).splitlines()
    assert out[0] == "integration_level (ordinal: 1 < 2 < 3)"
    assert out[1] == "  7 units coded twice or more, 0 once; 2 coders"
    assert out[2] == "  agreement      57.1% of 7 pairs"
    assert out[3].startswith("  alpha          0.694  (95 %: ")
    assert out[4].startswith("  Cohen's kappa  0.")
    assert out[5].startswith("  Gwet's AC1     0.")
    assert out[6] == "  unknown 1 time: missing for alpha, which rests on 6 units"
    assert ["2", "42.9%"] in [line.split() for line in out]
    assert any(line.split() == ["a", "down,", "b", "across", "1", "2", "3", "unknown"] for line in out)
    assert out[-1].split() == ["unknown", "0", "0", "0", "0"]


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ([("x", "x"), ("y", "y")], "1.000  (no interval: the coders never differ)"),
        ([("x", "x"), ("x", "x")], "none  (fewer than two codes occur)"),
        ([("x", "x"), ("x", "y")], "0.000  (no interval: it hangs on one unit)"),
        ([("x", ""), ("", "x")], "no unit has two codes to compare"),
        ([("x", "x", "y"), ("x", "y", "y")], "coincidences"),
    ],
)
def test_a_figure_that_cannot_be_had_is_said_why(capsys, write, units, says):
    assert says in printed(capsys, write, rows("legal_form", *units))


def test_many_codes_are_printed_in_lines(capsys, write):
    units = [(f"x{at}", f"x{at}") for at in range(9)]
    out = printed(capsys, write, rows("legal_form", *units, ("x1", "x2")))
    assert ["x1", "x2", "1"] in [line.split() for line in out.splitlines()]
    assert ["x1", "x3", "0"] not in [line.split() for line in out.splitlines()]


@pytest.mark.real
def test_the_article_s_networks(shared, capsys):
    file = shared / "typology" / "codes.csv"
    if not file.is_file():
        pytest.skip("no codes beside the checkout")
    assert print_agreement(file, as_json=True) == 0
    ran = capsys.readouterr()
    assert ran.err == ""
    found = {facet["facet"]: facet for facet in json.loads(ran.out)["facets"]}
    assert set(found) == {"geographic_coverage", "integration_level", "sector_coverage"}
    assert {facet["units"] for facet in found.values()} == {30}
    assert {tuple(facet["coders"]) for facet in found.values()} == {("coder_1", "coder_2")}
    level = found["integration_level"]
    assert level["table"] == [[9, 1, 0], [0, 15, 0], [0, 0, 5]]
    assert level["agreement"] == pytest.approx(29 / 30)
    assert level["alpha"] == pytest.approx(0.959, abs=5e-4)
    assert level["kappa"] == pytest.approx(0.945, abs=5e-4)
    assert level["ac1"] == pytest.approx(0.952, abs=5e-4)
    assert level["interval"] == pytest.approx([0.872, 1], abs=5e-4)
    for facet in ("geographic_coverage", "sector_coverage"):
        assert (found[facet]["alpha"], found[facet]["interval"]) == (1, None)
