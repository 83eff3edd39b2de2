"""GLEIF, ROR and the French register as PORTALS.md 11 shows them: their shapes, unknown filters refused, directors' names."""

from __future__ import annotations

import json

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found

KNOWN = {
    "filter[entity.legalName]",
    "filter[entity.legalAddress.country]",
    "filter[fulltext]",
    "page[size]",
    "page[number]",
}


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return not_found()
    rows = table("register_number", night)
    if request.host == "api.gleif.org":
        return gleif(request, rows)
    if request.host == "api.ror.org":
        found = [
            row
            for row in rows
            if row["scheme"] == "ROR" and row["name"].lower() == request.query.get("query", "").lower()
        ]
        items = [
            {
                "id": row["value"],
                "names": [{"value": row["name"], "types": ["ror_display"]}],
                "links": [],
                "locations": [{"geonames_details": {"country_code": row["country"]}}],
            }
            for row in found
        ]
        return as_json({"number_of_results": len(items), "items": items})
    found = [
        row for row in rows if row["scheme"] == "SIREN" and request.query.get("q", "").lower() in row["name"].lower()
    ]
    results = [
        {"siren": row["value"], "nom_complet": row["name"], "dirigeants": [{"nom": "EXAMPLE", "prenoms": "PERSON"}]}
        for row in found
    ]
    return as_json({"results": results, "total_results": len(results), "page": 1, "per_page": 5})


def gleif(request: Request, rows: tuple[dict[str, str], ...]) -> Answer:
    if unknown := request.query.keys() - KNOWN:
        return as_json(
            {"errors": [{"title": "Filter should contain only allowed values", "detail": sorted(unknown)}]}, 400
        )
    name, country = (
        request.query.get("filter[entity.legalName]", ""),
        request.query.get("filter[entity.legalAddress.country]", ""),
    )
    data = [
        {"attributes": {"lei": row["value"], "entity": {"legalName": {"name": row["name"].upper()}}}}
        for row in rows
        if row["scheme"] == "LEI" and row["name"].lower() == name.lower() and row["country"] == country
    ]
    return as_json({"data": data, "meta": {"pagination": {"total": len(data)}}})


def as_json(found: object, status: int = 200) -> Answer:
    return Answer(json.dumps(found).encode(), "application/json", status)
