"""MySQL dumps: the rows of their INSERT statements, values as text; newlines and quotes inside values included."""

from __future__ import annotations

import re
from collections.abc import Iterator

INSERT = re.compile(r"^INSERT INTO `(\w+)` VALUES (.*?);$", re.M | re.S)
ROW = re.compile(r"\(((?:'(?:[^'\\]|\\.|'')*'|[^()'])*)\)[,;]?", re.S)
VALUE = re.compile(r"'((?:[^'\\]|\\.|'')*)'|([^,']+)", re.S)
STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.S)
ESCAPE = re.compile(r"\\(.)|''", re.S)
CONTROL = {"n": "\n", "r": "\r", "t": "\t", "0": ""}


def table(dump: str) -> str:
    """The name of the table that a dump fills, or an empty text."""
    found = INSERT.search(dump)
    return found[1] if found else ""


def columns(dump: str) -> list[str]:
    """The columns of the dump's table, in their order."""
    found = re.search(r"CREATE TABLE `\w+` \((.*?)\n\)", dump, re.S)
    return re.findall(r"^\s+`(\w+)`", found[1], re.M) if found else []


def rows(dump: str) -> Iterator[list[str | None]]:
    """The rows of all INSERT statements."""
    for statement in INSERT.finditer(dump):
        for row in ROW.finditer(statement[2]):
            yield [_text(quoted, bare) for quoted, bare in VALUE.findall(row[1])]


def _text(quoted: str, bare: str) -> str | None:
    if bare:
        return None if bare.strip() == "NULL" else bare.strip()
    if "\\" not in quoted and "''" not in quoted:
        return quoted
    return ESCAPE.sub(lambda found: CONTROL.get(found[1], found[1]) if found[1] else "'", quoted)


def count(dump: str) -> int:
    """How many rows a dump holds, counted apart from their reading: brackets that open outside of texts."""
    return sum(STRING.sub("", statement[2]).count("(") for statement in INSERT.finditer(dump))
