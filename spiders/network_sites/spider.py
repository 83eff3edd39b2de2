"""Networks' own sites, driven by `networks.yml`: what a network says of itself, and whom it lists as members.

Each site is a part of its own: one that fails, has gone or belongs to somebody else by now harms no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from spiders.html import page_of, text_of
from spiders.network_sites.members import Member, from_page, from_pdf
from spiders.portal import Answer, PortalSpider
from spiders.records import ClaimRecord, Drifted, MembershipRecord, NetworkRecord, OrganisationRecord, PassageRecord
from spiders.wordpress import CLOSED, PAGES, following, pages_of

MAIN = ("main", "article", "#content", ".entry-content", "body")
# What changes on a page by itself: ages, visitors, sessions.
COUNTERS = re.compile(r"(?i)\bage: \d+ days?\b|\b\d+ (?:visitors?|visits|views|online)\b|cHash=\w+|no_cache=\d")
PARKED = re.compile(r"(?i)domain (?:name )?is for sale|buy this domain|domain parking|hugedomains|sedo")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
STATED = re.compile(r"\b(\d{1,3}) (?:\w+ )?(?:cluster members|member clusters|members|clusters)\b")


def path_of(address: str) -> str:
    return urlsplit(address).path.rstrip("/")


class Portal(PortalSpider):
    """One network a site."""

    probed = 2  # what a network says of itself, and its members

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = yaml.safe_load((Path(__file__).parent / "networks.yml").read_text(encoding="utf-8"))
        self.networks: dict[str, dict[str, Any]] = {network["id"]: network for network in listed}

    def first_pages(self) -> Iterator[Request]:
        for key, network in self.networks.items():
            if network.get("wordpress"):
                origin = "/".join(network["about"][0].split("/")[:3])
                path = f"{origin}{PAGES}?per_page=100&page=1"
                yield self.detail_page(path, self.parse_wordpress, taken=CLOSED, part=network["name"], key=key)
            else:
                yield from self.pages(key)

    def pages(self, key: str, wanted: list[str] | None = None) -> Iterator[Request]:
        """The pages of a network, or those of them that are wanted."""
        network = self.networks[key]
        for paths, callback in ((network["about"], self.parse_about), (network["members"], self.parse_members)):
            for path in paths:
                if wanted is None or path in wanted:
                    yield self.detail_page(path, callback, part=network["name"], key=key)

    # Pages ----------------------------------------------------------------------------------------
    def content(self, response: Response) -> bytes:
        """Only what a reader sees counts, without what changes by itself."""
        if response.body.lstrip()[:1] != b"<":
            return response.body
        scripts = " ".join(response.css("script::text").getall())
        images = " ".join(response.css("img::attr(alt), img::attr(src)").getall())
        return COUNTERS.sub("", f"{text_of(page_of(response))} {scripts} {images}").encode()

    @staticmethod
    def main(page: Selector) -> Selector:
        return next((found[0] for place in MAIN if (found := page.css(place))), page)

    def parse_wordpress(self, response: Response, key: str, missing: list[str] | None = None) -> Answer:
        """The wanted pages among those of an answer; those that no answer holds are asked for as web pages."""
        network = self.networks[key]
        wanted = network["about"] + network["members"] if missing is None else missing
        held = {path_of(page.link): page for page in pages_of(response)}
        for path in wanted:
            if page := held.get(path_of(path)):
                body = Selector(text=f"<main><h1>{page.title}</h1>{page.html}</main>")
                read = self.of_about if path in network["about"] else self.of_members
                yield from read(body, page.link, key)
        wanted = [path for path in wanted if path_of(path) not in held]
        if not wanted:
            return
        if next_page := following(response):
            yield self.detail_page(
                urljoin(self.asked(response), next_page), self.parse_wordpress, taken=CLOSED, key=key, missing=wanted
            )
        else:  # the interface is closed, or does not know the pages
            yield from self.pages(key, wanted)

    def parse_about(self, response: Response, key: str) -> Answer:
        yield from self.of_about(page_of(response), self.asked(response), key)

    def of_about(self, page: Selector, url: str, key: str) -> Answer:
        network = self.networks[key]
        main = self.main(page)
        texts = [text for text in map(text_of, main.css("p, li")) if len(text) > 40]
        if PARKED.search(text_of(page)):
            raise Drifted(f"{url} is parked: the site belongs to somebody else by now")
        if not texts:
            raise Drifted(f"{url} has no text that is recognised")
        language = page.css("html::attr(lang)").get() or network.get("language")
        yield self.of_network(key, url)
        for text in texts:
            text = COUNTERS.sub("", text).strip()
            yield PassageRecord(
                source_id=key, url=url, subject_kind="network", subject_id=key, text=text, language=language
            )
        # A sentence with a year speaks of its time, not of today.
        today = [
            sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text) if not YEAR.search(sentence)
        ]
        if stated := STATED.search(" ".join(today)):
            yield ClaimRecord(
                source_id=f"{key}:{url}",
                url=url,
                subject_kind="network",
                subject_id=key,
                attribute="members_stated",
                value=stated[1],
            )

    def of_network(self, key: str, url: str) -> NetworkRecord:
        network = self.networks[key]
        website = "/".join(network["about"][0].split("/")[:3]) if network.get("website", True) else None
        return NetworkRecord(
            source_id=key,
            url=url,
            name=network["name"],
            acronym=network.get("acronym"),
            website=website,
            language=network.get("language"),
            aliases=tuple(network.get("aliases", ())),
        )

    # Members --------------------------------------------------------------------------------------
    def parse_members(self, response: Response, key: str) -> Answer:
        url = self.asked(response)
        if response.body.startswith(b"%PDF"):
            yield from self.listed(from_pdf(response.body), url, key)
        else:
            yield from self.of_members(page_of(response), url, key)

    def of_members(self, page: Selector, url: str, key: str) -> Answer:
        main = self.main(page)
        way, members = from_page(main)
        lists = [link for link in main.css('a[href$=".pdf"]::attr(href)').getall() if "member" in link.lower()]
        if way in ("", "logos") and lists:
            yield self.detail_page(urljoin(url, lists[0]), self.parse_members, key=key)
        else:
            yield from self.listed(members, url, key)

    def listed(self, members: list[Member], url: str, key: str) -> Answer:
        if not members:
            raise Drifted(f"{url} lists no member that is recognised")
        for member in members:
            name = f"{key}:{member.name.casefold()}"
            yield OrganisationRecord(
                source_id=name,
                url=url,
                name=member.name,
                country=member.country,
                city=member.city,
                website=member.website,
                geolocation=member.position,
            )
            yield MembershipRecord(
                source_id=f"{name}@{urlsplit(url).path}",
                url=url,
                network_id=key,
                organisation_id=name,
                organisation_name=member.name,
                country=member.country,
                city=member.city,
                role=member.role or "member",
            )
