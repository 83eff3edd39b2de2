"""Transparency Register: the daily file of organisations, landed whole; never the one of accredited persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted

EXPORTED = re.compile(rb"<exportDate>[^<]*</exportDate>|generationDate=\"[^\"]*\"")


class Portal(PortalSpider):
    """The file of the day."""

    def first_pages(self) -> Iterator[Request]:
        yield self.detail_page(self.source.start["file"], self.parse_file)

    def content(self, response: Response) -> bytes:
        """The date of the export changes every day by itself."""
        return EXPORTED.sub(b"", response.body[:4000], count=1) + response.body[4000:]

    def parse_file(self, response: Response) -> Answer:
        url = self.asked(response)
        head = response.body[:4000]
        if b"ListOfIRPublicDetail" not in head and b"<interestRepresentative" not in head:
            raise Drifted(f"{url}: no list of interest representatives where the daily file was asked for")
        yield Document(source_id="organisations", url=url, name="organisations.xml", body=response.body)
