"""What the spiders of all portals share: addresses, conditional requests, and 'drifted' said aloud."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit, urlunsplit

from scrapy import Request, Spider
from scrapy.http import Response

from spiders.landing import Landing, Page
from spiders.records import Drifted, Record
from spiders.registry import Source

Answer = Iterator[Record | Request]
Callback = Callable[..., Answer]
LOG_IN = "/user/login"
REFUSALS = ("refused_by_robots", "opt_out", "failed", "partial")  # what our own middlewares say
PROBED = {"list": 2, "detail": 2}  # pages of each kind that a look at a portal takes: each may have a second address


def shortened(url: str) -> str:
    """An address as a person reads it in a reason: a long question is cut."""
    return url if len(url) <= 160 else f"{url[:150]}…"


class PortalSpider(Spider):
    """A spider of one source.

    `base_url` is the portal, or its twin; addresses in records are always those of the portal.  The
    twin of a source with several hosts is a proxy for them all, so that each keeps its name and its
    robots.txt.  A `probe` reads one list and one detail page, and lands nothing more.
    """

    probed = 1  # first pages that a probe begins with

    def __init__(
        self,
        source: Source,
        base_url: str,
        landing: Landing,
        now: str,
        probe: bool = False,
        subjects: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=source.name, **kwargs)
        self.source = source
        self.proxied = bool(source.hosts) and base_url != source.base_url
        self.base_url = source.base_url if self.proxied else base_url.rstrip("/")
        self.landing = landing
        self.subjects = subjects
        self.key = os.environ.get(source.key or "", "")
        self.now = now
        self.left = dict(PROBED) if probe else None  # pages that a probe may still ask for
        self.announced = 0  # detail pages that lists and profiles point to
        self.pointed_to: set[str] = set()  # each counts once, however often it is linked
        hosts = {urlsplit(address).hostname or "" for address in (self.base_url, source.base_url)} | set(source.hosts)
        # A redirect to another host is not followed: its pages would pass for the portal's.
        self.allowed_domains = sorted(hosts | {host.removeprefix("www.") for host in hosts})
        self.gone_pages = 0  # pages that a list still names and the portal no longer has
        self.closed_pages = 0  # pages that only registered users see
        self.faults: list[tuple[str, str]] = []
        self.notes: list[str] = []  # what an operator should know of a crawl that went well
        self.unknown_labels: Counter[str] = Counter()

    async def start(self):  # type: ignore[no-untyped-def]
        for number, request in enumerate(self.first_pages()):
            if self.left is not None and number == self.probed:
                return
            if self.may_ask(request):
                yield request

    def first_pages(self) -> Iterator[Request]:
        """The requests that a crawl begins with."""
        raise NotImplementedError

    # Addresses ------------------------------------------------------------------------------
    def absolute(self, path: str) -> str:
        """The address to fetch for a path, or for an address of the portal."""
        parts = urlsplit(urljoin(self.source.base_url + "/", path))
        if parts.hostname not in self.allowed_domains:
            raise Drifted(
                f"{parts.geturl()} lies on another host; name it in the source's registry entry if it is one of its own"
            )
        if self.proxied:  # a twin has no certificate
            return urlunsplit(("http", parts.netloc, parts.path, parts.query, ""))
        if parts.hostname in self.source.hosts:
            return urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))
        return self.base_url + urlunsplit(("", "", parts.path, parts.query, ""))

    def canonical(self, url: str) -> str:
        """The portal's own address of a page that may have come from its twin; a key in it is not written down."""
        for written in {self.key, quote(self.key, safe=""), quote_plus(self.key)} - {""}:
            url = url.replace(written, "KEY")
        parts = urlsplit(url)
        if scheme := self.source.hosts.get(parts.hostname or ""):
            return urlunsplit((scheme, parts.netloc, parts.path, parts.query, ""))
        return self.source.base_url + urlunsplit(("", "", parts.path, parts.query, ""))

    def asked(self, response: Response) -> str:
        """The portal's own address of the page that was asked for, before any redirect."""
        return self.canonical((response.meta.get("redirect_urls") or [response.url])[0])

    def landed_as(self, response: Response) -> str:
        """What names a page in the landing: its address, and for a form what was sent with it."""
        form = response.meta.get("form")
        return f"{self.asked(response)}#{form}" if form else self.asked(response)

    # Requests -------------------------------------------------------------------------------
    def list_page(
        self,
        path: str,
        callback: Callback,
        sent: dict[str, Any] | None = None,
        taken: tuple[int, ...] = (),
        **cb_kwargs: Any,
    ) -> Request:
        """A page that announces others: always read in full, for its links are needed."""
        request = self.request(path, self.guarded(callback), sent, cb_kwargs)
        request.meta["kind"] = "list"
        request.meta["handle_httpstatus_list"] = list(taken)
        return request

    def detail_page(
        self,
        path: str,
        callback: Callback,
        sent: dict[str, Any] | None = None,
        taken: tuple[int, ...] = (),
        **cb_kwargs: Any,
    ) -> Request:
        """A page that yields records: asked for conditionally, parsed only when it changed.

        `sent` holds method, body and headers of a request that is more than an address; statuses in
        `taken` are answers like others, which the callback reads.
        """
        request = self.request(path, self.once_changed(callback), sent, cb_kwargs)
        named = request.url + request.meta.get("form", "")
        self.announced += named not in self.pointed_to
        self.pointed_to.add(named)
        request.meta["kind"] = "detail"
        request.meta["handle_httpstatus_list"] = [304, *taken]
        again = {"path": path, "callback": callback.__name__, "arguments": cb_kwargs}
        request.meta["again"] = again | ({"sent": sent} if sent else {}) | ({"taken": list(taken)} if taken else {})
        form = request.meta.get("form")
        if before := self.landing.known.get(self.canonical(request.url) + (f"#{form}" if form else "")):
            if before.etag:
                request.headers["If-None-Match"] = before.etag
            if before.last_modified:
                request.headers["If-Modified-Since"] = before.last_modified
        return request

    def request(self, path: str, callback: Callback, sent: dict[str, Any] | None, cb_kwargs: Any) -> Request:
        """A request that is told apart from others to the same address by what it sends."""
        made = Request(
            self.absolute(path),
            callback,
            errback=self.missed,
            cb_kwargs=cb_kwargs,
            dont_filter=bool(sent),
            **sent or {},
        )
        if sent and sent.get("body"):
            made.meta["form"] = hashlib.sha256(made.body).hexdigest()[:16]
        return made

    def once_changed(self, callback: Callback) -> Callback:
        guarded = self.guarded(callback)

        def parse(response: Response, **cb_kwargs: Any) -> Answer:
            url = self.landed_as(response)
            if self.elsewhere(response):
                return
            if response.status == 304:
                self.landing.carry(url)
                self.landing.pages[url].checked_at = self.now
                yield from self.continued(url)
                return
            try:
                closed, content = self.asks_for_log_in(response), self.content(response)
            except Exception as fault:  # no page of the kind that was asked for, or none at all
                self.faults.append(("drifted", f"{url}: {type(fault).__name__}: {fault}"))
                return
            if closed:
                self.closed_pages += 1
                return
            header = response.headers.get
            page = Page(
                url=url,
                fetched_at=self.now,
                digest=hashlib.sha256(content).hexdigest(),
                etag=(header("ETag") or b"").decode("latin-1") or None,
                last_modified=(header("Last-Modified") or b"").decode("latin-1") or None,
            )
            if self.landing.visit(page):
                self.landing.pages[url].checked_at = self.now
                yield from self.continued(url)
                return
            for found in guarded(response, **cb_kwargs):
                if isinstance(found, Request) and "again" in found.meta:
                    page.continues.append(found.meta["again"])
                yield found

        return parse

    def elsewhere(self, response: Response) -> bool:
        """Whether a redirect led to another host, whose page would pass for the portal's; then it is a fault."""
        if urlsplit(response.url).hostname in self.allowed_domains:
            return False
        self.faults.append(("failed", f"{self.asked(response)} leads to another host: {shortened(response.url)}"))
        return True

    def continued(self, url: str) -> Answer:
        """The pages that an unchanged page goes on with: they may have changed all the same."""
        for page in self.landing.pages[url].continues:
            callback = getattr(self, page["callback"])
            taken = tuple(page.get("taken", ()))
            yield self.detail_page(page["path"], callback, page.get("sent"), taken, **page["arguments"])

    def asks_for_log_in(self, response: Response) -> bool:
        """Whether a page only sends its reader to a log-in; some portals do, with status 200."""
        return False

    def content(self, response: Response) -> bytes:
        """What of a page counts when it is compared with last night's."""
        return response.body

    def json(self, response: Response, kind: type = dict) -> Any:
        """A JSON answer of the kind that is expected; Drifted where it is none, whatever the status said."""
        try:
            answer = response.json()  # type: ignore[attr-defined]
        except ValueError:
            start = response.text[:60].strip() if response.body else "nothing"
            raise Drifted(f"{self.canonical(response.url)}: no JSON, but '{start}'") from None
        if not isinstance(answer, kind):
            raise Drifted(f"{self.canonical(response.url)}: JSON of another shape ({type(answer).__name__})")
        return answer

    def guarded(self, callback: Callback) -> Callback:
        """Turn Drifted, and whatever a parser trips over, into a fault of the harvest."""

        def parse(response: Response, **cb_kwargs: Any) -> Answer:
            if self.elsewhere(response):
                return
            try:
                for found in callback(response, **cb_kwargs):
                    if isinstance(found, Record):
                        self.landing.add(found, self.landed_as(response))
                    elif self.may_ask(found):
                        yield found
            except Drifted as fault:
                self.faults.append(("drifted", str(fault)))
            except Exception as fault:  # whatever a page does to a parser, it is said and the crawl goes on
                where = self.canonical(response.url)
                self.faults.append(("drifted", f"{where}: {type(fault).__name__}: {fault}"))

        return parse

    def may_ask(self, request: Request) -> bool:
        """Whether a page may be asked for: always, but for a probe, which takes one of each kind."""
        if self.left is None:
            return True
        kind = request.meta["kind"]
        self.left[kind] -= 1
        if self.left[kind] < 0:
            self.announced -= kind == "detail"
            return False
        return True

    def missed(self, failure: Any) -> None:
        """A request that came to nothing after its retries."""
        from scrapy.exceptions import IgnoreRequest
        from scrapy.spidermiddlewares.httperror import HttpError

        url = shortened(self.canonical(failure.request.url))
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in (404, 410) and "again" in failure.request.meta:
            self.gone_pages += 1
        elif isinstance(error, HttpError):
            self.faults.append(("failed", f"{url} answered {error.response.status}"))
        elif isinstance(error, IgnoreRequest) and LOG_IN in url:
            self.closed_pages += 1
        elif isinstance(error, IgnoreRequest):
            said = str(error.args[0]) if error.args else ""
            self.faults.append((said, url) if said in REFUSALS else ("failed", f"{url}: {said or 'not fetched'}"))
        else:
            self.faults.append(("failed", f"{url}: {type(error).__name__}"))
