"""Text of pages as a reader sees it."""

from __future__ import annotations

import re

from parsel import Selector


def clean(text: str | None) -> str:
    """Single blanks, none at the ends."""
    return re.sub(r"\s+", " ", text or "").strip()


def text_of(node: Selector) -> str:
    """The text that a reader sees: no comments, no scripts, blocks apart."""
    return clean(" ".join(node.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()))
