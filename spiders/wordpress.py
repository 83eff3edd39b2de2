"""WordPress' open interface, which many sites leave on: pages as JSON, counted in headers (PORTALS.md 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapy.http import Response

PAGES = "/wp-json/wp/v2/pages"
CLOSED = (400, 401, 403, 404, 500)  # how a site answers whose interface is closed


@dataclass(frozen=True, slots=True)
class WordPressPage:
    """One page: its slug, address, title and rendered text."""

    slug: str
    link: str
    title: str
    html: str


def pages_of(response: Response) -> list[WordPressPage]:
    """The pages of an answer; none where the interface is closed or answers with a web page."""
    if response.status != 200 or response.body.lstrip()[:1] != b"[":
        return []
    found = response.json()  # type: ignore[attr-defined]
    return [
        WordPressPage(
            slug=str(page.get("slug") or ""),
            link=str(page.get("link") or ""),
            title=re.sub(r"<[^>]+>", "", page["title"]["rendered"]),
            html=str(page["content"]["rendered"]),
        )
        for page in found
        if isinstance(page, dict)
        and "rendered" in (page.get("content") or {})
        and "rendered" in (page.get("title") or {})
    ]


def following(response: Response) -> str | None:
    """The address of the next page of an answer: beyond the last one the interface answers 400."""
    total = (response.headers.get("X-WP-TotalPages") or b"1").decode()
    parts = urlsplit(response.url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    page = int(query.get("page", "1"))
    if not total.isdigit() or page >= int(total):
        return None
    return f"{parts.path}?{urlencode({**query, 'page': page + 1})}"
