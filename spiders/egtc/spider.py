"""EGTC register: a page that links the list as a workbook or CSV, or holds it as a table.

Addresses of the portal before this one answer with a general page and status 200, so that only a
page that links a list counts as the register's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted


class Portal(PortalSpider):
    """The register's list, landed whole."""

    def first_pages(self) -> Iterator[Request]:
        for path in self.source.start["pages"]:
            yield self.list_page(path, self.parse_page)

    def parse_page(self, response: Response) -> Answer:
        for place in self.source.start["files"]:
            for link in response.css(place).getall():
                if "egtc" in link.lower():
                    yield self.detail_page(urljoin(self.canonical(response.url), link), self.parse_list)
                    return
        url = self.canonical(response.url)
        if "EGTC" in " ".join(response.css("table th::text, table td::text").getall()[:20]):
            yield self.detail_page(url, self.parse_list)
            return
        pdf = any("egtc" in link.lower() for link in response.css('a[href$=".pdf"]::attr(href)').getall())
        raise Drifted(
            f"{url}: the list of groupings is a PDF only, which is not read"
            if pdf
            else f"{url}: the page links no list of groupings and has no table of them; it may be another page by now"
        )

    def parse_list(self, response: Response) -> Answer:
        url = self.asked(response)
        name = PurePosixPath(urlsplit(url).path).name
        if response.body.lstrip()[:1] == b"<":
            if not response.css("table"):
                raise Drifted(f"{url}: a web page where the list was asked for")
            name = f"{name}.html"
        yield Document(source_id=name, url=url, name=name, body=response.body)
