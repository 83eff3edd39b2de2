"""Registers and national lists: one page or several, one entry a cluster, all members of one network or scheme.

What differs between them stands in their `source.yml`: who the list is of, where its pages are, and
how an entry is told, by the headings of a table or by places in a card.  Several places are tried
in turn, for lists are laid out anew; a list where none fits has drifted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from spiders.html import clean, page_of, text_of
from spiders.portal import Answer, PortalSpider
from spiders.records import (
    ClaimRecord,
    Drifted,
    IdentifierRecord,
    MembershipRecord,
    NetworkRecord,
    OrganisationRecord,
    PassageRecord,
)

CLAIMED = ("label", "ecosystem", "members_stated", "legal_form")
SESSION = re.compile(r";jsessionid=[^?#]*|[?&]view=render\w+")


class DirectorySpider(PortalSpider):
    """A list of the members of one network, or of those who hold one label."""

    @property
    def layout(self) -> dict[str, Any]:
        return self.source.start

    def first_pages(self) -> Iterator[Request]:
        for path in self.layout.get("index", []):
            yield self.list_page(path, self.parse_index)
        for path in self.layout.get("pages", []):
            yield self.detail_page(path, self.parse_entries, first=True)

    def content(self, response: Response) -> bytes:
        """Only what a reader sees counts: sessions and scripts change by themselves."""
        return SESSION.sub("", text_of(page_of(response))).encode()

    def page_key(self, link: str) -> str:
        """An address without the session that a portal writes into it."""
        return SESSION.sub("", link)

    def parse_index(self, response: Response) -> Answer:
        links = self.first(page_of(response), self.layout["links"], every=True)
        if not links:
            raise Drifted(
                f"{self.canonical(response.url)}: no link to a list; look at `links` in the source's registry entry"
            )
        for link in dict.fromkeys(map(self.page_key, links)):
            yield self.detail_page(urljoin(self.canonical(response.url), link), self.parse_entries)

    def parse_entries(self, response: Response, first: bool = False) -> Answer:
        url = self.asked(response)
        entries = list(self.entries(response))
        if not entries and (first or not text_of(page_of(response))):
            raise Drifted(f"{url}: no entry was recognised; look at `rows` in the source's registry entry")
        if first:
            yield from self.of_the_list(response, url)
        for entry in entries:
            yield from self.of_an_entry(entry, url)
        if following := self.first(page_of(response), self.layout.get("next", [])):
            path = urljoin(self.canonical(response.url), self.page_key(following[0]))
            yield self.detail_page(path, self.parse_entries)

    # Entries ------------------------------------------------------------------------------------
    def entries(self, response: Response) -> Iterator[dict[str, str]]:
        """The entries of a page as our field names and the portal's words; a table first, then cards."""
        for table, places in self.tables(response):
            for row in table.css("tr")[1:]:
                cells = row.css("td")
                found = {
                    field: self.cell(cells[at], field)
                    for field, at in places.items()
                    if at is not None and at < len(cells)
                }
                if found.get("name"):
                    yield {"own_page": "", **found}
        for place in self.layout.get("rows", []):
            cards = response.css(place)
            for card in cards:
                found = {field: (self.first(card, css) or [""])[0] for field, css in self.layout["fields"].items()}
                if found.get("name"):
                    yield found
            if cards:
                return

    def tables(self, response: Response) -> Iterator[tuple[Selector, dict[str, int | None]]]:
        """Tables that have a column of names, with the place of each column."""
        for table in response.css("table"):
            headings = [clean(text_of(cell)).rstrip(":").lower() for cell in table.css("tr")[:1].css("th, td")]
            places = {field: self.column(headings, labels) for field, labels in self.layout.get("columns", {}).items()}
            if places.get("name") is not None:
                yield table, places

    @staticmethod
    def column(headings: list[str], labels: list[str]) -> int | None:
        """Which column bears one of the labels."""
        wanted = [label.lower() for label in labels]
        return next((at for at, heading in enumerate(headings) if heading in wanted), None)

    @staticmethod
    def cell(cell: Selector, field: str) -> str:
        link = cell.css("a::attr(href)").get()
        return link if field == "website" and link else text_of(cell)

    @staticmethod
    def first(node: Selector, places: list[str], every: bool = False) -> list[str]:
        """What stands at the first of the places that holds anything."""
        for place in places:
            found = [text for text in map(clean, node.css(place).getall()) if text]
            if found:
                return found if every else found[:1]
        return []

    # Records ------------------------------------------------------------------------------------
    @property
    def of(self) -> dict[str, Any]:
        """The network or scheme that the list is of."""
        found: dict[str, Any] = self.layout["network"]
        return found

    def of_the_list(self, response: Response, url: str) -> Answer:
        of = {key: value for key, value in self.of.items() if key not in ("id", "aliases")}
        yield NetworkRecord(source_id=self.of["id"], url=url, aliases=tuple(self.of.get("aliases", ())), **of)
        for place in self.layout.get("text", []):
            for paragraph in response.css(place):
                if text := text_of(paragraph):
                    yield PassageRecord(
                        source_id=self.of["id"],
                        url=url,
                        subject_kind="network",
                        subject_id=self.of["id"],
                        text=text,
                        language=self.of.get("language"),
                    )

    def of_an_entry(self, entry: dict[str, str], url: str) -> Answer:
        key = self.entry_key(entry)
        linked = urljoin(url, self.page_key(entry.get("own_page", "")))
        where = linked if linked.startswith("http") else url
        yield OrganisationRecord(
            source_id=key,
            url=where,
            name=entry["name"],
            short_name=entry.get("short_name") or None,
            kind=self.layout.get("kind", "cluster"),
            city=entry.get("city") or None,
            region=entry.get("region") or None,
            country=entry.get("country") or self.of_country() or None,
            website=entry.get("website") or None,
            geolocation=entry.get("geolocation") or None,
        )
        for valid_from, valid_to in self.spells(entry):
            yield MembershipRecord(
                source_id=f"{key}:{valid_from or ''}",
                url=where,
                network_id=self.of["id"],
                organisation_id=key,
                organisation_name=entry["name"],
                country=entry.get("country") or self.of_country() or None,
                role=entry.get("role") or "member",
                valid_from=valid_from,
                valid_to=valid_to,
                basis=self.layout.get("basis", "declared member"),
            )
        for attribute in CLAIMED:
            if value := entry.get(attribute):
                yield ClaimRecord(
                    source_id=key,
                    url=where,
                    subject_kind="organisation",
                    subject_id=key,
                    attribute=attribute,
                    value=value,
                )
        if number := entry.get("number"):
            yield IdentifierRecord(
                source_id=key,
                url=where,
                entity_kind="organisation",
                entity_id=key,
                scheme=self.layout["scheme"],
                value=number,
            )

    def entry_key(self, entry: dict[str, str]) -> str:
        """What names an entry in its list: the register's number, else the name and country."""
        if entry.get("number"):
            return entry["number"]
        return ":".join(filter(None, (entry["name"].casefold(), entry.get("country", "").casefold())))

    def of_country(self) -> str:
        return str(self.layout.get("country", ""))

    def spells(self, entry: dict[str, str]) -> list[tuple[str | None, str | None]]:
        """From when to when it is in the list; a list that shows only today leaves both open."""
        return [(entry.get("valid_from") or None, entry.get("valid_to") or None)]
