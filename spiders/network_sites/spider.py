"""Networks' own sites, driven by `networks.yml`: what a network says of itself, and whom it lists as members.

A site that fails, has gone or belongs to somebody else by now is named and keeps what was read last;
only where many fail at once has the source itself failed.
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
from spiders.wordpress import PAGES, pages_of

MANY = 0.34  # of all sites: then it is not the sites
MAIN = ("main", "article", "#content", ".entry-content", "body")
# What changes on a page by itself: ages, visitors, sessions.
COUNTERS = re.compile(r"(?i)\bage: \d+ days?\b|\b\d+ (?:visitors?|visits|views|online)\b|cHash=\w+|no_cache=\d")
PARKED = re.compile(r"(?i)domain (?:name )?is for sale|buy this domain|domain parking|hugedomains|sedo")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
STATED = re.compile(r"\b(\d{1,3}) (?:\w+ )?(?:cluster members|member clusters|members|clusters)\b")


class Portal(PortalSpider):
    """One network a site."""

    probed = 2  # what a network says of itself, and its members

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = yaml.safe_load((Path(__file__).parent / "networks.yml").read_text(encoding="utf-8"))
        self.networks: dict[str, dict[str, Any]] = {network["id"]: network for network in listed}
        self.troubles: dict[str, str] = {}  # by network

    def first_pages(self) -> Iterator[Request]:
        for key, network in self.networks.items():
            if network.get("wordpress"):
                origin = "/".join(network["about"][0].split("/")[:3])
                path = f"{origin}{PAGES}?per_page=100&page=1"
                yield self.detail_page(path, self.parse_wordpress, taken=(400, 401, 403, 404, 500), key=key)
            else:
                yield from self.pages(key)

    def pages(self, key: str) -> Iterator[Request]:
        for path in self.networks[key]["about"]:
            yield self.detail_page(path, self.parse_about, taken=(404, 410), key=key)
        for path in self.networks[key]["members"]:
            yield self.detail_page(path, self.parse_members, taken=(404, 410), key=key)

    # Troubles -------------------------------------------------------------------------------------
    def trouble(self, key: str, what: str, url: str = "") -> None:
        """Note what is wrong with a site; its page keeps what was read last, and is read anew the next night."""
        self.troubles.setdefault(key, what)
        if url in self.landing.known:
            self.landing.carry(url)
        else:
            self.landing.pages.pop(url, None)

    def missed(self, failure: Any) -> None:
        """A site that does not answer is a trouble of its own; robots and reservations are kept as everywhere."""
        key = failure.request.cb_kwargs.get("key", "")
        before = len(self.faults)
        super().missed(failure)
        for kind, what in self.faults[before:]:
            self.trouble(key, f"{kind}: {what}")
        del self.faults[before:]

    def closed(self, reason: str) -> None:
        """Say which sites failed and keep what they said last; many at once are a fault of the source."""
        hosts = {urlsplit(path).hostname for key in self.troubles for path in self.networks[key]["about"]}
        for url in self.landing.known:
            if url not in self.landing.pages and urlsplit(url).hostname in hosts:
                self.landing.carry(url)
        self.announced = len(self.landing.pages)  # what a site lacks is said in its trouble
        said = [f"{self.networks[key]['name']}: {what}" for key, what in self.troubles.items() if key in self.networks]
        self.notes += said
        if said and (self.left is not None or len(said) > MANY * len(self.networks)):
            kinds = {what.partition(":")[0] for what in self.troubles.values()}
            kind = next((k for k in ("refused_by_robots", "opt_out", "failed") if kinds == {k}), "drifted")
            self.faults.append((kind, f"{len(said)} of {len(self.networks)} sites failed, first: {said[0]}"))

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

    def parse_wordpress(self, response: Response, key: str) -> Answer:
        pages = pages_of(response)
        paths = {urlsplit(path).path.rstrip("/"): path for path in self.networks[key]["about"]}
        members = {urlsplit(path).path.rstrip("/") for path in self.networks[key]["members"]}
        found = False
        for page in pages:
            path = urlsplit(page.link).path.rstrip("/")
            body = Selector(text=f"<main><h1>{page.title}</h1>{page.html}</main>")
            if path in paths:
                found = True
                yield from self.of_about(body, page.link, key)
            elif path in members:
                yield from self.of_members(body, page.link, key)
        if not found:  # the interface is closed, or does not know the pages
            yield from self.pages(key)

    def parse_about(self, response: Response, key: str) -> Answer:
        url = self.asked(response)
        if response.status != 200:
            self.trouble(key, f"{url} answered {response.status}", url)
            return
        yield from self.of_about(page_of(response), url, key)

    def of_about(self, page: Selector, url: str, key: str) -> Answer:
        network = self.networks[key]
        main = self.main(page)
        texts = [text for text in map(text_of, main.css("p, li")) if len(text) > 40]
        if PARKED.search(text_of(page)):
            self.trouble(key, f"{url} is parked: the site belongs to somebody else by now", url)
            return
        if not texts:
            self.trouble(key, f"{url} has no text that is recognised", url)
            return
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
        if response.status != 200:
            self.trouble(key, f"{url} answered {response.status}", url)
        elif response.body.startswith(b"%PDF"):
            yield from self.listed(from_pdf(response.body), url, key)
        else:
            yield from self.of_members(page_of(response), url, key)

    def of_members(self, page: Selector, url: str, key: str) -> Answer:
        main = self.main(page)
        way, members = from_page(main)
        lists = [link for link in main.css('a[href$=".pdf"]::attr(href)').getall() if "member" in link.lower()]
        if (way in ("", "logos")) and lists:
            try:
                yield self.detail_page(urljoin(url, lists[0]), self.parse_members, taken=(404, 410), key=key)
            except Drifted as elsewhere:
                self.trouble(key, str(elsewhere), url)
            return
        yield from self.listed(members, url, key)

    def listed(self, members: list[Member], url: str, key: str) -> Answer:
        if not members:
            self.trouble(key, f"{url} lists no member that is recognised", url)
            return
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
