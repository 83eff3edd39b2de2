"""Invented facts for load: networks with members, in the columns of the project's own tables.

Everything is named 'Example …'.  The same number makes the same tables, so that two runs compare.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from spiders.sandbox.facts import FACTS

INVENTED = {"nights": "1|2", "fact_url": "https://metaclusters.example/facts", "fact_origin": "invented"}
FIELDS = ("Wood", "Water", "Food", "Light", "Health", "Space", "Textile", "Energy", "Stone", "Rail", "Data", "Sea")
PLACES = {
    "Austria": ("Graz", "Linz", "Innsbruck"),
    "Bulgaria": ("Burgas", "Plovdiv", "Varna"),
    "Denmark": ("Aarhus", "Esbjerg", "Odense"),
    "Finland": ("Oulu", "Tampere", "Turku"),
    "France": ("Lyon", "Nantes", "Lille"),
    "Germany": ("Kiel", "Dresden", "Kassel"),
    "Greece": ("Patras", "Volos", "Chania"),
    "Italy": ("Bologna", "Torino", "Bari"),
    "Poland": ("Gdańsk", "Kraków", "Lublin"),
    "Portugal": ("Porto", "Braga", "Faro"),
    "Romania": ("Cluj-Napoca", "Iași", "Timișoara"),
    "Spain": ("Bilbao", "Murcia", "Vigo"),
    "Sweden": ("Umeå", "Malmö", "Visby"),
}
DOINGS = (
    "Its members meet once a year and exchange good practice.",
    "The members share a joint strategy for markets overseas and send common missions.",
    "It runs a common catalogue of services for the firms of all members under one brand.",
)
FEES = ("It lives on membership fees.", "A grant pays its work.", "")


def generate(networks: int, folder: Path) -> None:
    """Write the tables of ECCP with so many networks, four to forty members each, to a folder; the others stay as they are."""
    chance = random.Random(networks)
    clusters = [_cluster(number, chance) for number in range(max(20, networks * 3))]
    profiles = [_network(number, chance) for number in range(networks)]
    members = [row for profile in profiles for row in _members(profile, clusters, chance)]
    _write(folder, "eccp_profile", [*clusters, *profiles])
    _write(folder, "eccp_member", members)


def _write(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """A table in the columns of the project's own."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as own:
        columns = next(csv.reader(own))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _cluster(number: int, chance: random.Random) -> dict[str, str]:
    country = chance.choice(sorted(PLACES))
    city = chance.choice(PLACES[country])
    name = f"Example {city} {chance.choice(FIELDS)} Cluster {number}"
    return {
        **INVENTED,
        "slug": f"example-cluster-{number}",
        "node_id": str(1_000_000 + number),
        "kind": "organisation",
        "generation": "present",
        "name": name,
        "country": country,
        "city": city,
        "language": "en",
    }


def _network(number: int, chance: random.Random) -> dict[str, str]:
    field = chance.choice(FIELDS)
    text = f"The network unites clusters of the {field.lower()} sector. {chance.choice(DOINGS)} {chance.choice(FEES)}".strip()
    return {
        **INVENTED,
        "slug": f"example-network-{number}",
        "node_id": str(2_000_000 + number),
        "kind": chance.choice(("network", "partnership")),
        "generation": "present",
        "name": f"Example {field} Clusters Network {number}",
        "acronym": f"EX{field[:2].upper()}{number}",
        "legal_form": chance.choice(("association", "")),
        "language": "en",
        "text": text,
    }


def _members(profile: Mapping[str, str], clusters: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    chosen = chance.sample(clusters, min(len(clusters), chance.randint(4, 40)))
    return [
        {
            **INVENTED,
            "network_slug": profile["slug"],
            "organisation_slug": cluster["slug"],
            "name": cluster["name"],
            "country": cluster["country"],
            "city": cluster["city"],
            "role": "coordinator" if number == 0 else "member",
            "since": str(2010 + chance.randint(0, 14)),
        }
        for number, cluster in enumerate(chosen)
    ]
