"""go-cluster: one list of members, and a page in each language with a number of members of its own."""

from __future__ import annotations

import re

from scrapy.http import Response

from spiders.directory import DirectorySpider
from spiders.html import text_of
from spiders.portal import Answer
from spiders.records import ClaimRecord, Drifted

STATED = re.compile(r"(\d{2,3})\s+(?:\w+\s+){0,3}(?:Clustern?|clusters|Cluster-Initiativen|Innovationscluster)\b")


class Portal(DirectorySpider):
    """Members of the programme; every page states how many there are, and they differ."""

    def parse_entries(self, response: Response, first: bool = False) -> Answer:
        url = self.asked(response)
        stated = STATED.search(text_of(response.selector))
        if stated:
            yield ClaimRecord(
                source_id=f"{self.of['id']}:{url}",
                url=url,
                subject_kind="network",
                subject_id=self.of["id"],
                attribute="members_stated",
                value=stated[1],
            )
        entries = list(self.entries(response))
        if not entries and not stated:
            raise Drifted(f"{url}: neither a member nor a number of members")
        if entries:
            yield from super().parse_entries(response, first=True)
