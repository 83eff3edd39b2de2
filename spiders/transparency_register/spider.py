"""Transparency Register: the daily file of organisations, landed whole; never the one of accredited persons."""

from __future__ import annotations

import hashlib
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

    def digest(self, response: Response) -> str:
        """Without the date of the export, which changes every day by itself; no copy is made of a file so large."""
        made = hashlib.sha256(EXPORTED.sub(b"", response.body[:4000], count=1))
        made.update(memoryview(response.body)[4000:])
        return made.hexdigest()

    def parse_file(self, response: Response) -> Answer:
        url = self.asked(response)
        head = response.body[:4000]
        if b"ListOfIRPublicDetail" not in head and b"<interestRepresentative" not in head:
            raise Drifted(f"{url}: no list of interest representatives where the daily file was asked for")
        yield Document(source_id="organisations", url=url, name="organisations.xml", body=response.body)
