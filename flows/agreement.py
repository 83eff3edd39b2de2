"""Agreement between coders: how far people, or a person and the rules, give the same units the same codes.

Each facet gets its share of agreeing pairs, Krippendorff's alpha with an interval, Cohen's kappa where two coders coded
it, Gwet's AC1, how often each code was given, and the table of who said what.  Read them together: where nearly all
units have one code, alpha and kappa are near zero although the coders hardly differ, and AC1 is not.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from expectations.code_book import FACETS, SEVERAL
from flows.problems import Problem
from flows.terminal import as_document, table

COLUMNS = ("unit_id", "facet", "coder", "code")
UNKNOWN = "unknown"
ORDERS = {
    "integration_level": ("1", "2", "3"),
    "geographic_coverage": ("national-transregional", "trans-border", "european", "worldwide"),
}
SETS = frozenset(SEVERAL)
# 97.5 % points of Student's t with 1 to 9 degrees of freedom; from 10 on the series of `_t` has three decimals right.
FEW = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
WIDE = 8  # codes that a printed table has columns for

Row = tuple[str, str, str, str]  # unit_id, facet, coder, code
Units = dict[str, dict[str, str]]  # unit, coder: code
Counts = NDArray[np.int64]  # a row a unit, a column a code: how many coders gave it
Reals = NDArray[np.float64]
Distance = Callable[[Counts], Reals]  # how often each code was given: how far each code is from each


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetAgreement:
    """How far the coders of one facet agree; None stands where a figure cannot be had.

    `units` were coded by two coders or more, `single` by one alone.  `agreement` is the share of agreeing ones among
    all `pairs` of codes of one unit.  `prevalence` is the share of those units' codings that name a code; where a
    coding may name several, the shares add up to more than one.  `alpha` counts `unknown` in an ordinal facet as
    missing: `unknown` codings were, and `alpha_units` units are left.  `interval` holds alpha with 95 %.  `kappa` is
    for two coders.  `table` has a row and a column a label: of the first and second coder (`confusion`), or, with more
    coders, how often two codes met in one unit, each unit by its number of codings (`coincidence`).
    """

    facet: str
    level: str
    coders: tuple[str, ...]
    units: int
    single: int
    pairs: int
    agreement: float | None
    prevalence: dict[str, float]
    alpha: float | None
    interval: tuple[float, float] | None
    alpha_units: int
    unknown: int
    kappa: float | None
    ac1: float | None
    table_of: str
    labels: tuple[str, ...]
    table: tuple[tuple[float, ...], ...]


def agreement(rows: Iterable[Row]) -> list[FacetAgreement]:
    """The agreement on each facet, by name, of rows (unit_id, facet, coder, code); raises Problem for what is no coding.

    An empty code is a missing one; several codes of one unit are separated by `|`, in any order.
    """
    facets: dict[str, Units] = {}
    for unit, facet, coder, text in rows:
        units = facets.setdefault(facet, {})
        if not (code := _code(unit, facet, text)):
            continue
        if (before := units.setdefault(unit, {}).setdefault(coder, code)) != code:
            raise Problem(
                f"{unit}, {facet}: {coder} coded it '{before}' and '{code}'; leave one row of the two.", code=2
            )
    coders = {coder for units in facets.values() for codes in units.values() for coder in codes}
    if not coders:
        raise Problem("There is no code; give rows of unit_id, facet, coder and code.", code=2)
    if len(coders) == 1:
        raise Problem(f"There is only one coder, {coders.pop()}; agreement takes two or more.", code=2)
    return [_facet(facet, facets[facet]) for facet in sorted(facets)]


def _code(unit: str, facet: str, text: str) -> str:
    """A code as it compares: several ones sorted, each once."""
    code = "|".join(sorted({part.strip() for part in text.split("|")} - {""}))
    order = ORDERS.get(facet)
    if code and order and code not in (*order, UNKNOWN):
        raise Problem(f"{unit}, {facet}: '{code}' is none of {', '.join(order)} and {UNKNOWN}.", code=2)
    return code


def _facet(facet: str, units: Units) -> FacetAgreement:
    labels = _labels(facet, units)
    each = [[list(codes.values()).count(label) for label in labels] for _, codes in sorted(units.items())]
    counts = np.array(each, dtype=np.int64).reshape(len(units), len(labels))
    twice = _pairable(counts)
    scale = [at for at, label in enumerate(labels) if facet not in ORDERS or label != UNKNOWN]
    for_alpha = _pairable(counts[:, scale])
    distance = _distance(facet, labels)
    alpha = _alpha(for_alpha, np.ones(len(for_alpha), dtype=np.int64), distance)
    coders = tuple(sorted({coder for codes in units.values() for coder in codes}))
    confusion = _confusion(units, labels, coders) if len(coders) == 2 else None
    return FacetAgreement(
        facet=facet,
        level="ordinal" if facet in ORDERS else "set" if facet in SETS else "nominal",
        coders=coders,
        units=len(twice),
        single=len(counts) - len(twice),
        pairs=int(_pairs(twice.sum(axis=1)).sum()),
        agreement=_share(int(_pairs(twice).sum()), int(_pairs(twice.sum(axis=1)).sum())),
        prevalence=_prevalence(facet, labels, twice),
        alpha=alpha,
        interval=_interval(alpha, for_alpha, distance),
        alpha_units=len(for_alpha),
        unknown=int(counts[:, labels.index(UNKNOWN)].sum()) if len(scale) < len(labels) else 0,
        kappa=None if confusion is None else _kappa(confusion),
        ac1=_ac1(counts, twice),
        table_of="coincidence" if confusion is None else "confusion",
        labels=labels,
        table=_tuples(_coincidences(twice) if confusion is None else confusion),
    )


def _labels(facet: str, units: Units) -> tuple[str, ...]:
    """The codes that occur, in the order of the scale where there is one."""
    found = {code for codes in units.values() for code in codes.values()}
    if facet in ORDERS:
        return tuple(code for code in (*ORDERS[facet], UNKNOWN) if code in found)
    return tuple(sorted(found))


def _pairable(counts: Counts) -> Counts:
    """The units with two codings or more."""
    twice: Counts = counts[counts.sum(axis=1) >= 2]
    return twice


def _pairs(counts: Counts) -> Counts:
    return counts * (counts - 1) // 2


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _prevalence(facet: str, labels: tuple[str, ...], twice: Counts) -> dict[str, float]:
    """The share of codings that name each code; in a set facet a coding names each code of its set."""
    given = dict(zip(labels, twice.sum(axis=0).tolist(), strict=True))
    parts = {label: label.split("|") if facet in SETS else [label] for label in labels}
    codes = sorted({part for label in labels for part in parts[label]}) if facet in SETS else labels
    total = sum(given.values())
    return {code: sum(n for label, n in given.items() if code in parts[label]) / total for code in codes if total}


def _distance(facet: str, labels: tuple[str, ...]) -> Distance:
    if facet in ORDERS:
        return _ordinal
    if facet not in SETS:
        return lambda given: 1.0 - np.eye(len(given))
    sets = np.array([[_masi(left, right) for right in labels] for left in labels]).reshape(len(labels), len(labels))
    return lambda given: sets


def _ordinal(given: Counts) -> Reals:
    """Codes of a scale are as far apart as there are codings between them, squared."""
    place = np.cumsum(given) - given / 2
    return np.square(np.subtract.outer(place, place))


def _masi(left: str, right: str) -> float:
    """Passonneau's distance of two sets: 1 less what they share, weighed 2/3 where one holds the other, else 1/3."""
    one, other = set(left.split("|")), set(right.split("|"))
    weight = 1.0 if one == other else 2 / 3 if one < other or other < one else 1 / 3
    return 1.0 - weight * len(one & other) / len(one | other)


