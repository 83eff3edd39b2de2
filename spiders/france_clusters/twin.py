"""The directory of France Clusters: cards, five a page; its real markup was not seen (PORTALS.md 7)."""

from __future__ import annotations

from html import escape

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found

PER_PAGE = 5


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"", "text/plain", 404)
    if request.path != "/annuaire/":
        return not_found()
    rows = table("france_cluster", night)
    page = int(request.query.get("page", "1"))
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    cards = "".join(
        f'<article class="cluster"><h2>{escape(row["name"])}</h2><span class="ville">{escape(row["city"])}</span>'
        f'<span class="region">{escape(row["region"])}</span><span class="secteur">{escape(row["sector"])}</span>'
        f'<a class="site" href="{escape(row["website"])}">Site</a></article>'
        for row in shown
    )
    more = f'<a rel="next" href="/annuaire/?page={page + 1}">Suivant</a>' if page * PER_PAGE < len(rows) else ""
    return Answer(f'<html lang="fr"><body><main><h1>Annuaire</h1>{cards}{more}</main></body></html>'.encode())
