"""What the spiders of all portals share: addresses, conditional requests, and 'drifted' said aloud."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from scrapy import Request, Spider
from scrapy.http import Response

from spiders.landing import Landing, Page
from spiders.records import Drifted, Record
from spiders.registry import Source

Answer = Iterator[Record | Request]
Callback = Callable[..., Answer]
LOG_IN = "/user/login"


class PortalSpider(Spider):
    """A spider of one source.

    `base_url` is the portal, or its twin; addresses in records are always those of the portal.
    """

    def __init__(self, source: Source, base_url: str, landing: Landing, now: str, **kwargs: Any):
        super().__init__(name=source.name, **kwargs)
        self.source = source
        self.base_url = base_url.rstrip("/")
        self.landing = landing
        self.now = now
        self.announced = 0  # detail pages that lists and profiles point to
        hosts = {urlsplit(address).hostname or "" for address in (base_url, source.base_url)}
        # A redirect to another host is not followed: its pages would pass for the portal's.
        self.allowed_domains = sorted(hosts | {host.removeprefix("www.") for host in hosts})
        self.gone_pages = 0  # pages that a list still names and the portal no longer has
        self.closed_pages = 0  # pages that only registered users see
        self.faults: list[tuple[str, str]] = []
        self.unknown_labels: Counter[str] = Counter()

    # Addresses ------------------------------------------------------------------------------
    def absolute(self, path: str) -> str:
        """The address to fetch for a path, or for an address of the portal."""
        parts = urlsplit(urljoin(self.source.base_url + "/", path))
        return self.base_url + urlunsplit(("", "", parts.path, parts.query, ""))

    def canonical(self, url: str) -> str:
        """The portal's own address of a page that may have come from its twin."""
        parts = urlsplit(url)
        return self.source.base_url + urlunsplit(("", "", parts.path, parts.query, ""))

    def asked(self, response: Response) -> str:
        """The portal's own address of the page that was asked for, before any redirect."""
        return self.canonical((response.meta.get("redirect_urls") or [response.url])[0])

    # Requests -------------------------------------------------------------------------------
    def list_page(self, path: str, callback: Callback, **cb_kwargs: Any) -> Request:
        """A page that announces others: always read in full, for its links are needed."""
        return Request(self.absolute(path), self.guarded(callback), errback=self.missed, cb_kwargs=cb_kwargs)

    def detail_page(self, path: str, callback: Callback, **cb_kwargs: Any) -> Request:
        """A page that yields records: asked for conditionally, parsed only when it changed."""
        self.announced += 1
        request = Request(self.absolute(path), self.once_changed(callback), errback=self.missed, cb_kwargs=cb_kwargs)
        request.meta["handle_httpstatus_list"] = [304]
        request.meta["again"] = {"path": path, "callback": callback.__name__, "arguments": cb_kwargs}
        if before := self.landing.known.get(self.canonical(request.url)):
            if before.etag:
                request.headers["If-None-Match"] = before.etag
            if before.last_modified:
                request.headers["If-Modified-Since"] = before.last_modified
        return request

    def once_changed(self, callback: Callback) -> Callback:
        guarded = self.guarded(callback)

        def parse(response: Response, **cb_kwargs: Any) -> Answer:
            url = self.asked(response)
            if response.status == 304:
                self.landing.carry(url)
                yield from self.continued(url)
                return
            if self.asks_for_log_in(response):
                self.closed_pages += 1
                return
            header = response.headers.get
            page = Page(
                url=url,
                fetched_at=self.now,
                digest=hashlib.sha256(self.content(response)).hexdigest(),
                etag=(header("ETag") or b"").decode() or None,
                last_modified=(header("Last-Modified") or b"").decode() or None,
            )
            if self.landing.visit(page):
                yield from self.continued(url)
                return
            for found in guarded(response, **cb_kwargs):
                if isinstance(found, Request):
                    page.continues.append(found.meta["again"])
                yield found

        return parse

    def continued(self, url: str) -> Answer:
        """The pages that an unchanged page goes on with: they may have changed all the same."""
        for page in self.landing.pages[url].continues:
            yield self.detail_page(page["path"], getattr(self, page["callback"]), **page["arguments"])

    def asks_for_log_in(self, response: Response) -> bool:
        """Whether a page only sends its reader to a log-in; some portals do, with status 200."""
        return False

    def content(self, response: Response) -> bytes:
        """What of a page counts when it is compared with last night's."""
        return response.body

    def guarded(self, callback: Callback) -> Callback:
        """Turn Drifted, and whatever a parser trips over, into a fault of the harvest."""

        def parse(response: Response, **cb_kwargs: Any) -> Answer:
            try:
                for found in callback(response, **cb_kwargs):
                    if isinstance(found, Record):
                        self.landing.add(found, self.asked(response))
                    else:
                        yield found
            except Drifted as fault:
                self.faults.append(("drifted", str(fault)))
            except Exception as fault:  # whatever a page does to a parser, it is said and the crawl goes on
                where = self.canonical(response.url)
                self.faults.append(("drifted", f"{where}: {type(fault).__name__}: {fault}"))

        return parse

    def missed(self, failure: Any) -> None:
        """A request that came to nothing after its retries."""
        from scrapy.exceptions import IgnoreRequest
        from scrapy.spidermiddlewares.httperror import HttpError

        url = self.canonical(failure.request.url)
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in (404, 410) and "again" in failure.request.meta:
            self.gone_pages += 1
        elif isinstance(error, HttpError):
            self.faults.append(("failed", f"{url} answered {error.response.status}"))
        elif isinstance(error, IgnoreRequest) and LOG_IN in url:
            self.closed_pages += 1
        elif isinstance(error, IgnoreRequest):
            self.faults.append((error.args[0] if error.args else "failed", url))
        else:
            self.faults.append(("failed", f"{url}: {type(error).__name__}"))
