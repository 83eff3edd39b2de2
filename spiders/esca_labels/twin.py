"""ESCA's lists: countries by uuid, one table each, expired labels among them (PORTALS.md 7)."""

from __future__ import annotations

from html import escape

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found


def answer(request: Request, night: int) -> Answer:
    labels = table("esca_label", night)
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /login\n", "text/plain")
    if request.path != "/benchmarked-clusters" and request.path != "/benchmarked-clusters/":
        return not_found()
    if wanted := request.query.get("country"):
        rows = [row for row in labels if row["country_uuid"] == wanted]
        return country_page(rows) if rows else not_found()
    countries = {row["country_uuid"]: row["country"] for row in labels}
    links = "".join(
        f'<li><a href="/benchmarked-clusters/?country={uuid}">{escape(name)}</a></li>'
        for uuid, name in countries.items()
    )
    return Answer(
        f"<html><body><h1>Benchmarked clusters</h1><p>The list includes {len(labels)} clusters from "
        f"{len(countries)} countries.</p><ul>{links}</ul></body></html>".encode()
    )


def country_page(rows: list[dict[str, str]]) -> Answer:
    head = "<tr><th>Name</th><th>Comparative portfolio</th><th>www</th><th>Label valid until</th></tr>"
    body = "".join(
        f"<tr><td>{escape(row['name'])}</td><td>{escape(row['portfolio'])}</td>"
        f"<td>{link(row['www'])}</td><td>{row['valid_until']}</td></tr>"
        for row in rows
    )
    page = f'<html><body><h1>{escape(rows[0]["country"])}</h1><table>{head}{body}</table><a href="/benchmarked-clusters">Back to overview</a></body></html>'
    return Answer(page.encode())


def link(address: str) -> str:
    return f'<a href="{escape(address)}">www</a>' if address else ""
