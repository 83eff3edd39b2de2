"""CORDIS JSON, in both shapes of its archive: one file a table (until summer 2026), one file a project (since).

In the new shape everything that a project is linked to stands in one flat list, told apart by
`contenttype` and `attributes.type`, and `attributes` can be the text of a Python dictionary.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from transforms.cordis_xml import PROJECT_FIELDS, Row, Unreadable, unique_programme

ROLES = (
    "coordinator",
    "participant",
    "partner",
    "associatedPartner",
    "internationalPartner",
    "thirdParty",
    "isRegisteredBy",
)
FRAMEWORK = re.compile(r"(HORIZON|h2020|fp\d)projects", re.I)


def framework_of(archive: str) -> str | None:
    """The framework programme that an archive's name tells; its projects do not say it themselves."""
    found = FRAMEWORK.search(archive)
    return found[1].upper() if found else None


def attributes(item: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a linked item, written as an object or as the text of a Python dictionary."""
    found = item.get("attributes") or item.get("@attributes") or {}
    if isinstance(found, str):
        try:
            found = ast.literal_eval(found)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            raise Unreadable(f"attributes that are neither an object nor a dictionary: {found[:60]}") from None
    return found if isinstance(found, dict) else {}


def parse(document: bytes, framework: str | None) -> tuple[Row, list[Row], list[Row]]:
    """(project, its organisation elements, its fields of science); raises Unreadable."""
    try:
        raw = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    raw = raw.get("project", raw) if isinstance(raw, dict) else raw
    if not isinstance(raw, dict) or not raw.get("id"):
        raise Unreadable("no project with an id")
    project: Row = {name: _text(raw.get(name)) for name in PROJECT_FIELDS}
    project["frameworkProgramme"] = _text(raw.get("frameworkProgramme")) or framework
    relations = raw.get("relations") or {}
    organisations: list[Row] = []
    programmes: list[tuple[str, bool]] = []
    for item in _listed(relations.get("associations")):
        about = attributes(item)
        kind = about.get("type")
        if kind in ROLES:
            organisations.append({"projectID": project["id"], **_organisation(item, about)})
        elif kind == "relatedMasterCall":
            project["masterCall"] = _text(item.get("identifier"))
        elif kind == "relatedTopic":
            project.setdefault("topics", _text(item.get("code")))
        elif kind == "relatedLegalBasis":
            programmes.append((_text(item.get("code")) or "", str(about.get("uniqueProgrammePart")).lower() == "true"))
        if not project["frameworkProgramme"] and item.get("frameworkProgramme"):
            project["frameworkProgramme"] = _text(item["frameworkProgramme"])
    project["legalBasis"] = unique_programme(programmes)
    science: list[Row] = []
    for category in _listed(relations.get("categories")):
        kind = attributes(category).get("classification")
        if kind == "euroSciVoc":
            path = _text(category.get("displayCode") or category.get("title"))
            science.append({"projectID": project["id"], "euroSciVocPath": path})
        elif kind == "projectFundingSchemeCategory":
            project["fundingScheme"] = (_text(category.get("code")) or "").strip("/")
    return project, organisations, science


def _listed(found: Any) -> list[dict[str, Any]]:
    """One item alone may stand without a list, and items may be sorted into lists by kind."""
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list | dict)]
        if lists and not found.get("attributes") and not found.get("@attributes"):
            return [item for value in lists for item in (value if isinstance(value, list) else [value])]
        return [found]
    return [item for item in found or [] if isinstance(item, dict)]


def _organisation(item: dict[str, Any], about: dict[str, Any]) -> Row:
    address = item.get("address") or {}
    return {
        "organisationID": _text(item.get("id")),
        "vatNumber": _text(item.get("vatNumber")),
        "name": _text(item.get("legalName")),
        "shortName": _text(item.get("shortName")),
        "street": _text(address.get("street")),
        "postCode": _text(address.get("postalCode")),
        "city": _text(address.get("city")),
        "country": _text(address.get("country")),
        "geolocation": _text(address.get("geolocation")),
        "organizationURL": _text(address.get("url")),
        "order": _text(about.get("order")),
        "role": _text(about.get("type")),
        "ecContribution": _text(about.get("ecContribution")),
        "totalCost": _text(about.get("totalCost")),
    }


def _text(value: Any) -> str | None:
    return None if value in (None, "") or isinstance(value, dict | list) else str(value)
