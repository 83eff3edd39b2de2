"""Files that people hand over: packed or not, text or tables, and one sentence for what cannot be read."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import polars as pl

from transforms.landing import UnreadableFile

PACKED: dict[str, Callable[[Path], IO[bytes]]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}  # type: ignore[dict-item]
LARGEST = 2**30  # bytes of one file in memory


def content(file: Path) -> tuple[str, bytes]:
    """(name without its packing, bytes) of a file; raises UnreadableFile for one that does not unpack."""
    unpack = PACKED.get(file.suffix.lower())
    try:
        with unpack(file) if unpack else file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise UnreadableFile(f"{file.name} does not unpack ({error}); download it again.") from None
    if len(raw) > LARGEST:
        raise UnreadableFile(f"{file.name} holds more than {LARGEST:,} bytes; that is more than can be read at once.")
    return file.stem if unpack else file.name, raw


def read_csv(raw: bytes, wanted: tuple[str, ...], separator: str = ",", quote_char: str | None = '"') -> pl.DataFrame:
    """The wanted columns of a CSV as text; one whose quotes are not escaped is read by the lenient reader."""
    raw = re.sub(rb"\n(?:\r?\n)+", b"\n", raw) if quote_char is None else raw  # a blank line is no row
    options: dict[str, Any] = {"separator": separator, "infer_schema": False, "null_values": [""]}
    first = raw[:20_000].lstrip(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    have = [name for name in separated(first, separator).columns if name in wanted]
    try:
        return pl.read_csv(raw, columns=have, quote_char=quote_char, encoding="utf8-lossy", **options)
    except pl.exceptions.ComputeError:
        return separated(raw.decode("utf-8-sig", "replace"), separator).select(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in have
        )


def rows_of_csv(whole: str) -> int:
    """Rows of a CSV below its heading, counted by another reader than the one that reads them."""
    return max(sum(1 for _ in _rows(whole, mark_of(whole))) - 1, 0)


def mark_of(whole: str) -> str:
    """The mark that parts the cells of a CSV: the one that its first line has most of."""
    return max(",;\t", key=whole.partition("\n")[0].count)


def _rows(whole: str, mark: str) -> Iterator[list[str]]:
    csv.field_size_limit(2**24)
    found = csv.reader(io.StringIO(whole, newline=""), delimiter=mark)
    return (row for row in found if len(row) > 1 or (row and row[0].strip()))


def separated(whole: str, mark: str | None = None) -> pl.DataFrame:
    """A CSV as text, its mark the one that the first line has most of; ragged rows are filled up or cut to its columns.

    Quotes that are not escaped stay in their cell.
    """
    rows = list(_rows(whole, mark or mark_of(whole)))
    # A list ends its lines, heading included, with a mark of its own.
    header = unique([" ".join(cell.split()).rstrip(";") for cell in rows[0]]) if rows else []
    width = len(header)
    cells = [[*row[:width], *[""] * (width - len(row))] for row in rows[1:]]
    return pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")


def unique(headings: list[str]) -> list[str]:
    """Headings as names of columns: one that is empty or stands twice is told by its place."""
    names = [heading or f"column {at}" for at, heading in enumerate(headings)]
    return [name if name not in names[:at] else f"{name} ({at})" for at, name in enumerate(names)]


def is_web_page(head: bytes) -> bool:
    """Whether a file is the page that a portal sends in place of a file that it does not have."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:200].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def text(raw: bytes) -> str:
    """Text in UTF-8, in UTF-16 where its mark says so, or in Windows-1252 where it is neither; the mark is taken off."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def workbook(file: Path) -> dict[str, pl.DataFrame]:
    """The sheets of an xls, xlsx or ods file, cells as text, no row taken for a heading."""
    try:
        return pl.read_excel(file, sheet_id=0, has_header=False, infer_schema_length=0, drop_empty_rows=False)
    except Exception as error:  # the reader's own errors share no base
        reason = str(error).splitlines()[0]
        raise UnreadableFile(f"{file.name} is no workbook that can be read ({reason}).") from None


def under_headings(sheet: pl.DataFrame, needed: set[str]) -> pl.DataFrame | None:
    """The rows below the first row that holds all `needed` headings, columns named by it; None where there is none."""
    for number, row in enumerate(sheet.head(30).iter_rows()):
        headings = [" ".join(str(cell or "").split()) for cell in row]
        if needed <= set(headings):
            return sheet[number + 1 :].rename(dict(zip(sheet.columns, unique(headings), strict=True)))
    return None


# First letters of what two or three bytes of UTF-8 look like, and what can follow them.
# Text that was UTF-8, was read as Windows-1252, and stored so: 'CÃ¨dres' for 'Cèdres'.
MOJIBAKE = r"[ÂÃÄÅÆÎÏÐÑØÙâ][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|√[±°ºü©§∂¥¢ß®†¶•ò©≠]"


def repaired(column: str) -> pl.Expr:
    """A text column whose broken encoding is mended where the mending is exact; other texts stay as they are."""
    return (
        pl.when(pl.col(column).str.contains(MOJIBAKE))
        .then(pl.col(column).map_elements(_mended, return_dtype=pl.String))
        .otherwise(pl.col(column))
    )


def _mended(broken: str) -> str:
    # Bytes without a sign in Windows-1252 came through as control characters.
    raw = bytearray()
    for sign in broken:
        try:
            raw += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:
                return broken
            raw.append(ord(sign))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return broken


def unescaped(column: str) -> pl.Expr:
    """A text column without HTML entities."""
    import html

    return (
        pl.when(pl.col(column).str.contains(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});"))
        .then(pl.col(column).map_elements(html.unescape, return_dtype=pl.String))
        .otherwise(pl.col(column))
    )


def slug(name: str) -> str:
    """A file's name as part of a door's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
