"""CORDIS' data extraction tool: a query is worked off on the portal, and its archive fetched when it is done.

It needs the key of a registered account.  One extraction runs at a time and five are kept, so that
ours is deleted once it is landed.  The question says `taskId`, the answer `taskID`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted

BASE = "/api/dataextractions/"
LONGEST = 720  # looks at an extraction that runs


class Portal(PortalSpider):
    """One extraction of the registry's query, as XML."""

    def call(self, name: str, callback: Any, method: str = "GET", **arguments: str) -> Request:
        query = urlencode({"key": self.key, **arguments})
        return self.list_page(f"{BASE}{name}?{query}", callback, {"method": method})

    def payload(self, response: Response) -> dict[str, Any]:
        """What an answer holds; one that says `status: false` came with 200 all the same."""
        answer = self.json(response)
        payload = answer.get("payload") or {}
        if answer.get("status") is not True or not isinstance(payload, dict):
            reason = payload.get("error") if isinstance(payload, dict) else answer.get("error")
            raise Drifted(f"the extraction tool refused: {reason or 'no reason given'}")
        return payload

    def first_pages(self) -> Iterator[Request]:
        query = " OR ".join(f"({query})" for query in self.source.start["queries"])
        yield self.call("getExtraction", self.parse_task, query=query, outputFormat="xml", archived="true")

    def parse_task(self, response: Response) -> Answer:
        task = str(self.payload(response).get("taskID") or "")
        if not task:
            raise Drifted("the extraction tool gave no task")
        yield self.look(task, 1)

    def look(self, task: str, times: int) -> Request:
        request = self.call("getExtractionStatus", self.parse_status, taskId=task)
        request.cb_kwargs.update(task=task, times=times)
        return request

    def parse_status(self, response: Response, task: str, times: int) -> Answer:
        payload = self.payload(response)
        if payload.get("progress") == "Finished":
            yield self.detail_page(str(payload["destinationFileUri"]), self.parse_archive, task=task)
        elif times < LONGEST:
            yield self.look(task, times + 1)
        else:
            raise Drifted(f"the extraction {task} was not finished after {times} looks: {payload.get('progress')}")

    def parse_archive(self, response: Response, task: str) -> Answer:
        if not response.body.startswith(b"PK"):
            raise Drifted(f"{self.asked(response)}: no archive where the extraction was asked for")
        yield Document(
            source_id="extraction", url=self.source.base_url, name="cordis-extraction.zip", body=response.body
        )
        yield self.call("deleteExtraction", self.parse_deleted, method="DELETE", taskId=task)

    def parse_deleted(self, response: Response) -> Answer:
        self.payload(response)
        yield from ()
