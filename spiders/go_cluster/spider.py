"""go-cluster: one list of members, and a page in each language with a number of members of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from spiders.directory import DirectorySpider
from spiders.html import page_of, text_of
from spiders.portal import Answer
from spiders.records import ClaimRecord, Drifted

STATED = re.compile(r"(\d{2,3})\s+(?:\w+\s+){0,3}(?:Clustern?|clusters|Cluster-Initiativen|Innovationscluster)\b")


class Portal(DirectorySpider):
    """Members of the programme; every page states how many there are, and they differ."""

    def first_pages(self) -> Iterator[Request]:
        yield from super().first_pages()
        for path in self.layout["statements"]:
            yield self.detail_page(path, self.parse_statement)

    def parse_entries(self, response: Response, first: bool = False) -> Answer:
        yield from super().parse_entries(response, first)
        yield from self.stated(response)

    def parse_statement(self, response: Response) -> Answer:
        found = list(self.stated(response))
        if not found:
            raise Drifted(f"{self.asked(response)}: no number of members")
        yield from found

    def stated(self, response: Response) -> Answer:
        """The number of members that a page states."""
        url = self.asked(response)
        if found := STATED.search(text_of(page_of(response))):
            yield ClaimRecord(
                source_id=f"{self.of['id']}:{url}",
                url=url,
                subject_kind="network",
                subject_id=self.of["id"],
                attribute="members_stated",
                value=found[1],
            )
