"""Lists of beneficiaries: for each list, the publisher's page, and on it the link that its map describes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted


def lists() -> dict[str, dict[str, Any]]:
    """The maps of all lists by their code (`lists.yml`)."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "lists.yml").read_text(encoding="utf-8"))
    return found


def holds(body: bytes, columns: dict[str, list[str]]) -> bool:
    """Whether the headings of most columns stand in a file, whatever its encoding; a workbook is unpacked for it."""
    parts = [body]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = [book.read(name) for name in book.namelist() if "sharedStrings" in name or "/sheet" in name]
    words = [max(re.findall(r"[A-Za-z]+", theirs[0]) or [""], key=len) for theirs in columns.values()]
    found = [any(word.encode(way) in part for part in parts for way in ("ascii", "utf-16-le")) for word in words]
    return sum(found) > len(found) // 2


class Portal(PortalSpider):
    """The lists that are fetched, landed whole under their code."""

    def first_pages(self) -> Iterator[Request]:
        maps = lists()
        for code in self.source.start["fetched"]:
            wanted = maps[code]["file"]
            yield self.list_page(maps[code]["page"], self.parse_page, part=f"list {code}", code=code, wanted=wanted)

    def parse_page(self, response: Response, code: str, wanted: str) -> Answer:
        for link in response.css("a::attr(href)").getall():
            if re.search(wanted, unquote(urlsplit(link).path)):
                yield self.detail_page(urljoin(self.canonical(response.url), link), self.parse_list, code=code)
                return
        raise Drifted(f"{self.canonical(response.url)}: no link to the list {code} ({wanted}); look at lists.yml")

    def parse_list(self, response: Response, code: str) -> Answer:
        url = self.asked(response)
        if response.body.lstrip()[:1] == b"<":
            raise Drifted(f"{url}: a web page where the list {code} was asked for")
        if self.left is None and not holds(response.body, lists()[code]["columns"]):
            raise Drifted(f"{url}: the list {code} has other columns than its map says; look at lists.yml")
        name = f"{code}{PurePosixPath(urlsplit(url).path).suffix.lower()}"
        yield Document(source_id=code, url=url, name=name, body=response.body)
