"""European Clusters Alliance: a WordPress site; its open interface first, its page of members where that is closed."""

from __future__ import annotations

from collections.abc import Iterator

from parsel import Selector
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from spiders.directory import DirectorySpider
from spiders.html import text_of
from spiders.portal import Answer
from spiders.records import Drifted
from spiders.wordpress import CLOSED, following, pages_of


class Portal(DirectorySpider):
    """Members, by the site's interface or its page."""

    def content(self, response: Response) -> bytes:
        if response.body.lstrip()[:1] == b"[":
            return response.body
        return super().content(response)

    def first_pages(self) -> Iterator[Request]:
        yield self.detail_page(self.layout["api"], self.parse_api, taken=CLOSED)

    def parse_api(self, response: Response) -> Answer:
        pages = pages_of(response)
        found = [page for page in pages if page.slug in self.layout["members"]]
        if not found:
            if next_page := following(response):
                yield self.detail_page(next_page, self.parse_api, taken=CLOSED)
            else:  # closed, or without a page of members: the site itself then
                yield self.detail_page(self.layout["pages"][0], self.parse_entries, first=True)
        for page in found:
            body = Selector(text=page.html)
            html = HtmlResponse(response.url, body=page.html.encode(), encoding="utf-8", request=response.request)
            entries = list(self.entries(html))
            if not entries:
                raise Drifted(
                    f"{self.asked(response)}: the page '{page.slug}' has no member that is recognised: {text_of(body)[:60]}"
                )
            yield from self.of_the_list(html, page.link or self.asked(response))
            for entry in entries:
                yield from self.of_an_entry(entry, page.link or self.asked(response))
