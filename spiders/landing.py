"""What a crawl leaves behind: one folder a run, complete in itself.

    records.jsonl.zst   the records of every page, unchanged ones included
    pages.jsonl         one line a page: url, validators, digest, when it was fetched
    files/              documents landed whole
    responses.warc.gz   the raw answers (owner only, kept 30 days)
    harvest.json        outcome, counts, bytes, seconds, checksums

Pages that did not change are carried over from the landing before, so that a landing never needs
another one to be read.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.records import Document, Record, as_row

GOOD = ("ok", "unchanged")


@dataclass(slots=True)
class Page:
    """One page of a landing, with what makes a conditional request possible."""

    url: str
    fetched_at: str
    digest: str
    etag: str | None = None
    last_modified: str | None = None
    checked_at: str | None = None  # when it was found unchanged for the last time
    part: str | None = None  # the part of the source that it belongs to, where parts fail on their own
    continues: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Harvest:
    """What a run of one door of a source achieved (`harvest.json`)."""

    source: str
    door: str
    outcome: str
    reason: str
    folder: str
    rows: int = 0
    pages: int = 0
    unchanged_pages: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    announced: int = 0
    closed_pages: int = 0
    gone_pages: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    unknown_labels: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fetched_at: str = ""
    checksums: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return self.outcome in GOOD

    def write(self) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (Path(self.folder) / "harvest.json").write_text(text, encoding="utf-8")


def read_harvest(folder: Path) -> Harvest:
    """The outcome that a run wrote; raises FileNotFoundError where it died before."""
    raw = json.loads((folder / "harvest.json").read_text(encoding="utf-8"))
    return Harvest(**{**raw, "folder": str(folder)})


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a landing as JSON objects."""
    path = folder / "records.jsonl.zst"
    if path.is_file():
        with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)


def read_pages(folder: Path) -> dict[str, Page]:
    """The pages of a landing by address."""
    path = folder / "pages.jsonl"
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {page.url: page for page in (Page(**json.loads(line)) for line in lines)}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Landing:
    """Writes one landing; `previous` is the last good one of the same door, if any."""

    def __init__(self, folder: Path, previous: Path | None) -> None:
        self.folder = folder
        self.previous = previous
        self.files = folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.pages: dict[str, Page] = {}
        self.known = read_pages(previous) if previous else {}
        self.rows = 0
        self._carried: set[str] = set()
        self._raw = self._private("records.jsonl.zst")
        self._records = zstandard.ZstdCompressor(level=6).stream_writer(self._raw)
        self._warc_file = self._private("responses.warc.gz")
        self._warc = WARCWriter(self._warc_file, gzip=True)

    def _private(self, name: str) -> io.BufferedWriter:
        """A file that only its owner may read: raw answers can hold what we do not keep."""
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return os.fdopen(descriptor, "wb")

    def archive(self, url: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keep a raw answer in the WARC."""
        status_line = StatusAndHeaders(str(status), headers, protocol="HTTP/1.1")
        record = self._warc.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=status_line)
        self._warc.write_record(record)

    def visit(self, page: Page) -> bool:
        """Note a page that was fetched; True where its content is that of the landing before."""
        before = self.known.get(page.url)
        if before and before.digest == page.digest:
            self.carry(page.url)
            return True
        self.pages[page.url] = page
        self._carried.discard(page.url)  # carried before, and read again now
        return False

    def carry(self, url: str) -> None:
        """Take a page's records over from the landing before: it did not change."""
        self.pages[url] = self.known[url]
        self._carried.add(url)

    def keep_last(self, url: str) -> None:
        """Keep what was read of a page last, for tonight it cannot be read; it is read anew the next night."""
        if url in self.known:
            self.carry(url)
        else:
            self.pages.pop(url, None)

    def add(self, record: Record, page_url: str) -> None:
        """Land one record of a page."""
        row = as_document(record, self.files) if isinstance(record, Document) else as_row(record)
        self._write({**row, "page_url": page_url, "fetched_at": self.pages[page_url].fetched_at})

    def _write(self, row: dict[str, Any]) -> None:
        self._records.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
        self.rows += 1

    @property
    def unchanged(self) -> int:
        return len(self._carried)

    def close(self) -> dict[str, str]:
        """Write what was carried over and the pages; returns the checksums of the files."""
        if self._carried and self.previous:
            for row in read_rows(self.previous):
                if row["page_url"] in self._carried:
                    self._write(row)
                    if name := row.get("file"):
                        (self.files / name).write_bytes((self.previous / "files" / name).read_bytes())
        self._records.close()  # type: ignore[no-untyped-call]
        self._raw.close()
        self._warc_file.close()
        lines = (json.dumps(asdict(page), ensure_ascii=False) for page in self.pages.values())
        (self.folder / "pages.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return {path.name: sha256(path) for path in sorted(self.files.iterdir())}


def as_document(document: Document, files: Path) -> dict[str, Any]:
    """Land a document whole; the row says where it lies."""
    if Path(document.name).name != document.name or document.name.startswith("."):
        raise ValueError(f"'{document.name}' is no plain file name")
    path = files / document.name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(document.body)
    return {
        "kind_of_record": "document",
        "source_id": document.source_id,
        "url": document.url,
        "file": document.name,
    }
