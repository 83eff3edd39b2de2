"""Members on a page, in every way that networks' sites were seen to list them: the first that finds any counts.

Tables, lists and cards; logos, whose names stand in the alternative text or in the file's name; a map
that carries its points as JSON inside a script; and, behind a link, a list as PDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from parsel import Selector

from spiders.html import clean, text_of

LISTS = 200  # that may begin in a script: more are no map
NAME_KEYS = ("name", "title", "label", "organisation", "cluster")
NOT_A_MEMBER = re.compile(
    r"(?i)^(?:logo|home|menu|search|contact|news|imprint|impressum|privacy.*|cookies?.*|read more|login|facebook|twitter|linkedin|youtube|english|deutsch|français|eu flag|european (?:union|commission).*)$"
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member as a page shows it."""

    name: str
    country: str | None = None
    city: str | None = None
    role: str | None = None
    website: str | None = None
    position: str | None = None  # latitude,longitude


def plausible(name: str) -> bool:
    """Whether a text can be the name of a member: no link of a menu, no sentence."""
    return 2 < len(name) < 150 and not NOT_A_MEMBER.match(name) and not re.search(r"[.!?] \w+ \w+ ", name)


def from_tables(main: Selector) -> Iterator[Member]:
    for row in main.css("table tr"):
        cells = [text_of(cell) for cell in row.css("td")]
        if len(cells) >= 2 and cells[0]:
            yield Member(cells[0], country=cells[1] or None, city=cells[2] if len(cells) > 2 and cells[2] else None)


def from_cards(main: Selector) -> Iterator[Member]:
    """Lists and cards: the name in a heading, a link or alone, country and role in parts of their own."""
    for card in main.css(".member, .partner, .members li, .partners li, ul.list li, [class*=member-item]"):
        heads = card.css("h2, h3, h4, .name, a, strong")
        name = text_of(heads[0]) if heads else text_of(card)
        part = {field: clean(card.css(f".{field}::text").get()) or None for field in ("country", "city", "role")}
        yield Member(name, website=card.css("a[href^=http]::attr(href)").get(), **part)


def from_logos(main: Selector) -> Iterator[Member]:
    for image in main.css("img"):
        said = clean(image.attrib.get("alt") or image.attrib.get("title"))
        name = re.sub(r"(?i)^(?:logo (?:of |de |von )?)|\s+logo$", "", said)
        if not name:
            file = PurePosixPath(unquote(urlsplit(image.attrib.get("src", "")).path)).stem
            name = clean(re.sub(r"(?i)[-_]+|\blogo\b|\d{2,}x\d{2,}", " ", file))
        yield Member(name)


def from_map(main: Selector) -> Iterator[Member]:
    decoder = json.JSONDecoder()
    for script in main.css("script::text").getall():
        at = 0
        for found in islice(re.finditer(r"\[\s*\{", script), LISTS):
            if found.start() < at:
                continue  # inside a list that was read
            try:
                points, at = decoder.raw_decode(script, found.start())
            except (ValueError, RecursionError):
                continue
            yield from (_point(point) for point in points if isinstance(point, dict) and _name_of(point))


def _name_of(point: dict[str, Any]) -> str:
    return next((clean(str(point[key])) for key in NAME_KEYS if point.get(key)), "")


def _point(point: dict[str, Any]) -> Member:
    lat, lon = point.get("lat") or point.get("latitude"), point.get("lng") or point.get("lon") or point.get("longitude")
    return Member(
        _name_of(point),
        country=point.get("country") or None,
        city=point.get("city") or None,
        role=point.get("role") or None,
        website=point.get("url") or point.get("website") or None,
        position=f"{lat},{lon}" if lat and lon else None,
    )


def from_page(main: Selector) -> tuple[str, list[Member]]:
    """(way, members) of the first way that finds at least two members."""
    ways: dict[str, Callable[[Selector], Iterator[Member]]] = {
        "table": from_tables,
        "list": from_cards,
        "map": from_map,
        "logos": from_logos,
    }
    for way, read in ways.items():
        found = list({member.name.casefold(): member for member in read(main) if plausible(member.name)}.values())
        if len(found) >= 2:
            return way, found
    return "", []


def from_pdf(body: bytes) -> list[Member]:
    """Members of a list as PDF: one a line, its country in brackets or behind a comma."""
    from pypdf import PdfReader

    lines = [clean(line) for page in PdfReader(BytesIO(body)).pages for line in page.extract_text().splitlines()]
    found = []
    for line in lines:
        item = re.match(
            r"^(?:[-•–*]|\d{1,3}[.)])\s*(.+?)(?:\s*\((\p{L}[^()]*)\))?$".replace(r"\p{L}", r"[^\W\d_]"), line
        )
        if item and plausible(item[1]):
            found.append(Member(item[1], country=item[2]))
    return found
