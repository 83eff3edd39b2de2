"""The Transparency Register's file, read in pieces: XML 1.1 with references to control characters, which no parser takes.

The declaration is rewritten and the references are taken out as the file streams by; a piece may
cut a reference in two, so what could be the beginning of one waits for the next piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from lxml import etree

PIECE = 1 << 20  # bytes read at a time
CONTROL = re.compile(rb"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF]);|0*(?:[0-8]|1[124-9]|2\d|3[01]|127);)")
RAW_CONTROL = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
BEGUN = re.compile(rb"&[#\w]{0,8}$")
FIELDS = {
    "identificationCode": "code",
    "registrationDate": "registered",
    "acronym": "acronym",
    "webSiteURL": "website",
    "registrationCategory": "category",
    "goals": "goals",
}
Row = dict[str, str | None]


def pieces(path: Path) -> Iterator[bytes]:
    """The file in pieces that a parser of XML 1.0 takes."""
    rest = b""
    first = True
    with path.open("rb") as file:
        while block := file.read(PIECE):
            text = rest + block
            if first:
                text = re.sub(rb"(<\?xml\s+version=['\"])1\.1", rb"\g<1>1.0", text, count=1)
                first = False
            begun = BEGUN.search(text)
            cut = begun.start() if begun else len(text)
            rest = text[cut:]
            yield CONTROL.sub(b"", text[:cut]).translate(None, RAW_CONTROL)
    if rest:
        yield CONTROL.sub(b"", rest).translate(None, RAW_CONTROL)


def entries(path: Path) -> Iterator[Row]:
    """The registrants of a file, one at a time; raises etree.XMLSyntaxError for what is no XML at all."""
    parser = etree.XMLPullParser(
        events=("end",), tag="{*}interestRepresentative", resolve_entities=False, no_network=True
    )
    for piece in pieces(path):
        parser.feed(piece)
        yield from _read(parser)
    parser.close()
    yield from _read(parser)


def _read(parser: etree.XMLPullParser) -> Iterator[Row]:
    for _, element in cast("Iterator[tuple[str, Any]]", parser.read_events()):
        yield _row(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _row(element: Any) -> Row:
    row: Row = {ours: element.findtext("{*}" + theirs) for theirs, ours in FIELDS.items()}
    # Older files call the name's node `n`.
    row["name"] = (
        element.findtext("{*}name/{*}originalName")
        or element.findtext("{*}n/{*}originalName")
        or element.findtext("{*}n")
    )
    office = element.find("{*}headOffice")
    row["country"] = office.findtext("{*}country") if office is not None else None
    row["city"] = office.findtext("{*}city") if office is not None else None
    row["member_of"] = element.findtext("{*}structure/{*}isMemberOf") or element.findtext("{*}isMemberOf")
    row["members"] = element.findtext("{*}structure/{*}organisationMembers") or element.findtext(
        "{*}organisationMembers"
    )
    return row


def count(path: Path) -> int:
    """How many registrants a file holds: closing tags, counted as it streams by."""
    tag = b"</interestRepresentative>"
    found, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(PIECE):
            text = tail + block
            found += text.count(tag)
            tail = text[-(len(tag) - 1) :]
    return found
