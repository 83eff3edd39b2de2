"""Pages as a reader sees them."""

from __future__ import annotations

import re

from parsel import Selector
from scrapy.http import Response, TextResponse


def page_of(response: Response) -> Selector:
    """The page of an answer; an empty one where the answer is no text."""
    if not isinstance(response, TextResponse):
        return Selector(text="<html></html>")
    return response.selector


def clean(text: str | None) -> str:
    """Single blanks, none at the ends."""
    return re.sub(r"\s+", " ", text or "").strip()


def text_of(node: Selector) -> str:
    """The text that a reader sees: no comments, no scripts, blocks apart."""
    return clean(" ".join(node.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()))
