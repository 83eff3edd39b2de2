"""What the spiders of all portals share: addresses, conditional requests, and 'drifted' said aloud."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Self
from urllib.parse import quote, quote_plus, urljoin, urlsplit, urlunsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.landing import Landing, Page
from spiders.parts import Parts
from spiders.records import Drifted, Record
from spiders.registry import Source

Answer = Iterator[Record | Request]
Callback = Callable[..., Answer]
LOG_IN = "/user/login"
REFUSALS = ("refused_by_robots", "opt_out", "failed", "partial")  # what our own middlewares say
PROBED = 2  # pages of each kind that a look at a host takes: each may have a second address
BEGINNING = 2**16  # bytes of a file that a look takes


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
    tolerated = 0.34  # share of a source's parts that may fail on their own
    pages_apart = False  # whether each detail page is a part of its own
    resumes = False  # whether a night that uses up its budget is a beginning, which the next goes on with

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
        self.left: Counter[tuple[str, str]] | None = Counter() if probe else None  # a probe's pages by host and kind
        self.announced = 0  # detail pages that lists and profiles point to
        self.pointed_to: dict[str, str | None] = {}  # their parts; each counts once, however often it is linked
        self.asked_for: set[str] = set()
        self.begun: Counter[str] = Counter()
        self.parts = Parts(self.tolerated)
        self.part: str | None = None  # the part whose page is read
        hosts = {urlsplit(address).hostname or "" for address in (self.base_url, source.base_url)} | set(source.hosts)
        # A redirect to another host is not followed: its pages would pass for the portal's.
        self.allowed_domains = sorted(hosts | {host.removeprefix("www.") for host in hosts})
        self.gone_pages = 0  # pages that a list still names and the portal no longer has
        self.closed_pages = 0  # pages that only registered users see
        self.faults: list[tuple[str, str]] = []
        self.notes: list[str] = []  # what an operator should know of a crawl that went well
        self.unknown_labels: Counter[str] = Counter()

    async def start(self):  # type: ignore[no-untyped-def]
        begun: Counter[str] = Counter()
        for request in self.first_pages():
            host = urlsplit(request.url).netloc
            begun[host] += 1
            if (self.left is None or begun[host] <= self.probed) and self.may_ask(request):
                yield request
            elif request.meta["kind"] == "detail":
                self.announced -= 1

    def first_pages(self) -> Iterator[Request]:
        """The requests that a crawl begins with."""
        yield from ()

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
        return self.named(self.asked(response), response.meta.get("form"))

    def named(self, url: str, form: str | None) -> str:
        """The name of a page in the landing."""
        return f"{self.canonical(url)}#{form}" if form else self.canonical(url)

    # Requests -------------------------------------------------------------------------------
    def list_page(
        self,
        path: str,
        callback: Callback,
        sent: dict[str, Any] | None = None,
        taken: tuple[int, ...] = (),
        part: str | None = None,
        **cb_kwargs: Any,
    ) -> Request:
        """A page that announces others: always read in full, for its links are needed."""
        request = self.request(path, self.guarded(callback), sent, part, cb_kwargs)
        request.meta["kind"] = "list"
        request.meta["handle_httpstatus_list"] = list(taken)
        return request

    def detail_page(
        self,
        path: str,
        callback: Callback,
        sent: dict[str, Any] | None = None,
        taken: tuple[int, ...] = (),
        part: str | None = None,
        **cb_kwargs: Any,
    ) -> Request:
        """A page that yields records: asked for conditionally, parsed only when it changed.

        `sent` holds method, body and headers of a request that is more than an address; statuses in
        `taken` are answers like others, which the callback reads.  Pages that a page leads to are of
        its `part`.
        """
        if self.pages_apart and part is None:
            part = self.canonical(self.absolute(path))
        request = self.request(path, self.once_changed(callback), sent, part, cb_kwargs)
        landed = self.named(request.url, request.meta.get("form"))
        self.announced += landed not in self.pointed_to
        self.pointed_to.setdefault(landed, request.meta["part"])
        request.meta["kind"] = "detail"
        request.meta["handle_httpstatus_list"] = [304, *taken]
        again = {"path": path, "callback": callback.__name__, "arguments": cb_kwargs}
        further = {"sent": sent, "taken": list(taken), "part": request.meta["part"]}
        request.meta["again"] = again | {name: told for name, told in further.items() if told}
        before = self.landing.known.get(landed)
        if self.resumes:  # what is not known comes first, then what was looked at longest ago
            looked = (before.checked_at or before.fetched_at)[:10] if before else "0001-01-01"
            request.priority = -date.fromisoformat(looked).toordinal()
        if before:
            if before.etag:
                request.headers["If-None-Match"] = before.etag
            if before.last_modified:
                request.headers["If-Modified-Since"] = before.last_modified
        return request

    def request(
        self, path: str, callback: Callback, sent: dict[str, Any] | None, part: str | None, cb_kwargs: Any
    ) -> Request:
        """A request that is told apart from others to the same address by what it sends."""
        made = Request(
            self.absolute(path),
            callback,
            errback=self.missed,
            cb_kwargs=cb_kwargs,
            dont_filter=True,  # or a redirect to a page that was asked for would be dropped without a word
            **sent or {},
        )
        made.meta["once"] = not sent
        if sent and sent.get("body"):
            made.meta["form"] = hashlib.sha256(made.body).hexdigest()[:16]
        made.meta["part"] = part or self.part
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
                closed, digest = self.asks_for_log_in(response), self.digest(response)
            except Exception as fault:  # no page of the kind that was asked for, or none at all
                self.fault("drifted", f"{url}: {type(fault).__name__}: {fault}", response.meta["part"])
                return
            if closed:
                self.closed_pages += 1
                return
            header = response.headers.get
            page = Page(
                url=url,
                fetched_at=self.now,
                digest=digest,
                etag=(header("ETag") or b"").decode("latin-1") or None,
                last_modified=(header("Last-Modified") or b"").decode("latin-1") or None,
                part=response.meta["part"],
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
        leads = f"{self.asked(response)} leads to another host: {shortened(response.url)}"
        self.fault("failed", leads, response.meta["part"])
        return True

    def continued(self, url: str) -> Answer:
        """The pages that an unchanged page goes on with: they may have changed all the same."""
        for page in self.landing.pages[url].continues:
            callback = getattr(self, page["callback"])
            taken = tuple(page.get("taken", ()))
            yield self.detail_page(
                page["path"], callback, page.get("sent"), taken, page.get("part"), **page["arguments"]
            )

    def asks_for_log_in(self, response: Response) -> bool:
        """Whether a page only sends its reader to a log-in; some portals do, with status 200."""
        return False

    def content(self, response: Response) -> bytes:
        """What of a page counts when it is compared with last night's."""
        return response.body

    def digest(self, response: Response) -> str:
        """The checksum of what counts of a page."""
        return hashlib.sha256(self.content(response)).hexdigest()

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
        """Turn Drifted, and whatever a parser trips over, into a fault; a page's records are landed once it is read."""

        def parse(response: Response, **cb_kwargs: Any) -> Answer:
            if self.elsewhere(response):
                return
            self.part = response.meta["part"]
            records: list[Record] = []
            further: list[Request] = []
            reason = ""
            try:
                for found in callback(response, **cb_kwargs):
                    if isinstance(found, Record):
                        records.append(found)
                    else:
                        further.append(found)
            except Drifted as fault:
                reason = str(fault)
            except Exception as fault:  # whatever a page does to a parser, it is said and the crawl goes on
                reason = f"{self.canonical(response.url)}: {type(fault).__name__}: {fault}"
            if reason:
                self.fault("drifted", reason, self.part)
            url = self.landed_as(response)
            if reason and self.part:
                self.landing.keep_last(url)
            else:
                for record in records:
                    self.landing.add(record, url)
            self.part = None
            yield from filter(self.may_ask, further)

        return parse

    def fault(self, kind: str, what: str, part: str | None) -> None:
        """Note a fault: of the part that the page belongs to, else of the source."""
        if part:
            self.parts.trouble(part, kind, what)
        else:
            self.faults.append((kind, what))

    def closed(self, reason: str) -> None:
        """At the end: parts that failed keep what was read of them last; many that failed are a fault of the source."""
        troubled = self.parts.troubles
        if reason.startswith("closespider"):
            self.used_up(reason)
        for url, page in self.landing.known.items():
            if url not in self.landing.pages and page.part in troubled:
                self.landing.carry(url)
        missed = [url for url, part in self.pointed_to.items() if part in troubled and url not in self.landing.pages]
        self.announced -= len(missed)
        if self.parts.many:
            self.faults.append(self.parts.fault())
        else:
            self.notes += self.parts.said()

    def used_up(self, reason: str) -> None:
        """The night's budget ends a crawl: a fault, but where the next night goes on from here."""
        if not self.resumes:
            self.faults.append(("failed", f"budget of the night used up ({reason})"))
            return
        for url in self.landing.known.keys() - self.landing.pages.keys():
            self.landing.carry(url)
        waiting = self.announced - len(self.landing.pages)
        self.announced -= max(waiting, 0)
        self.notes.append(
            f"the night's budget is used up ({reason}); about {max(waiting, 0):,} pages wait for the next"
        )

    def may_ask(self, request: Request) -> bool:
        """Whether a page may be asked for: once, and for a probe only the first of each kind on a host."""
        if request.meta["once"] and request.url in self.asked_for:
            return False
        self.asked_for.add(request.url)
        if self.left is not None:
            kind = request.meta["kind"]
            self.left[urlsplit(request.url).netloc, kind] += 1
            if self.left[urlsplit(request.url).netloc, kind] > PROBED:
                self.announced -= kind == "detail"
                return False
        if part := request.meta["part"]:
            self.parts.asked.add(part)
        return True

    def enough(self, data: bytes, request: Request, spider: Spider) -> None:
        """A probe of whole files takes their beginnings."""
        from scrapy.exceptions import StopDownload

        if request.meta.get("kind") == "detail":
            self.begun[request.url] += len(data)
            if self.begun[request.url] > BEGINNING:
                raise StopDownload(fail=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.left is not None and spider.source.landed_whole:
            crawler.signals.connect(spider.enough, signals.bytes_received)
        return spider

    def missed(self, failure: Any) -> None:
        """A request that came to nothing after its retries."""
        from scrapy.exceptions import IgnoreRequest
        from scrapy.spidermiddlewares.httperror import HttpError

        request, error = failure.request, failure.value
        url, part = shortened(self.canonical(request.url)), request.meta["part"]
        detail = "again" in request.meta and part in (None, self.canonical(request.url))
        if isinstance(error, HttpError) and error.response.status in (404, 410) and detail:
            self.gone_pages += 1
        elif isinstance(error, HttpError):
            self.fault("failed", f"{url} answered {error.response.status}", part)
        elif isinstance(error, IgnoreRequest) and LOG_IN in url:
            self.closed_pages += 1
        elif isinstance(error, IgnoreRequest):
            said = str(error.args[0]) if error.args else ""
            kind, what = (said, url) if said in REFUSALS else ("failed", f"{url}: {said or 'not fetched'}")
            self.fault(kind, what, part)
        else:
            self.fault("failed", f"{url}: {type(error).__name__}", part)
