"""go-cluster's pages: session ids in links, print views, and another number of members in each language (PORTALS.md 7)."""

from __future__ import annotations

from html import escape

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found

DE = "/CLUSTER/Navigation/DE/Clusterpolitik/Bund/go-cluster/go-cluster.html"
EN = "/CLUSTER/Redaktion/EN/Standardartikel/go-cluster.html"


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /SiteGlobals/\n", "text/plain")
    session = f";jsessionid=0A{request.count:06d}.live{night}"  # a new one with every visit
    if request.path == DE:
        cards = "".join(
            f'<li class="cluster"><h3><a href="/CLUSTER/Redaktion/DE/Cluster/{row["slug"]}.html{session}?view=renderPrint">'
            f'{escape(row["name"])}</a></h3><span class="ort">{escape(row["city"])}</span>'
            f'<span class="land">{escape(row["state"])}</span><span class="feld">{escape(row["field"])}</span></li>'
            for row in table("go_cluster", night)
        )
        intro = '<p class="intro">Das Programm vereint 77 Innovationscluster aus allen Regionen Deutschlands.</p>'
        return Answer(
            f'<html lang="de"><body><main>{intro}<ul>{cards}</ul></main></body></html>'.encode(), validators=False
        )
    if request.path == EN:
        return Answer(
            b'<html lang="en"><body><main><p class="intro">The programme unites 72 clusters.</p></main></body></html>'
        )
    return not_found()
