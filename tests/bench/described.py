"""Networks described in texts, with labels: the lists of tests/typology/described and the examples of the code book.

The examples and their translations are a thermometer: `training` never gives them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from anyascii import anyascii

from flows import classify, own_networks

ROOT = Path(__file__).parent.parent.parent
LABELLED = ROOT.parent / "shared" / "data" / "typology"
DESCRIBED = ROOT / "tests" / "typology" / "described"
OWN = (
    "projects",
    "standing",
    "mixed",
    "languages",
    "plain",
    "later",
    "alliances",
    "programmes",
    "four_languages",
    "abroad",
    "mixture",
    "further",
    "alone",
    "funded",
    "little_known",
    "fields",
    "south",
    "north",
    "wide",
    "cordis",
    "alike",
    "letters",
    "research_actions",
    "interreg",
    "borders",
    "branches",
    "within",
    "partnerships",
    "world",
    "uncommon",
    "frameworks",
    "consortia",
    "pacts",
    "territories",
    "platforms",
    "homelands",
    "neighbours",
    "machines",
    "livelihoods",
    "actions",
    "lands",
    "bodies",
    "pages",
    "german",
    "french",
    "iberian",
    "adriatic",
    "nordic_east",
    "channel",
    "deep",
    "loose",
    "resources",
    "technologies",
    "crossing",
    "unions",
    "inter_cluster",
    "tongues",
    "parks",
    "basins",
    "confederations",
    "joint_projects",
    "leagues",
)
TRANSLATED = ("fr", "de", "es", "it")
# Made up for words alone to be fitted to: many ways to say what the code book tells apart.  Never scored.
INVENTED = tuple(path.stem for path in sorted(DESCRIBED.glob("invented*.jsonl")))
KNOWN = ("id", "name", "acronym", "description", "known_members", "known_countries", "member_count_stated")
Row = dict[str, Any]


def lines(path: Path) -> list[Row]:
    """A file of JSON objects, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def own() -> dict[str, list[Row]]:
    """The lists of our own by name; IDs are made unique by the name of the list."""
    return {name: _of_list(name, lines(DESCRIBED / f"{name}.jsonl")) for name in OWN}


def sets() -> dict[str, list[Row]]:
    """All labelled networks by set: our lists, and where they lie beside the checkout the thirty, also translated."""
    found = own()
    if LABELLED.is_dir():
        more = {row["id"]: row for row in lines(LABELLED / "labelled_more_facets.jsonl")}
        thirty = [{**row, **more[row["id"]]} for row in lines(LABELLED / "labelled_examples.jsonl")]
        found = {"thirty": _of_list("thirty", thirty)} | found
        for language in TRANSLATED:
            said = {row["id"]: row for row in lines(DESCRIBED / f"thirty_{language}.jsonl")}
            name = f"thirty, {language}"
            found[name] = _of_list(name, [{**row, **said[row["id"]]} for row in thirty])
    return found


def translated() -> dict[str, list[Row]]:
    """Networks of our lists as a text in another language would describe them, by language."""
    originals = {row["id"]: row for rows in own().values() for row in rows}
    return {
        language: [
            {**originals[row["id"]], **row, "id": f"{row['id']}, {language}"}
            for row in lines(DESCRIBED / f"translated_{language}.jsonl")
        ]
        for language in TRANSLATED
    }


def invented() -> list[Row]:
    """Networks that do not exist, described in five languages, with the level that they were made up for."""
    return [{**row, "disputed": []} for name in INVENTED for row in _of_list(name, lines(DESCRIBED / f"{name}.jsonl"))]


def training() -> list[Row]:
    """What weights may be fitted to: our lists, their translations, and what was made up."""
    return [row for rows in [*own().values(), *translated().values(), invented()] for row in rows]


@contextmanager
def modelled(rows: list[Row]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of its own with the models run over some described networks."""
    with (
        tempfile.TemporaryDirectory() as folder,
        classify.classified(own_networks.read(asked(rows, Path(folder))), "described", Path(folder)) as warehouse,
    ):
        yield warehouse


def asked(rows: list[Row], folder: Path) -> Path:
    """A list for `classify` of what may be known of the networks."""
    path = folder / "asked.jsonl"
    path.write_text(
        "\n".join(json.dumps({key: row.get(key) for key in KNOWN}, ensure_ascii=False) for row in rows), "utf-8"
    )
    return path


def _of_list(name: str, rows: list[Row]) -> list[Row]:
    return [
        {
            **row,
            "id": f"{name}: {row['id']}",
            "network": f"{name}: {row['id']}",
            "listed_in": name,
            "known_as": anyascii(row.get("acronym") or row["name"]).lower().strip(),
        }
        for row in rows
    ]
