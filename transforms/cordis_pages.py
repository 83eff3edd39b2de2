"""Projects as older harvesters read them off CORDIS' pages: JSON, YAML or CSV, one row a project, lists in cells."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import yaml

from transforms.cordis_xml import Row

KEYS = {"Project_Title", "Partners", "Project_ID"}


def documents(name: str, text: str) -> list[dict[str, Any]]:
    """The projects of a file, or an empty list where it is of another kind."""
    if name.endswith((".yaml", ".yml")):
        found = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
        found = found[0] if len(found) == 1 and isinstance(found[0], list) else found
    elif name.endswith(".csv"):
        csv.field_size_limit(2**24)
        found = list(csv.DictReader(io.StringIO(text)))
    else:
        try:
            found = json.loads(text)
        except ValueError:
            found = [json.loads(line.rstrip(",")) for line in text.splitlines() if line.strip(",[] ")]
    found = found if isinstance(found, list) else [found]
    return found if found and isinstance(found[0], dict) and KEYS & found[0].keys() else []


def parse(raw: dict[str, Any]) -> tuple[Row, list[Row], str | None]:
    """(project, its partners, why the partners could not be told apart)."""
    number = re.search(r"\d{4,12}", _first(raw.get("Project_ID")) or "")
    partners, countries = _list(raw.get("Partners")), _list(raw.get("Country"))
    project: Row = {
        "id": number[0] if number else None,
        "acronym": _first(raw.get("Project_ACR")),
        "title": _joined(raw.get("Project_Title")),
        "objective": _joined(raw.get("Technology_Description")),
        "startDate": _first(raw.get("From")),
        "endDate": _first(raw.get("To")),
        "totalCost": _first(raw.get("Total_Cost")),
        "ecMaxContribution": _first(raw.get("EU_Contribution")),
        "masterCall": _first(raw.get("Call_for_Proposal")),
        "topics": _first(raw.get("Topic_s") or raw.get("Topic(s)")),
        "fundingScheme": _first(raw.get("Funding_scheme")),
        "frameworkProgramme": "FP7",
    }
    if isinstance(raw.get("Partners"), str) and len(partners) != len(countries):
        return project, [], f"{len(partners)} names for {len(countries)} countries: commas inside names"
    if len(countries) != len(partners):
        countries = [None] * len(partners)
    elements = [
        {
            "projectID": project["id"],
            "name": name,
            "country": place,
            "order": str(position),
            "role": "coordinator" if position == 1 else "participant",
        }
        for position, (name, place) in enumerate(zip(partners, countries, strict=True), start=1)
    ]
    return project, elements, None


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [part for part in value or [] if part]


def _first(value: Any) -> str | None:
    found = value if isinstance(value, str) else (value[0] if value else None)
    return str(found).strip() or None if found is not None else None


def _joined(value: Any) -> str | None:
    return " ".join(map(str, value)) if isinstance(value, list) else value
