"""CORDIS by the door that its robots.txt leaves open: the search, then each project's XML.

Answers are those of PORTALS.md 1.4: totals are strings, `hits.hit` is a list, one object or
missing, and the key inside a hit names its content type. The XML is landed whole: its shape is
that of the bulk archive, so that one transform reads both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from lxml import etree
from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted

CEILING = 3000  # hits of one query beyond which the search is said to give no more


def hits(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The hits of a search answer as a list, whichever of its shapes it has."""
    box = answer.get("hits") or answer["result"].get("hits") or {}
    found = box.get("hit") or []
    return found if isinstance(found, list) else [found]


def total(answer: dict[str, Any]) -> int:
    """The announced number of hits; the portal writes it as a string."""
    return int(answer["result"]["header"]["totalHits"])


class Portal(PortalSpider):
    """Projects that the registry's queries find."""

    tolerated = 0.05
    pages_apart = True
    resumes = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: set[str] = set()

    def first_pages(self) -> Iterator[Request]:
        for query in self.source.start["queries"]:
            yield self.search(query, 1)

    def search(self, query: str, page: int, before: int = 0) -> Request:
        size = self.source.start["page_size"]
        path = "/search/en?" + urlencode({"q": query, "p": page, "num": size, "format": "json"})
        return self.list_page(path, self.parse_search, query=query, page=page, before=before)

    def parse_search(self, response: Response, query: str, page: int, before: int) -> Answer:
        answer = self.json(response)
        found = hits(answer)
        for hit in found:
            project = hit.get("project")
            if not project:
                continue  # the search finds articles and results as well
            if not re.fullmatch(r"\d{4,12}", project["id"]):
                raise Drifted(f"{self.canonical(response.url)}: a project number that is no number")
            if project["id"] not in self.seen:
                self.seen.add(project["id"])
                path = f"/project/id/{project['id']}?format=xml"
                yield self.detail_page(path, self.parse_project, project_id=project["id"])
        if before + len(found) >= total(answer):
            return
        if found:
            yield self.search(query, page + 1, before + len(found))
        else:
            where = self.canonical(response.url)
            way_out = "; narrow the query in the source's registry entry" if before >= CEILING else ""
            self.faults.append(("partial", f"{where}: {before} hits of {total(answer)} announced{way_out}"))

    def parse_project(self, response: Response, project_id: str) -> Answer:
        """Check that the answer is a project before it is landed: an error page comes with 200 too."""
        where = self.canonical(response.url)
        if not response.body.lstrip().startswith(b"<?xml"):
            raise Drifted(f"{where}: no XML where a project was asked for")
        root = etree.fromstring(response.body, etree.XMLParser(resolve_entities=False, no_network=True))
        if etree.QName(root).localname != "project" or root.findtext("{*}id") != project_id:
            raise Drifted(f"{where}: the XML is not that of project {project_id}")
        yield Document(
            source_id=project_id,
            url=f"{self.source.base_url}/project/id/{project_id}",
            name=f"{project_id}.xml",
            body=response.body,
        )
