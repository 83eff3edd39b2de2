"""ECCP: lists of cluster organisations, networks and partnerships, and a page for each.

Two generations of markup live side by side (PORTALS.md 2.2 to 2.4), so each thing is looked for in
every place where it was seen.  Persons ('Submitted by'), e-mail addresses and social links stay
outside: only labelled fields, the body text and links to other profiles are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from spiders.html import clean, text_of
from spiders.portal import LOG_IN, Answer, PortalSpider
from spiders.records import (
    ClaimRecord,
    Drifted,
    MembershipRecord,
    NetworkRecord,
    OrganisationRecord,
    PassageRecord,
)

ITEMS = (
    '.search-result-item a[href^="/content/"]',
    ".view-content .views-row h3 a",
    '.view-content .views-row a[href*="profile"]',
    "article.card a.card-link",
)
NEXT = (
    "a[rel=next]",
    'a[aria-label="Next page"]',
    ".pager__item--next a",
    "li.pager-next a",
)
# A page about a generation as a whole: an instrument of policy, not one of its partnerships.
INSTRUMENT = re.compile(r"(?i)\b(?:first|second|third) generation\b|\bcall for proposals\b")
LASTMOD = re.compile(r"<loc>([^<]+)</loc>\s*<lastmod>([^<]+)</lastmod>")
LONGEST_SITEMAP = 50  # pages
MEMBER_ROWS = (".view-members .views-row", ".field--name-field-members .field__item")
MEMBER_NEXT = (".view-members a[rel=next]", ".view-members li.pager-next a")
LABELLED = (
    (".field", ".field__label", ".field__item"),
    (".field", ".field-label", ".field-item"),
    ("tr", "th", "td"),
)
BODY = (".field--name-body", ".field-name-body", "article .node__content")

# The portal's label -> what it is. Labels that are known and not wanted map to None.
LABELS: dict[str, str | None] = {
    "country": "country",
    "city": "city",
    "region": "region",
    "website": "website",
    "acronym": "acronym",
    "full name": "full_name",
    "industrial ecosystem": "ecosystem",
    "industrial ecosystems": "ecosystem",
    "programme": "programme",
    "call": "call",
    "legal form": "legal_form",
    "year of foundation": "founded",
    "staff (fte)": "staff_fte",
    "number of members": "members_stated",
    "number of countries": "countries_stated",
    "type of members": "member_type",
    "escp-4i status": "label_status",
    "start of partnership": "start_date",
    "end of partnership": "end_date",
    "partnership duration": "duration",
    "total number of partners": "members_stated",
    "number of partners": "members_stated",
    "total number of smes involved in the partnership": "smes_stated",
    "targeted third countries": "targeted_countries",
    "previous initiatives": "previous",
    "partnership's origin": "previous",
    "partnership objectives": "objectives",
    "sectoral industries": "sector",
    "technology fields": "sector",
    "s3 eu priority areas": "sector",
    "emerging industries": "sector",
    "formerly known as": "former_name",
    "contact": None,
    "contact person": None,
    "e-mail": None,
    "phone": None,
    "partnership planned events": None,
    "number of planned exchanges": None,
    "results expected": "objectives",
}
CLAIMS = (
    "legal_form",
    "founded",
    "staff_fte",
    "members_stated",
    "countries_stated",
    "label_status",
    "targeted_countries",
    "smes_stated",
    "sector",
    "ecosystem",
    "duration",
)


class Portal(PortalSpider):
    """Profiles of cluster organisations, networks and partnerships."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.node_pages: dict[str, str] = {}
        self.listed: set[str] = set()
        self.changed: dict[str, str] = {}  # path -> when it was changed last, to the minute

    def first_pages(self) -> Iterator[Request]:
        if self.landing.known:  # what did not change since need not be asked for
            yield self.list_page(self.source.start["sitemap"], self.parse_sitemap, taken=(404, 403), page=1)
        else:
            yield from self.lists()

    def lists(self) -> Iterator[Request]:
        for kind, addresses in self.source.start["lists"].items():
            yield self.list_page(addresses[0], self.parse_list, kind=kind, others=addresses[1:], first=True)
        for address in self.source.start["generations"]:
            yield self.list_page(address, self.parse_generation, taken=(404, 410))

    # Sitemap ----------------------------------------------------------------------------------
    def parse_sitemap(self, response: Response, page: int) -> Answer:
        """When each page was changed last; the lists follow, with or without that knowledge."""
        changed = LASTMOD.findall(response.text) if response.status == 200 else []
        for address, moment in changed:
            # The host there is the command line's `default`, and seconds are missing.
            self.changed[urlsplit(address).path] = moment[:16]
        if changed and page < LONGEST_SITEMAP:
            following = re.sub(r"page=\d+", f"page={page + 1}", self.source.start["sitemap"])
            yield self.list_page(following, self.parse_sitemap, taken=(404, 403), page=page + 1)
        else:
            yield from self.lists()

    def unchanged_since_read(self, path: str) -> bool:
        """Whether the sitemap says that a page did not change after it was read."""
        before = self.landing.known.get(self.canonical(self.absolute(path)))
        return bool(
            before and path in self.changed and self.changed[path] < (before.checked_at or before.fetched_at)[:16]
        )

    def profile(self, path: str, kind: str) -> Answer:
        """A profile, asked for where it may have changed."""
        if path in self.listed:
            return
        self.listed.add(path)
        if self.unchanged_since_read(path):
            url = self.canonical(self.absolute(path))
            self.announced += 1
            self.landing.carry(url)
            yield from self.continued(url)
        else:
            yield self.detail_page(path, self.parse_profile, kind=kind)

    def content(self, response: Response) -> bytes:
        """Only the main part counts: footers, counters and theme-debug comments change by themselves."""
        return text_of(self.main(response)).encode()

    @staticmethod
    def main(response: Response) -> Selector:
        for place in ("main", "article", "#content", "body"):
            if found := response.css(place):
                return found[0]
        raise Drifted(f"{response.url}: no page body")

    # Lists ------------------------------------------------------------------------------------
    def parse_list(self, response: Response, kind: str, others: list[str], first: bool = False) -> Answer:
        links: list[str] = []
        for place in ITEMS:
            links = [link for link in response.css(f"{place}::attr(href)").getall() if not link.endswith("/expertise")]
            if links:
                break
        if first and not links:
            if not others:
                where = self.canonical(response.url)
                raise Drifted(f"{where}: no list of kind '{kind}' has items; look at ITEMS in eccp/spider.py")
            yield self.list_page(others[0], self.parse_list, kind=kind, others=others[1:], first=True)
            return
        for link in links:
            yield from self.profile(urlsplit(urljoin(response.url, link)).path, kind)
        if links and (following := self.first(response, NEXT, "::attr(href)")):
            path = urljoin(self.canonical(response.url), following)
            yield self.list_page(path, self.parse_list, kind=kind, others=[])

    def parse_generation(self, response: Response) -> Answer:
        """The list of one generation of partnerships; one that is gone is noted."""
        links = next((found for place in ITEMS if (found := response.css(f"{place}::attr(href)").getall())), [])
        if response.status != 200 or not links:
            self.notes.append(f"{self.canonical(response.url)} lists no partnership any more")
        for link in links:
            yield from self.profile(urlsplit(urljoin(response.url, link)).path, "partnership")
        if links and (following := self.first(response, NEXT, "::attr(href)")):
            yield self.list_page(
                urljoin(self.canonical(response.url), following), self.parse_generation, taken=(404, 410)
            )

    @staticmethod
    def first(node: Selector | Response, places: tuple[str, ...], suffix: str = "") -> str | None:
        for place in places:
            if found := node.css(place + suffix).get():
                return found
        return None

    # Profiles ---------------------------------------------------------------------------------
    def asks_for_log_in(self, response: Response) -> bool:
        title = response.css("title::text").get(default="")
        return LOG_IN in response.url or title.startswith("Log in |")

    def parse_profile(self, response: Response, kind: str) -> Answer:
        asked = self.asked(response)
        main = self.main(response)
        name = self.title(response, main)
        node_id = self.node_id(response, asked)
        fields = self.fields(main)
        language = response.css("html::attr(lang)").get()
        if kind == "organisation":
            yield self.organisation(node_id, asked, name, fields)
            subject = "organisation"
        else:
            yield self.network(node_id, asked, name, fields, kind, language)
            yield from self.members(response, main, node_id, asked)
            subject = "network"
        for attribute in CLAIMS:
            for value in fields.get(attribute, []):
                yield ClaimRecord(
                    source_id=node_id,
                    url=asked,
                    subject_kind=subject,
                    subject_id=node_id,
                    attribute=attribute,
                    value=value,
                )
        for text in self.texts(main, fields):
            yield PassageRecord(
                source_id=node_id,
                url=asked,
                subject_kind=subject,
                subject_id=node_id,
                text=text,
                language=language,
            )

    def title(self, response: Response, main: Selector) -> str:
        for place in ("h1", "article > span.field", "article h2"):
            if (found := main.css(place)) and (text := text_of(found[0])):
                return text
        if title := response.css("title::text").get(default="").split(" | ")[0].strip():
            return title
        raise Drifted(f"{self.canonical(response.url)}: a profile without a title")

    def node_id(self, response: Response, asked: str) -> str:
        """The node's number, which outlives its address; the address where no number is shown."""
        number = response.css("article::attr(data-history-node-id)").get(default="")
        short = re.search(r"/node/(\d+)", response.css("link[rel=shortlink]::attr(href)").get(default=""))
        node = number if number.isdigit() else short[1] if short else ""
        # Two pages that show one number are two profiles all the same.
        if node and self.node_pages.setdefault(node, asked) == asked:
            return node
        return urlsplit(asked).path

    def fields(self, main: Selector) -> dict[str, list[str]]:
        """Labelled values by our word for them; a label never seen before is counted and reported."""
        found: dict[str, list[str]] = {}
        for box, label_place, value_place in LABELLED:
            for field in main.css(box):
                labels = field.css(label_place)
                if not labels:
                    continue
                label = text_of(labels[0]).rstrip(":").lower()
                if label not in LABELS:
                    self.unknown_labels[label] += 1
                    continue
                word = LABELS[label]
                values = [text for text in map(text_of, field.css(value_place)) if text]
                if word:
                    found.setdefault(word, []).extend(values)
        return found

    def organisation(self, node_id: str, url: str, name: str, fields: dict[str, list[str]]) -> OrganisationRecord:
        value = {key: values[0] for key, values in fields.items() if values}
        return OrganisationRecord(
            source_id=node_id,
            url=url,
            name=name,
            short_name=value.get("acronym"),
            kind="cluster",
            city=value.get("city"),
            region=value.get("region"),
            country=value.get("country"),
            website=value.get("website"),
            ecosystem="|".join(fields.get("ecosystem", [])) or None,
        )

    def network(
        self, node_id: str, url: str, name: str, fields: dict[str, list[str]], kind: str, language: str | None
    ) -> NetworkRecord:
        value = {key: values[0] for key, values in fields.items() if values}
        aliases = tuple(fields.get("full_name", []) + fields.get("former_name", []))
        return NetworkRecord(
            source_id=node_id,
            url=url,
            name=name,
            acronym=value.get("acronym"),
            kind="instrument" if INSTRUMENT.search(name) else kind,
            member_type=value.get("member_type"),
            website=value.get("website"),
            programme=value.get("programme"),
            call=value.get("call"),
            start_date=value.get("start_date"),
            end_date=value.get("end_date"),
            language=language,
            aliases=aliases,
            previous=tuple(fields.get("previous", [])),
        )

    def members(self, response: Response, main: Selector, node_id: str, asked: str) -> Answer:
        """Members on the profile itself; a long list goes on in a pager of its own."""
        for place in MEMBER_ROWS:
            for row in main.css(place):
                links = row.css('a[href^="/content/"]')
                name = text_of(links[0]) if links else clean(row.css(".member-name::text").get(default=""))
                if not name:
                    continue
                link = links[0].attrib["href"] if links else name
                yield MembershipRecord(
                    source_id=f"{node_id}:{link}",
                    url=asked,
                    network_id=node_id,
                    organisation_id=link,
                    organisation_name=name,
                    country=row.css(".country::text").get(),
                    city=row.css(".city::text").get(),
                    role=row.css(".role::text").get(),
                    valid_from=row.css(".since::text").get(),
                    valid_to=row.css(".until::text").get(),
                )
        if following := self.first(main, MEMBER_NEXT, "::attr(href)"):
            path = urljoin(self.canonical(response.url), following)
            yield self.detail_page(path, self.parse_more_members, node_id=node_id, asked=asked)

    def parse_more_members(self, response: Response, node_id: str, asked: str) -> Answer:
        yield from self.members(response, self.main(response), node_id, asked)

    def texts(self, main: Selector, fields: dict[str, list[str]]) -> list[str]:
        texts = list(fields.get("objectives", []))
        for place in BODY:
            if found := main.css(place):
                texts.extend(filter(None, (text_of(block) for block in found[0].css("p, li"))))
                break
        return texts