def _alpha(counts: Counts, times: Counts, distance: Distance) -> float | None:
    """Krippendorff's alpha of rows that stand `times` times; None where fewer than two codes occur."""
    given = times @ counts
    apart = distance(given)
    expected = float(given @ apart @ given)
    if not expected:
        return None
    observed = times @ (((counts @ apart) * counts).sum(axis=1) / (counts.sum(axis=1) - 1))
    return 1.0 - float(given.sum() - 1) * float(observed) / expected


def _interval(alpha: float | None, counts: Counts, distance: Distance) -> tuple[float, float] | None:
    """Alpha's 95 % interval, its width from the jackknife that leaves out one unit at a time; within -1 and 1.

    There is none where the coders never differ, for then no unit left out changes anything, nor where a single unit
    holds every other code, for without it there is no alpha.  Alpha stays the centre: that of the pseudo-values covers
    the truth no more often in simulation, and can leave alpha near the edge.
    """
    if alpha is None or alpha == 1.0:
        return None
    rows, times = np.unique(counts, axis=0, return_counts=True)
    n = len(counts)
    without = [_alpha(rows, times - one, distance) for one in np.eye(len(rows), dtype=np.int64)]
    if None in without:
        return None
    pseudo = np.repeat([n * alpha - (n - 1) * left for left in without if left is not None], times)
    half = _t(n - 1) * float(pseudo.std(ddof=1)) / n**0.5
    return max(alpha - half, -1.0), min(alpha + half, 1.0)


