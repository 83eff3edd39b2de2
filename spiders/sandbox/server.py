"""Plays the portals' twins on loopback: real HTTP, one port a portal, robots.txt, conditional requests.

A twin is a module `spiders/<source>/twin.py` with `answer(request, night) -> Answer`.  The server
adds what every portal does: ETag and Last-Modified, 304 when nothing changed, 404 for the rest.
It also works as a proxy, so that one twin can play all hosts of a source under their own names.
Faults can be asked for by name (`--fault eccp=empty`), to see what a refresh makes of them.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

NIGHTS = {1: "2026-11-01T02:00:00Z", 2: "2026-11-02T02:00:00Z"}
LAST_MODIFIED = {1: "Sun, 01 Nov 2026 01:00:00 GMT", 2: "Mon, 02 Nov 2026 01:00:00 GMT"}
FAULTS = ("empty", "error", "moved", "robots_5xx", "robots_disallow", "opt_out", "login")
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What a twin is asked."""

    path: str
    query: dict[str, str]
    host: str = ""
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    count: int = 1  # how many times this was asked before and now


@dataclass(frozen=True, slots=True)
class Answer:
    """What a twin says; `validators` is False where the real portal sends none."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True


def not_found() -> Answer:
    return Answer(b"<html><title>Page not found</title></html>", status=404)


def moved(body: bytes) -> bytes:
    """An answer in a shape never seen: classes and tags of a page renamed, the keys of JSON, the headings of a table."""
    if body.startswith((b"PK", b"%PDF")):
        return b"<html><body>The page that you look for has moved.</body></html>"
    if body.lstrip()[:1] in (b"{", b"["):
        return re.sub(rb'"([A-Za-z_]\w*)"\s*:', rb'"x_\1":', body)
    if body.lstrip()[:1] != b"<":
        head, newline, rest = body.partition(b"\n")
        return re.sub(rb"[A-Za-z]{3,}", b"Column", head) + newline + rest
    body = re.sub(rb'(class|id|property|data-[\w-]+)="[^"]*"', rb'\1="ecl-moved"', body)
    body = re.sub(rb"<(/?)(?:table|tr|th|td|li|ul|h2|h3|h4|article|img|script)\b", rb"<\1div", body)
    return re.sub(rb"<(/?)([a-z]+[A-Z]\w*)", rb"<\1moved\2", body)


def faulty(fault: str | None, request: Request, answer: Answer) -> Answer:
    """The answer with a fault that was asked for by name."""
    robots = request.path == "/robots.txt"
    if fault == "robots_5xx" and robots:
        return Answer(b"", status=503)
    if fault == "robots_disallow" and robots:
        return Answer(b"User-agent: *\nDisallow: /\n", "text/plain")
    if robots or fault is None:
        return answer
    if fault == "error":
        return Answer(b"<html><title>Error</title></html>", status=500)
    if fault == "empty":
        return Answer(b"<html><body><main></main></body></html>" if answer.content_type == HTML else b"{}")
    if fault == "moved":
        return Answer(moved(answer.body), answer.content_type, answer.status, answer.headers)
    if fault == "opt_out":
        return Answer(answer.body, answer.content_type, answer.status, {"tdm-reservation": "1"})
    if fault == "login":
        return Answer(b"<html><head><title>Log in | Portal</title></head><body></body></html>")
    return answer


class Twin(ThreadingHTTPServer):
    """One portal's twin on a free port of loopback."""

    daemon_threads = True

    def __init__(self, source: str, night: int, fault: str | None = None) -> None:
        self.source = source
        self.night = night
        self.fault = fault
        self.answer = importlib.import_module(f"spiders.{source}.twin").answer
        self.log: list[tuple[str, int, str]] = []
        self.asked: Counter[tuple[str, bytes]] = Counter()
        self.times: dict[str, list[float]] = {}  # by host, when it was asked for a page
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the twin, and answers as a web server would."""

    protocol_version = "HTTP/1.1"
    server: Twin

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked[self.path, body] += 1
        if parts.path != "/robots.txt":
            self.server.times.setdefault(parts.netloc, []).append(time.monotonic())
        request = Request(
            parts.path,
            query,
            host=parts.netloc,
            method=self.command,
            body=body,
            headers={name.lower(): value for name, value in self.headers.items()},
            count=self.server.asked[self.path, body],
        )
        answer = faulty(self.server.fault, request, self.server.answer(request, self.server.night))
        self.server.log.append(
            (parts._replace(scheme="", netloc="").geturl(), answer.status, self.headers.get("User-Agent", ""))
        )
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        fresh = answer.validators and answer.status == 200
        if fresh and self.headers.get("If-None-Match") == etag:
            self.reply(304, b"", {"ETag": etag})
            return
        headers = {"Content-Type": answer.content_type, **answer.headers}
        if fresh:
            headers |= {"ETag": etag, "Last-Modified": LAST_MODIFIED[self.server.night]}
        self.reply(answer.status, answer.body, headers)

    do_HEAD = do_POST = do_DELETE = do_GET

    def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the twin keeps its own log."""


@contextmanager
def playing(source: str, night: int = 1, fault: str | None = None) -> Iterator[Twin]:
    """Play one portal's twin in a thread while the block runs."""
    twin = Twin(source, night, fault)
    Thread(target=twin.serve_forever, daemon=True).start()
    try:
        yield twin
    finally:
        twin.shutdown()
        twin.server_close()


@contextmanager
def sandbox(sources: list[str], night: int, faults: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Play the twins of several portals; yields their base addresses by source."""
    with ExitStack() as stack:
        twins = {source: stack.enter_context(playing(source, night, (faults or {}).get(source))) for source in sources}
        yield {source: twin.url for source, twin in twins.items()}
