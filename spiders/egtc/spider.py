"""EGTC register: a page that links the list as a workbook.

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
        raise Drifted(
            f"{self.canonical(response.url)}: the page links no list of groupings; it may be another page by now"
        )

    def parse_list(self, response: Response) -> Answer:
        url = self.asked(response)
        if response.body.lstrip()[:1] == b"<":
            raise Drifted(f"{url}: a web page where the list was asked for")
        name = PurePosixPath(urlsplit(url).path).name
        yield Document(source_id=name, url=url, name=name, body=response.body)
