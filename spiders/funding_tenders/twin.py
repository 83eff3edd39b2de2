"""The SEDIA search as PORTALS.md 9 shows it: typed parts, 100 a page, values as lists, participants as JSON in a text."""

from __future__ import annotations

import json
import re
from typing import Any

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

JSON = "application/json"
PROGRAMMES = {"31059643": "COSME 2014-2020", "43252476": "SMP"}
CEILING = 10_000


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"", "text/plain", 404)
    if request.path.startswith("/search-api/prod/rest/document/"):
        return Answer(b'{"type":"businessError","message":"No result found"}', JSON, 400)
    if request.path != "/search-api/prod/rest/search" or request.method != "POST":
        return not_found()
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        return everything()
    parts = parts_of(request.body, content_type)
    if parts is None:
        message = {"message": "Content-Type 'application/octet-stream' is not supported."}
        return Answer(json.dumps(message).encode(), JSON, 500)
    return search(request, parts, night)


def everything() -> Answer:
    """A plain JSON body is ignored in silence: millions of results of all kinds."""
    body = {
        "totalResults": 2_345_678,
        "pageNumber": 1,
        "pageSize": 100,
        "results": [{"reference": "x", "url": "", "summary": ""}],
    }
    return Answer(json.dumps(body).encode(), JSON, validators=False)


def parts_of(body: bytes, content_type: str) -> dict[str, Any] | None:
    """The parts of a form by name, or None where one does not say that it is JSON."""
    mark = content_type.partition("boundary=")[2].encode()
    parts = {}
    for piece in body.split(b"--" + mark)[1:-1]:
        head, _, content = piece.strip(b"\r\n").partition(b"\r\n\r\n")
        if b"Content-Type: application/json" not in head:
            return None
        name = re.search(rb'name="(\w+)"', head)
        parts[name[1].decode() if name else ""] = json.loads(content)
    return parts


def search(request: Request, parts: dict[str, Any], night: int) -> Answer:
    must = parts.get("query", {}).get("bool", {}).get("must", [])
    terms = {key: values for clause in must for key, values in clause.get("terms", {}).items()}
    programme = PROGRAMMES.get(next(iter(terms.get("programId", [])), ""))
    rows = [row for row in table("sedia_project", night) if programme is None or row["program"] == programme]
    if programme is None and "programId" in terms:
        rows = []
    span = next((clause["range"]["es_SortDate"] for clause in must if "range" in clause), None)
    if span:
        rows = [
            row
            for row in rows
            if re.fullmatch(r".*\+0000", span["gte"])
            and span["gte"][:10] <= (row["start"] or "2016-01-01") < span["lt"][:10]
        ]
    copies = ("en", "fr", "de") if "languages" not in parts else ("en",)
    documents = [document for row in rows for language in copies for document in documents_of(row, language, night)]
    size = min(int(request.query.get("pageSize", "10")), 100)
    page = int(request.query.get("pageNumber", "1"))
    shown = documents[(page - 1) * size : page * size] if page * size <= CEILING else []
    body = {"totalResults": len(documents), "pageNumber": page, "pageSize": size, "results": shown}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), JSON, validators=False)


def documents_of(row: Row, language: str, night: int) -> list[dict[str, Any]]:
    """A project's record, then a deliverable of it; some results have no metadata."""
    record = {
        "reference": f"{row['project_id']}PROJECT{language}",
        "url": "",
        "summary": row["title"],
        "metadata": metadata(row, language, night),
    }
    deliverable = {
        "reference": f"{row['project_id']}DELIVERABLE{language}",
        "url": "",
        "summary": "Deliverable",
        "metadata": {"projectId": [row["project_id"]], "title": ["Deliverable"], "language": [language]},
    }
    return (
        [record, deliverable, {"reference": "bare", "url": "", "summary": ""}]
        if row["project_id"].endswith("3")
        else [record]
    )


def metadata(row: Row, language: str, night: int) -> dict[str, list[str]]:
    partners = [p for p in table("sedia_participant", night) if p["project_id"] == row["project_id"]]
    packed = json.dumps([participant(p) for p in partners], ensure_ascii=False) if partners else ""
    fields = {
        "projectId": row["project_id"],
        "programId": next(number for number, name in PROGRAMMES.items() if name == row["program"]),
        "acronym": row["acronym"],
        "title": row["title"],
        "objective": row["objective"],
        "callIdentifier": row["call"],
        "programAbbreviation": "COSME" if row["program"].startswith("COSME") else row["program"],
        "status": row["status"],
        "startDate": stamp(row["start"]),
        "endDate": stamp(row["end"]),
        "euContributionAmount": row["eu_contribution"],
        "overallBudget": row["overall_budget"],
        "language": language,
    }
    return {**{key: [text] for key, text in fields.items() if text}, "participants": [packed]}


def stamp(date: str) -> str:
    """Midnight in Brussels, with its offset; some records are written in universal time, a day before."""
    if not date:
        return ""
    if date.endswith("-09-01"):
        before = f"{date[:5]}08-31"
        return f"{before}T22:00:00.000+0000"
    return f"{date}T00:00:00.000+0100"


def participant(row: Row) -> dict[str, Any]:
    return {
        "legalName": row["name"],
        "pic": row["pic"],
        "role": row["role"],
        "eucontribution": 0,
        "postalAddress": {"city": row["city"], "countryCode": {"abbreviation": row["country"], "description": ""}},
        "latitude": None,
        "longitude": None,
        "webLink": "",
    }
