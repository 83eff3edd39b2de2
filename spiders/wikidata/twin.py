"""Wikidata's query service as PORTALS.md 5 shows it: haste refused with Retry-After, broken JSON after 200, two hosts."""

from __future__ import annotations

import json
from typing import Any

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

JSON = "application/sparql-results+json;charset=utf-8"
CACHE = {"Cache-Control": "public, max-age=300"}
CLASSES = {
    "business cluster": ("Q900100001", "geographic concentration of connected firms"),
    "competitiveness cluster": ("Q900100002", "French kind of cluster"),
    "business network": ("Q900100003", "network of firms"),
    "European grouping of territorial cooperation": ("Q900100004", "European legal form"),
}
CLASS_OF = {"pôle de compétitivité": "competitiveness cluster"}
BROKEN = b'{"head":{"vars":["item"]},"results":{"bindings":[{"item":{"type":"uri","value":"java.util.concurrent.TimeoutException\n\tat'


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /bigdata/\n", "text/plain")
    if request.path != "/sparql":
        return not_found()
    if not request.headers.get("user-agent") or request.headers["user-agent"].startswith("python-"):
        return Answer(b"Forbidden", "text/plain", 403)
    query = request.query.get("query", "")
    if "?label" in query:
        if request.count == 1:  # the first question of a client comes too fast for it
            return Answer(b"Too many requests", "text/plain", 429, {"Retry-After": "1"})
        return rows([one_class(label) for label in CLASSES if f'"{label}"@en' in query])
    if request.host == "query.wikidata.org":
        return Answer(BROKEN, JSON, headers=CACHE, validators=False)
    items = [item for item in table("wikidata_item", night) if class_of(item) in query or f"wd:{item['qid']} " in query]
    if "?itemLabel" in query:
        return rows([binding for item in items for binding in bindings(item)])
    return rows([{"item": uri(item["qid"]), "class": uri(class_of(item))} for item in items])


def rows(found: list[dict[str, Any]]) -> Answer:
    body = {"head": {"vars": sorted({key for row in found for key in row})}, "results": {"bindings": found}}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), JSON, headers=CACHE, validators=False)


def uri(number: str) -> dict[str, str]:
    return {"type": "uri", "value": f"http://www.wikidata.org/entity/{number}"}


def text(value: str, language: str = "") -> dict[str, str]:
    return {"type": "literal", "value": value, **({"xml:lang": language} if language else {})}


def one_class(label: str) -> dict[str, Any]:
    number, description = CLASSES[label]
    return {"class": uri(number), "label": text(label, "en"), "description": text(description, "en")}


def class_of(item: Row) -> str:
    return CLASSES[CLASS_OF.get(item["cls"], item["cls"])][0]


def bindings(item: Row) -> list[dict[str, Any]]:
    """One row for each label, as a join makes them."""
    row: dict[str, Any] = {"item": uri(item["qid"])}
    plain = {
        "country": item["country"],
        "city": item["city"],
        "site": item["website"],
        "lei": item["lei"],
        "ror": item["ror"],
    }
    row |= {key: text(value) for key, value in plain.items() if value}
    if item["lon"]:
        row["where"] = text(f"Point({item['lon']} {item['lat']})")
    dates = (("inception", "inception"), ("dissolved", "dissolved"), ("since", "member_from"), ("until", "member_to"))
    row |= {key: text(f"{item[column]}T00:00:00Z") for key, column in dates if item[column]}
    if item["member_of"]:
        row["in"] = uri(item["member_of"])
    if item["alias"]:
        row["alias"] = text(item["alias"], "en")
    labels = [("en", item["label"]), ("fr", item["label_fr"])]
    return [{**row, "itemLabel": text(label, language)} for language, label in labels if label]
