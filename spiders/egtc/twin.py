"""The committee's site: the register as a workbook; old addresses answer 200 with the general page (PORTALS.md 6.1)."""

from __future__ import annotations

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found
from spiders.sandbox.workbook import XLSX, workbook

PAGE = "/en/our-work/cooperations-and-networks/european-grouping-territorial-cooperation"
LIST = "/sites/default/files/list-of-egtcs.xlsx"
GENERAL = b'<html><body><main><article class="c-card">European groupings of territorial cooperation</article></main></body></html>'
HEADINGS = {
    "Registration number": "number",
    "Name of the EGTC": "name",
    "Acronym": "acronym",
    "Seat": "seat_city",
    "Member State of the seat": "seat_country",
    "Date of registration": "registered",
    "Entry in the register": "entered",
    "Members": "members",
    "Official Journal": "notice",
}


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")
    if request.path == PAGE:
        return Answer(
            f'<html><body><main class="ecl-container"><a href="{LIST}">List of EGTCs</a></main></body></html>'.encode()
        )
    if request.path == LIST:
        rows = [[row[column] for column in HEADINGS.values()] for row in table("egtc", night)]
        return Answer(workbook({"EGTC": [["List of EGTCs"], [], list(HEADINGS), *rows]}), XLSX)
    if request.path.endswith(".aspx"):
        return Answer(GENERAL)
    return not_found()