def _t(freedom: int) -> float:
    """The 97.5 % point of Student's t; the normal one, 1.96, makes the interval of a few units too narrow."""
    if freedom <= len(FEW):
        return FEW[freedom - 1]
    z = NormalDist().inv_cdf(0.975)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _ac1(counts: Counts, twice: Counts) -> float | None:
    """Gwet's AC1 over the codes that occur; as he does, units that one coder coded tell how common a code is."""
    if not len(twice):
        return None
    coded = twice.sum(axis=1)
    observed = float((_pairs(twice).sum(axis=1) / _pairs(coded)).mean())
    common = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    by_chance = float((common * (1 - common)).sum()) / max(len(common) - 1, 1)
    return (observed - by_chance) / (1 - by_chance)


def _confusion(units: Units, labels: tuple[str, ...], coders: tuple[str, ...]) -> Counts:
    """How often the first coder gave the code of the row and the second that of the column."""
    said = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for codes in units.values():
        if len(codes) == 2:
            said[labels.index(codes[coders[0]]), labels.index(codes[coders[1]])] += 1
    return said


def _kappa(confusion: Counts) -> float | None:
    """Cohen's kappa; None where both coders gave one and the same code throughout."""
    n = int(confusion.sum())
    by_chance = int(confusion.sum(axis=1) @ confusion.sum(axis=0))
    return (n * int(np.trace(confusion)) - by_chance) / (n * n - by_chance) if n * n > by_chance else None


def _coincidences(twice: Counts) -> Reals:
    """How often two codes met in one unit, in both directions; a unit counts as often as it was coded."""
    weight = 1 / (twice.sum(axis=1) - 1)
    met: Reals = (twice.T * weight) @ twice - np.diag(twice.T @ weight)
    return met


def _tuples(cells: Counts | Reals) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in cells.tolist())


def read_codes(file: Path) -> list[Row]:
    """The rows of a CSV of codes; those without unit_id, facet or coder are said on stderr and left out."""
    heading, rows = _cells(file)
    if missing := [name for name in COLUMNS if name not in heading]:
        raise Problem(f"{file.name} has no column {' and '.join(missing)}; it has {', '.join(heading)}.", code=2)
    places = [heading.index(name) for name in COLUMNS]
    kept: list[Row] = []
    for line, cells in rows:
        unit, facet, coder, code = (cells[place].strip() if place < len(cells) else "" for place in places)
        if wants := [name for name, cell in zip(COLUMNS, (unit, facet, coder), strict=False) if not cell]:
            print(f"{file.name}, line {line}: no {' and no '.join(wants)}, left out", file=sys.stderr)
        elif "".join(cells[len(heading) :]).strip():
            print(f"{file.name}, line {line}: more cells than columns, left out", file=sys.stderr)
        else:
            kept.append((unit, facet, coder, code))
    if left_out := len(rows) - len(kept):
        print(f"{file.name}: {left_out:,} of {_many(len(rows), 'row')} left out", file=sys.stderr)
    if not kept:
        raise Problem(f"{file.name} has no rows that can be used; give unit_id, facet, coder and code in each.", code=2)
    return kept


