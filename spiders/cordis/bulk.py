"""CORDIS' archives, found in the catalogue of data.europa.eu.

The portal's robots.txt keeps machines out of `/data/`, where the catalogue says that its archives lie.
They are left alone, and the outcome says so, unless the operator has written the exception down
(`METACLUSTERS_ACCEPT_CATALOGUED=cordis`): then exactly the addresses that the catalogue lists are
fetched, once each, and named in the run's notes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted

CATALOGUE = "https://data.europa.eu/api/hub/search/datasets/"
WAYS_OUT = "use the search, hand the archive over with --file, or accept the catalogue's distributions (METACLUSTERS_ACCEPT_CATALOGUED=cordis)"


class Portal(PortalSpider):
    """One archive a framework programme, in the first of the wanted formats that the catalogue lists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accepted = os.environ.get("METACLUSTERS_ACCEPT_CATALOGUED", "")
        self.accepted = self.source.name in re.split(r"[\s,]+", accepted)

    def first_pages(self) -> Iterator[Request]:
        for dataset in self.source.start["datasets"]:
            yield self.list_page(CATALOGUE + dataset, self.parse_dataset, part=dataset)

    def parse_dataset(self, response: Response) -> Answer:
        answer = self.json(response)
        found = (answer.get("result") or {}).get("distributions")
        if not isinstance(found, list):
            raise Drifted(f"{self.canonical(response.url)}: no `result.distributions` in the catalogue's answer")
        addresses = [address for distribution in found for address in self.addresses(distribution)]
        for ending in self.source.start["archives"]:
            for address in addresses:
                if address.endswith(ending):
                    yield self.archive(address)
                    return
        raise Drifted(f"{self.canonical(response.url)}: none of {', '.join(self.source.start['archives'])} is listed")

    @staticmethod
    def addresses(distribution: dict[str, Any]) -> list[str]:
        listed = distribution.get("access_url") or distribution.get("download_url") or []
        return [listed] if isinstance(listed, str) else list(listed)

    def archive(self, address: str) -> Request:
        request = self.detail_page(address, self.parse_archive)
        if self.accepted:
            # Exactly this address, once: no redirect from it, no second try.
            request.meta.update(dont_obey_robotstxt=True, dont_redirect=True, dont_retry=True)
            self.notes.append(f"fetched by the operator's exception, although robots.txt disallows it: {address}")
        return request

    def parse_archive(self, response: Response) -> Answer:
        url = self.asked(response)
        if not response.body.startswith(b"PK"):
            raise Drifted(f"{url}: a web page with status 200 where an archive was asked for")
        name = PurePosixPath(urlsplit(url).path).name
        yield Document(source_id=name, url=url, name=name, body=response.body)

    def fault(self, kind: str, what: str, part: str | None) -> None:
        super().fault(kind, f"{what}; {WAYS_OUT}" if kind == "refused_by_robots" else what, part)
