"""keep.eu as PORTALS.md 3 shows it: six a page, newest first, short bodies ignored, `n/a` and '0.00' beside null."""

from __future__ import annotations

import json
import re

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

JSON = "application/json"
PER_PAGE = 6
WHOLE = {
    "projects",
    "programmes",
    "partners",
    "contribution_2014_2020",
    "contribution_2021_2027",
    "search",
    "documents",
}


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /wp-admin/\n", "text/plain")
    if request.path == "/api/search/projects/":
        return index(request, night)
    if found := re.fullmatch(r"/api/project/(\d+)/", request.path):
        row = next((row for row in table("keep_project", night) if row["keep_id"] == found[1]), None)
        return (
            Answer(json.dumps(project(row, night), ensure_ascii=False).encode(), JSON, validators=False)
            if row
            else not_found()
        )
    if request.path == "/api/open-data":
        return open_data(request, night)
    return not_found()


def index(request: Request, night: int) -> Answer:
    rows = sorted(table("keep_project", night), key=lambda row: -int(row["keep_id"]))
    body = json.loads(request.body or b"{}")
    wanted = (
        {found["id"] for found in body.get("programmes", {}).get("available", [])} if body.keys() >= WHOLE else set()
    )
    if wanted:
        rows = [row for row in rows if programme_id(row) in wanted]
    page = int(request.query.get("page", "1"))
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    found = {
        "count": len(rows),
        "total_pages": -(-len(rows) // PER_PAGE),
        "results": [{"id": int(row["keep_id"]), "acronym": row["acronym"] or None} for row in shown],
    }
    return Answer(json.dumps(found).encode(), JSON, validators=False)


def programme_id(row: Row) -> int:
    return 300 + sum(map(ord, row["programme"])) % 90


def project(row: Row, night: int) -> dict[str, object]:
    partners = [found for found in table("keep_partnership", night) if found["keep_id"] == row["keep_id"]]
    if night == 2:
        partners.reverse()  # the order changes between reads
    return {
        "id": int(row["keep_id"]),
        "project_id": row["project_id"] or None,
        "acronym": row["acronym"] or None,
        "seo_name": re.sub(r"\W+", "-", row["title"])[:27] + "-EN",
        "status": None,
        "start_date": row["start_date"] or None,
        "end_date": row["end_date"] or None,
        "total_budget": row["total_budget"] or None,
        "eu_funding": row["eu_funding"] or None,
        "programme": {"id": programme_id(row), "title": row["programme"], "period": {"title": row["period"]}},
        "translations": {"en": {"name": row["title"], "description": row["description"]}},
        "partnerships": [partnership(found) for found in partners],
    }


def partnership(row: Row) -> dict[str, object]:
    return {
        "id": int(row["partnership_id"]),
        "type": row["type"],
        "legal_status": None,
        "organisation_type": row["organisation_type"] or None,
        "pic": row["pic"] or None,
        "beneficiary_id": row["beneficiary_id"] or None,
        "town": row["town"] or None,
        "location_json": None,
        "total_budget": row["total_budget"] or None,
        "co_financing_eur": None,
        "total_expenditure": None,
        "partner": {
            "id": sum(ord(sign) * at for at, sign in enumerate(row["name"] + row["country"], 1)),
            "name": row["name"],
            "country": {"title": row["country"]},
            "translations": {"en": {"name_translated": row["name"]}},
        },
    }


def open_data(request: Request, night: int) -> Answer:
    if not request.query.get("key"):
        return Answer(b'{"detail":"Authentication credentials were not provided."}', JSON, 403)
    by_programme: dict[str, list[object]] = {}
    for row in table("keep_project", night):
        if request.query.get("period") in (None, row["period"]):
            by_programme.setdefault(row["programme"], []).append(project(row, night))
    tree = {"Programmes": [{"title": title, "Projects": projects} for title, projects in by_programme.items()]}
    return Answer(json.dumps(tree, ensure_ascii=False).encode(), JSON)
