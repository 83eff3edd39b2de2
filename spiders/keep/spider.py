"""keep.eu: the documented open-data call where a key is set, else the site's own index and project calls.

The index holds six projects a page, newest first, has no date of change and ignores filters unless
the site's whole body is sent.  So a night reads the newest pages, takes over what it knows, and goes on
where the nights before stopped, up to a budget: a full read takes several nights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import (
    Drifted,
    IdentifierRecord,
    OrganisationRecord,
    ParticipationRecord,
    PassageRecord,
    ProjectRecord,
)

PER_PAGE = 6
NOT_PUBLISHED = {"", "n/a", "n.a.", "na", "not applicable", "-"}
# What the site itself sends: anything less is accepted, and the filters in it ignored.
TEMPLATE: dict[str, Any] = {
    "projects": {},
    "programmes": {"available": []},
    "partners": {},
    "contribution_2014_2020": {},
    "contribution_2021_2027": {},
    "search": "",
    "documents": {},
    "project_lang": "en",
}


def published(value: Any) -> str | None:
    """A value as text; null, and the words with which programmes say 'none', are nothing."""
    text = str(value).strip() if value is not None else ""
    return None if text.casefold() in NOT_PUBLISHED else text


def english(found: dict[str, Any], field: str) -> str | None:
    """A translated field, in English where there is one; detection of languages files English under others too."""
    translations = found.get("translations") or {}
    for language in ("en", *sorted(translations)):
        if text := published((translations.get(language) or {}).get(field)):
            return text
    return None


class Portal(PortalSpider):
    """Projects of Interreg programmes with their partnerships."""

    tolerated = 0.05
    pages_apart = True
    resumes = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.budget = int(self.source.start["projects_a_night"])

    def first_pages(self) -> Iterator[Request]:
        if self.key and self.left is None:  # a look does not take the whole tree
            yield self.detail_page("/api/open-data?" + urlencode({"key": self.key}), self.parse_tree)
        else:
            yield self.index(1)

    def index(self, page: int) -> Request:
        body = json.dumps({**TEMPLATE, "page": page})
        sent = {"method": "POST", "body": body, "headers": {"Content-Type": "application/json"}}
        return self.list_page(f"/api/search/projects/?page={page}", self.parse_index, sent, page=page)

    # Index ----------------------------------------------------------------------------------------
    def parse_index(self, response: Response, page: int) -> Answer:
        answer = self.json(response)
        if not isinstance(answer.get("results"), list) or "total_pages" not in answer:
            raise Drifted(f"{self.canonical(response.url)}: no `results` with `total_pages` in the index")
        numbers = [result["id"] for result in answer["results"]]
        unknown = 0
        for number in numbers:
            path = f"/api/project/{number}/"
            if self.canonical(self.absolute(path)) in self.landing.known:
                self.announced += 1
                self.landing.carry(self.canonical(self.absolute(path)))
            elif self.budget > 0:
                unknown += 1
                self.budget -= 1
                yield self.detail_page(path, self.parse_project)
        last = int(answer["total_pages"])
        following = page + 1 if unknown or page == 1 else self.beyond_known(page)
        if numbers and following <= last and self.budget > 0:
            yield self.index(following)
        elif following <= last:
            read = len(self.landing.pages) + len(self.landing.known)
            self.notes.append(
                f"about {read:,} of {answer.get('count', '?'):,} projects are read; the next night goes on"
            )
        if self.budget <= 0 or following > last:
            yield from self.carry_rest()

    def beyond_known(self, page: int) -> int:
        """The page where the nights before stopped: what they read stands in one run below the newest."""
        return max(page + 1, len(self.landing.known) // PER_PAGE + 1)

    def carry_rest(self) -> Answer:
        """Projects of earlier nights on pages that were skipped tonight: they are not gone.

        What is left of the night's budget looks again at those that were read longest ago, for a
        programme is imported anew as a whole and the index does not say when.
        """
        rest = [url for url in self.landing.known if url not in self.landing.pages and "/api/project/" in url]
        for url in rest:
            self.announced += 1
            self.landing.carry(url)
        yield from self.read_again()

    def read_again(self) -> Answer:
        oldest = (
            datetime.fromisoformat(self.now) - timedelta(days=self.source.start["read_again_after_days"])
        ).strftime("%Y-%m-%dT%H:%M:%SZ")
        looked = {url: page.checked_at or page.fetched_at for url, page in self.landing.known.items()}
        stale = sorted((when, url) for url, when in looked.items() if when < oldest)
        for _, url in stale[: max(self.budget, 0)]:
            self.budget -= 1
            self.announced -= 1  # counted when it was carried
            yield self.detail_page(url, self.parse_project)

    # Projects -------------------------------------------------------------------------------------
    def parse_tree(self, response: Response) -> Answer:
        """The open-data call: programmes hold projects, projects hold partnerships."""
        answer = self.json(response, object)
        programmes = answer if isinstance(answer, list) else answer.get("Programmes") or answer.get("programmes")
        if not isinstance(programmes, list):
            raise Drifted(f"{self.canonical(response.url)}: no tree of programmes")
        for programme in programmes:
            for project in programme.get("Projects") or programme.get("projects") or []:
                project.setdefault("programme", {"title": programme.get("title") or programme.get("name")})
                project.setdefault("partnerships", project.get("Partnerships") or [])
                yield from self.of_a_project(project)

    def parse_project(self, response: Response) -> Answer:
        yield from self.of_a_project(self.json(response))

    def of_a_project(self, project: dict[str, Any]) -> Answer:
        number = str(project.get("id") or "")
        if not number.isdigit() or not isinstance(project.get("partnerships"), list):
            raise Drifted(f"{self.source.base_url}: a project without `id` or `partnerships`")
        url = f"{self.source.base_url}/projects/{number}/"
        title = english(project, "name") or published(project.get("acronym"))
        if not title:
            raise Drifted(f"{url}: a project without name and acronym")
        programme = (project.get("programme") or {}).get("title")
        yield ProjectRecord(
            source_id=number,
            url=url,
            title=title,
            acronym=published(project.get("acronym")),
            framework="Interreg",
            programme=programme,
            start_date=published(project.get("start_date")),
            end_date=published(project.get("end_date")),
            status=published(project.get("status")),
            eu_contribution=published(project.get("eu_funding")),
            total_cost=published(project.get("total_budget")),
        )
        for text in (title, english(project, "description")):
            if text:
                yield PassageRecord(
                    source_id=number, url=url, subject_kind="project", subject_id=number, text=text, language="en"
                )
        # The order of partnerships changes between reads: their number, unique in the whole base, is the key.
        for position, partnership in enumerate(sorted(project["partnerships"], key=lambda found: found["id"]), 1):
            yield from self.of_a_partnership(partnership, number, url, position)

    def of_a_partnership(self, found: dict[str, Any], project: str, url: str, position: int) -> Answer:
        partner = found["partner"]
        key = f"partner-{partner['id']}"
        place = found.get("location_json") or {}
        country = (partner.get("country") or found.get("country_department") or {}).get("title")
        yield OrganisationRecord(
            source_id=key,
            url=url,
            name=partner["name"],
            street=published(found.get("street")),
            postcode=published(found.get("postcode")),
            city=published(found.get("town")),
            country=country,
            geolocation=f"{place['lat']},{place['lng']}" if place.get("lat") and place.get("lng") else None,
        )
        yield ParticipationRecord(
            source_id=str(found["id"]),
            url=url,
            project_id=project,
            organisation_id=key,
            position=str(position),
            role=found.get("type"),
            eu_contribution=published(found.get("co_financing_eur")),
            total_cost=published(found.get("total_budget")),
        )
        if pic := published(found.get("pic")):
            yield IdentifierRecord(
                source_id=key, url=url, entity_kind="organisation", entity_id=key, scheme="PIC", value=pic
            )
