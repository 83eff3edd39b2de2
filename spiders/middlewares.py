"""Manners: robots.txt as RFC 9309 has it, text-and-data-mining opt-outs, and the archive of answers."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from twisted.internet.defer import Deferred

log = logging.getLogger(__name__)
LARGEST_ARCHIVED = 16 * 2**20  # bytes
DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"
OPT_OUT = re.compile(
    rb"""<meta[^>]+name=["']tdm-reservation["'][^>]+content=["']1["']|<meta[^>]+content=["']1["'][^>]+name=["']tdm-reservation["']""",
    re.I,
)


class Robots(RobotsTxtMiddleware):
    """Scrapy's rules, but a 5xx, a 429 or no answer at all means: complete disallow; a 4xx: no rules."""

    async def robot_parser(self, request):  # type: ignore[no-untyped-def]
        """The rules of the request's host, for every request that waits for them.

        Scrapy hands them to the first one only: the others would get none, and go ahead.
        """
        await super().robot_parser(request)
        return self._parsers[urlsplit(request.url).netloc]

    def process_request_2(self, rp, request):  # type: ignore[no-untyped-def]
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise IgnoreRequest("refused_by_robots") from None

    async def _parse_robots(self, response, netloc, request):  # type: ignore[no-untyped-def]
        log.info("robots.txt of %s answered %s", netloc, response.status)
        if response.status == 429 or response.status >= 500:
            response = response.replace(body=DISALLOW_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        rules: Any = self._parsers[netloc]
        if asked := rules.rp.crawl_delay("metaclusters"):
            self.slow_down(float(asked))

    def slow_down(self, seconds: float) -> None:
        """Keep a Crawl-delay that is longer than our own; a crawl without any delay is one on loopback."""
        crawler = self.crawler
        if not 0 < crawler.settings.getfloat("DOWNLOAD_DELAY") < seconds:
            return
        log.info("robots.txt asks for %s s between requests", seconds)
        for extension in crawler.extensions.middlewares if crawler.extensions else ():
            if isinstance(extension, AutoThrottle):
                extension.mindelay = seconds
        for slot in crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, seconds)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        log.warning("robots.txt of %s did not answer: nothing will be fetched there", netloc)
        parser = self._parserimpl.from_crawler(self.crawler, DISALLOW_ALL)
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        self._parsers[netloc] = parser
        waiting.callback(parser)


class OptOut:
    """Stops at a machine-readable reservation under art. 4 of Directive (EU) 2019/790."""

    def process_response(self, request: Request, response: Response) -> Response:
        header = (response.headers.get("tdm-reservation") or b"").strip()
        if header == b"1" or OPT_OUT.search(response.body[:20_000]):
            raise IgnoreRequest("opt_out")
        return response


class RetryAfter:
    """Keeps quiet as long as a 429 or 503 asks, before Scrapy tries again; a wait too long ends the crawl there."""

    LONGEST = 300.0  # seconds

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        asked = response.headers.get("Retry-After")
        if response.status not in (429, 503) or not asked:
            return response
        seconds = wait_of(asked.decode("latin-1"))
        if seconds > self.LONGEST:
            raise IgnoreRequest("failed")
        log.info("%s asks to wait %g s", request.url, seconds)
        engine = self.crawler.engine
        assert engine is not None
        engine.pause()
        await asyncio.sleep(seconds)
        engine.unpause()
        return response


def wait_of(retry_after: str) -> float:
    """Seconds that a Retry-After header asks for, a number or a date; a minute where it cannot be read."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return 60.0


class Archive:
    """Keeps every raw answer in the landing's WARC, and the night's budget of bytes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.bytes = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        spider: Spider = self.crawler.spider  # type: ignore[assignment]
        headers = [
            (name.decode(), value.decode("latin-1")) for name, values in response.headers.items() for value in values
        ]
        # What is this large is landed whole as a file: no second copy of it.
        body = response.body if len(response.body) <= LARGEST_ARCHIVED else b""
        spider.landing.archive(spider.canonical(request.url), response.status, headers, body)  # type: ignore[attr-defined]
        log.info("fetched %s %s", response.status, spider.canonical(request.url))  # type: ignore[attr-defined]
        self.bytes += len(response.body)
        budget = spider.source.politeness.megabytes * 2**20  # type: ignore[attr-defined]
        if self.bytes > budget:
            spider.faults.append(("partial", f"the night's budget of {budget:,} bytes is used up"))  # type: ignore[attr-defined]
            raise IgnoreRequest("partial")
        return response
