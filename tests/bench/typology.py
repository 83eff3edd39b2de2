"""How well networks are classified: `python -m tests.bench.typology` writes docs/typology-report.md.

Scored are networks described in texts: thirty labelled by the makers of the code book (beside the checkout; in English,
and translated), and lists of our own in tests/typology/described; where a second look or coder decided otherwise, the facet
stands in `disputed` and is not scored.
"""

from __future__ import annotations

import csv
import math
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows import model
from flows.agreement import FacetAgreement, agreement
from tests.bench import described, readings
from tests.bench.described import LABELLED, OWN, Row, sets
from tests.bench.scores import codes, scored, table

ROOT = Path(__file__).parent.parent.parent
REPORT = ROOT / "docs" / "typology-report.md"
CURVE = ROOT / "docs" / "typology-curve.svg"
CODES = ROOT / "warehouse" / "reliability"
FIRST = ROOT / "tests" / "typology" / "first_scores.csv"
SINGLE = {
    "integration_level": ["1", "2", "3"],
    "geographic_coverage": ["worldwide", "european", "trans-border", "national-transregional"],
    "sector_coverage": ["sectoral", "generalist"],
}
SEVERAL = {
    "legal_form": "legal_form_code",
    "governance": "governance",
    "funding": "funding",
    "cooperation_topics": "topics",
    "staffing": "staffing",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What `classify` says of one facet of one network."""

    value: str
    grade: str
    margin: float | None
    shown: str


def answers(rows: list[Row]) -> dict[str, dict[str, Answer]]:
    """What the models say of each row: {id: {facet: answer}}; several values are joined by a bar."""
    with described.modelled(rows) as connection:
        found = connection.execute(
            """
            select typology.network_id, typology.facet, array_to_string(list_sort(list(distinct typology.value)), '|'),
                max(typology.grade), min(typology.margin),
                coalesce(min(coalesce(evidence.quote, evidence.structured_value)), '')
            from release.typology as typology
            left join release.evidence as evidence on evidence.evidence_id = typology.evidence_id
            group by all
            """
        ).fetchall()
    said: dict[str, dict[str, Answer]] = {row["id"]: {} for row in rows}
    for identifier, facet, *answer in found:
        said[identifier][facet] = Answer(*answer)
    return said


def held_out(said: dict[str, dict[str, Answer]]) -> None:
    """Put what `make readings` found for our own lists when nothing fitted had seen the list."""
    with readings.HELD_OUT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            facets, facet = said[row["network"]], row["facet"]
            likely, asked = min(float(row["likely"]), 0.9999), readings.READING[facet]
            margin = math.log(likely / (1 - likely)) - math.log(asked / (1 - asked))
            margin = None if row["found"] == "unknown" else margin
            facets[facet] = replace(facets[facet], value=row["found"], margin=margin)


# Scores ---------------------------------------------------------------------------------------------
def pairs_of(rows: list[Row], said: dict[str, dict[str, Answer]], facet: str) -> list[tuple[str, str]]:
    """(true, said) of every network whose label both coders gave."""
    return [
        (str(row[facet]), said[row["id"]][facet].value)
        for row in rows
        if row.get(facet) not in (None, "", "unknown") and facet not in row.get("disputed", ())
    ]


def precision_recall(
    rows: list[Row], said: dict[str, dict[str, Answer]], facet: str, field: str
) -> tuple[int, int, int]:
    """(codes given, codes stated, codes right) over all networks, disputed ones too, as the code book's own scorer counts."""
    given = stated = right = 0
    for row in rows:
        ours, real = codes(said[row["id"]][facet].value), codes(row.get(field))
        given, stated, right = given + len(ours), stated + len(real), right + len(ours & real)
    return given, stated, right


def curve(rows: list[Row], said: dict[str, dict[str, Answer]], facet: str) -> list[tuple[float, float]]:
    """(answered, right among them) as answers of small margin are withheld, most doubtful first."""
    asked = [row for row in rows if facet not in row.get("disputed", ())]
    judged = sorted(
        (
            (said[row["id"]][facet].margin or 0.0, str(row[facet]) == said[row["id"]][facet].value)
            for row in asked
            if said[row["id"]][facet].value != "unknown"
        ),
        reverse=True,
    )
    points, right = [], 0
    for number, (_, good) in enumerate(judged, 1):
        right += good
        if number >= 5:
            points.append((number / len(asked), right / number))
    return points


# The report -----------------------------------------------------------------------------------------
def confusion(pairs: list[tuple[str, str]], values: list[str]) -> str:
    """True values down, answers across."""
    heads = [*values, "unknown"]
    counted = Counter(pairs)
    return table(("true \\ said", *heads), [(true, *(counted[true, said] for said in heads)) for true in values])


def doubtful(found: dict[str, list[Row]], said: dict[str, dict[str, Answer]]) -> str:
    """The twenty answers of the smallest margin, with what they rest on."""
    rows = [
        (answer.margin, row["name"], facet, answer.value, row[facet], answer.shown[:160])
        for name in found
        for row in found[name]
        for facet in SINGLE
        if (answer := said[row["id"]][facet]).value != "unknown" and answer.margin is not None
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    return table(("margin", "network", "facet", "answer", "label", "it rests on"), rows[:20])


def placeholders(rows: list[Row]) -> list[Row]:
    """The rows with every name of the network and of its members taken out."""
    changed = []
    for row in rows:
        text = row["description"]
        names = [row["name"], row.get("acronym"), *(row.get("known_members") or [])]
        for name in sorted((name for name in names if name and len(name) > 2), key=len, reverse=True):
            text = text.replace(name, "Example")
        members = [f"Member {number}" for number, _ in enumerate(row.get("known_members") or [], 1)]
        changed.append(
            {
                **row,
                "id": f"{row['id']} unnamed",
                "name": "Example",
                "acronym": "",
                "known_members": members,
                "description": text,
            }
        )
    return changed


def drawn(points: dict[str, list[tuple[float, float]]]) -> str:
    """The coverage-accuracy curves as a small picture."""
    colours = dict(zip(points, ("#1b5e8c", "#b3541e", "#3c7d3c"), strict=True))
    shapes = []
    for number, (facet, line) in enumerate(points.items()):
        path = " ".join(f"{60 + 400 * x:.0f},{260 - 200 * (y - 0.5) * 2:.0f}" for x, y in line)
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colours[facet]}" stroke-width="2"/>')
        shapes.append(f'<text x="70" y="{200 + 18 * number}" fill="{colours[facet]}">{facet.replace("_", " ")}</text>')
    for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        y = 260 - 200 * (share - 0.5) * 2
        shapes.append(
            f'<text x="28" y="{y + 4:.0f}">{share:.1f}</text><line x1="55" x2="460" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>'
        )
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        shapes.append(f'<text x="{50 + 400 * share:.0f}" y="278">{share:.1f}</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="300" font-family="sans-serif" font-size="12">'
        '<rect width="480" height="300" fill="white"/>'
        + "".join(shapes)
        + '<text x="180" y="296">share answered</text></svg>\n'
    )


def first_scores() -> str:
    """How lists scored before anything was changed after reading their misses."""
    with FIRST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    facets = ("level", "coverage", "sector")
    cells = [
        (
            row["set"],
            row["networks"],
            *(
                " / ".join(f"{float(row[f'{facet}_{part}']):.2f}" for part in ("f1", "right", "answered"))
                for facet in facets
            ),
        )
        for row in rows
    ]
    return table(("set", "networks", *SINGLE), cells)


def machine_codes(rows: list[Row], said: dict[str, dict[str, Answer]]) -> list[tuple[str, str, str, str]]:
    """The thirty as coded by their makers and by the machine, for `metaclusters agreement`."""
    found = []
    for row in rows:
        for facet in SINGLE:
            if facet in row.get("disputed", ()):
                continue
            unit = row["id"].removeprefix("thirty: ")
            found.append((unit, facet, "label", str(row[facet])))
            found.append((unit, facet, "machine", said[row["id"]][facet].value))
    return found


def _against_labels(measured: list[FacetAgreement]) -> str:
    return table(
        ("facet", "n", "per cent", "alpha", "95 %", "AC1"),
        [
            (
                one.facet,
                one.units,
                _figure(one.agreement and 100 * one.agreement, 1),
                _figure(one.alpha),
                "" if one.interval is None else f"{one.interval[0]:.2f} to {one.interval[1]:.2f}",
                _figure(one.ac1),
            )
            for one in measured
        ],
    )


def _figure(value: float | None, places: int = 3) -> str:
    return "" if value is None else f"{value:.{places}f}"


def main() -> None:
    """Classify everything once, score it, write the report, the curve and the codes of the quality page."""
    found = sets()
    thirty = found.get("thirty", [])
    unnamed = placeholders(thirty)
    said = answers([row for rows in found.values() for row in rows] + unnamed)
    held_out(said)
    main_rows = []
    for name, rows in found.items():
        figures = [scored(pairs_of(rows, said, facet), values) for facet, values in SINGLE.items()]
        main_rows.append((name, len(rows), *(f"{f1:.2f} / {right:.2f} / {given:.2f}" for f1, right, given in figures)))
    own = [row for name in OWN for row in found[name]]
    more_rows = []
    for name, rows in (*found.items(), ("our lists together", own)):
        cells = []
        for facet, field in SEVERAL.items():
            given, stated, right = precision_recall(rows, said, facet, field)
            cells.append(f"{right / max(given, 1):.2f} / {right / max(stated, 1):.2f} ({given}, {stated})")
        more_rows.append((name, *cells))
    points = {facet: curve(own, said, facet) for facet in SINGLE}
    CURVE.write_text(drawn(points), encoding="utf-8")
    moved = sum(
        said[row["id"]][facet].value != said[f"{row['id']} unnamed"][facet].value for row in thirty for facet in SINGLE
    )
    parts = [HEAD.format(version=model.rule_version(), clock=datetime.now(UTC).strftime("%Y-%m-%d"))]
    parts.append(table(("set", "networks", *SINGLE), main_rows))
    parts.append(FIRST_HEAD + first_scores())
    parts.append(MORE + table(("set", *SEVERAL), more_rows))
    if thirty:
        coded = machine_codes(thirty, said)
        _keep_codes(coded, points, len(own))
        parts.append("\n## The machine against the labels of the thirty\n\n" + _against_labels(agreement(coded)))
        parts.append(
            f"\nWith every name of the thirty and of their members taken out, {moved} of {3 * len(thirty)} answers are others.\n"
        )
    parts.append("\n## Confusion, the lists of our own together\n")
    for facet, values in SINGLE.items():
        parts.append(f"\n{facet}\n\n" + confusion(pairs_of(own, said, facet), values))
    parts.append("\n## The twenty most doubtful answers\n\n" + doubtful({name: found[name] for name in OWN}, said))
    parts.append(TAIL)
    REPORT.write_text("\n".join(parts), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


def _keep_codes(
    coded: list[tuple[str, str, str, str]], points: dict[str, list[tuple[float, float]]], networks: int
) -> None:
    """What the quality page of a release shows: two coders' codes, the machine's beside the labels, and the curve."""
    CODES.mkdir(exist_ok=True)
    with (CODES / "curve.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("facet", "networks", "answered", "right"))
        for facet, line in points.items():
            steps = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
            reached = [[point for point in line if point[0] <= step + 1e-9] for step in steps]
            writer.writerows(
                (facet, networks, f"{share:.2f}", f"{right:.2f}")
                for share, right in sorted({at[-1] for at in reached if at})
            )
    with (CODES / "machine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("unit_id", "facet", "coder", "code"))
        writer.writerows(coded)
    shutil.copyfile(LABELLED / "codes.csv", CODES / "codes.csv")
    (CODES / "rule_version.txt").write_text(model.rule_version() + "\n", encoding="utf-8")


HEAD = """# Typology: how well it classifies

Written by `make typology-report` on {clock}, rules `{version}`. Each cell: macro-F1 / right among the answered / share
answered; an `unknown` lowers recall, not precision. `thirty` are the labelled examples of the code book (one label on
which its two coders differ is not scored), also translated into four languages. The other lists are ours
(tests/typology/described, with sources): `projects`, `standing`, `mixed` and `languages` were written to be hard, in words
that are not the code book's; the others in the manner of the thirty (`four_languages` wholly and `abroad` in part in
French, German, Spanish and Italian), from `alone` on as the pages of the networks put it. Every list was read after it was first
scored, and the rules were improved, so these figures flatter. The three facets here are cross-validated for our lists: the words
of rule RR were fitted to the other lists alone ([readings.md](readings.md)); nothing was fitted to the thirty.
"""
FIRST_HEAD = """
## What to expect on networks that nobody has looked at

How each list scored the first time, before the rules were touched again after reading its misses. The rules have moved
since, so no command gives these figures again; tests/typology/first_scores.csv keeps them, in the order of the scoring.

"""
MORE = """
## Facets that hold several codes, or that few texts state

Precision / recall (codes given, codes stated).

"""
TAIL = """
## Coverage and accuracy

![Right among the answered as doubtful answers are withheld](typology-curve.svg)

Answers of the lists of our own in the order of their margin; the further left, the fewer are given.
"""

if __name__ == "__main__":
    main()