def _cells(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading of a CSV and its rows with their lines, by whichever mark parts the heading; blank lines are no rows."""
    if not file.is_file():
        raise Problem(f"There is no file {file}; give the path of a CSV with {', '.join(COLUMNS)}.", code=2)
    try:
        whole = file.read_bytes().decode("utf-8-sig")
        mark = max(",;\t", key=whole.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(whole, newline=""), delimiter=mark, strict=True)
        rows = [(reader.line_num, row) for row in reader if len(row) > 1 or "".join(row).strip()]
    except UnicodeDecodeError:
        raise Problem(f"{file.name} is not in UTF-8; save it as CSV in UTF-8.", code=2) from None
    except (OSError, csv.Error) as error:
        raise Problem(f"{file.name} is no CSV that can be read ({error}).", code=2) from None
    if not rows:
        raise Problem(f"{file.name} is empty; its first line names {', '.join(COLUMNS)}.", code=2)
    return [name.strip().lower() for name in rows[0][1]], rows[1:]


def print_agreement(file: Path, as_json: bool) -> int:
    """Print how far the coders of a CSV agree, facet by facet; returns the exit status."""
    rows = read_codes(file)
    try:
        facets = agreement(rows)
    except Problem as problem:
        raise Problem(f"{file.name}: {problem}", code=problem.code) from None
    for note in _beyond_the_code_book(rows):
        print(f"{file.name}: {note}", file=sys.stderr)
    if as_json:
        as_document({"facets": [asdict(facet) for facet in facets]})
        return 0
    print("\n\n".join("\n".join(_lines(facet)) for facet in facets))
    return 0


def _beyond_the_code_book(rows: list[Row]) -> Iterator[str]:
    """Facets and codes that may be slips of the pen; they are compared as they stand."""
    for facet in sorted({facet for _, facet, _, _ in rows}):
        if facet not in FACETS:
            yield f"there is no facet '{facet}' in the code book, compared as it stands"
            continue
        said = {code.strip() for _, of, _, text in rows if of == facet for code in text.split("|")}
        if strange := sorted(said - {*FACETS[facet], UNKNOWN, ""}):
            yield f"{facet} has no code {', '.join(strange[:3])} in the code book, compared as it stands"


def _lines(found: FacetAgreement) -> Iterator[str]:
    order = f": {' < '.join(ORDERS[found.facet])}" if found.facet in ORDERS else ""
    yield f"{found.facet} ({found.level}{order})"
    yield f"  {_many(found.units, 'unit')} coded twice or more, {found.single:,} once; {_many(len(found.coders), 'coder')}"
    if not found.units:
        yield "  no unit has two codes to compare"
        return
    yield f"  agreement      {found.agreement:.1%} of {_many(found.pairs, 'pair')}"
    yield f"  alpha          {_figure(found.alpha)}{_beside_alpha(found)}"
    if found.table_of == "confusion":
        yield f"  Cohen's kappa  {_figure(found.kappa)}"
    yield f"  Gwet's AC1     {_figure(found.ac1)}"
    if found.unknown:
        yield f"  {UNKNOWN} {_many(found.unknown, 'time')}: missing for alpha, which rests on {_many(found.alpha_units, 'unit')}"
    yield "\n" + table(["code", "prevalence"], [(code, f"{share:.1%}") for code, share in found.prevalence.items()])
    yield "\n" + _who_said_what(found)


def _who_said_what(found: FacetAgreement) -> str:
    """The table of a facet; of many codes one line for each two that met."""
    of_two = found.table_of == "confusion"
    cells = [[f"{n:,}" if of_two else f"{n:,.2f}" for n in row] for row in found.table]
    if len(found.labels) <= WIDE:
        corner = f"{found.coders[0]} down, {found.coders[1]} across" if of_two else "coincidences"
        return table([corner, *found.labels], [(label, *row) for label, row in zip(found.labels, cells, strict=True)])
    met = [
        (left, right, cells[down][across])
        for down, left in enumerate(found.labels)
        for across, right in enumerate(found.labels)
        if found.table[down][across]
    ]
    return table([*(found.coders if of_two else ("code", "other code")), "times"], met)


def _beside_alpha(found: FacetAgreement) -> str:
    """Alpha's interval, or why there is none."""
    if found.interval:
        return f"  (95 %: {found.interval[0]:.3f} to {found.interval[1]:.3f})"
    if found.alpha is None:
        return "  (fewer than two codes occur)"
    if found.alpha == 1.0:
        return "  (no interval: the coders never differ)"
    return "  (no interval: it hangs on one unit)"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
