"""The official list of poles as cards, with the phases of their labels (PORTALS.md 7)."""

from __future__ import annotations

from html import escape

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /recherche\n", "text/plain")
    if request.path != "/poles":
        return not_found()
    cards = "".join(
        f'<div class="fr-card"><h3><a href="https://www.entreprises.gouv.fr/fr/innovation/poles-de-competitivite/{row["slug"]}">'
        f'{escape(row["name"])}</a></h3><p class="ville">{escape(row["city"])}</p><p class="region">{escape(row["region"])}</p>'
        f'<p class="theme">{escape(row["theme"])}</p><p class="phases">{escape(row["phases"].replace("|", ", "))}</p></div>'
        for row in table("pole", night)
    )
    return Answer(f'<html lang="fr"><body><main><h1>Les pôles</h1>{cards}</main></body></html>'.encode())
