"""ECCP in both of its generations (PORTALS.md 2.2 to 2.4), theme-debug comments, log-in walls and all."""

from __future__ import annotations

import re
from html import escape

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

PER_PAGE = 12
MEMBERS_PER_PAGE = 20
PRESENT = {"cluster_organisations": "organisation"}
LEGACY = {"/cluster-networks": "network", "/eu-cluster-partnerships": "partnership"}
# The lists of generations that still answer, by the programme of what they list.
GENERATIONS = {
    "/eu-cluster-partnerships/escp-4i/first-generation": "ESCP-4i",
    "/eu-cluster-partnerships/escp-4x": "ESCP-4x",
    "/eu-cluster-partnerships/euroclusters": "Eurocluster",
}
FOLDER = {"escp": "escp-profiles", "escp4x": "escp-4x-profiles", "eurocluster": "eu-project-profile"}
FEED = b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title></channel></rss>'
LOG_IN = (
    "<html><head><title>Log in | European Cluster Collaboration Platform</title></head>"
    "<body><main><form></form></main></body></html>"
)
FOOTER = """<footer><a href="https://www.example.org/social">Social</a>
<p>Contact: info [at] example (info[at]example[dot]org)</p></footer>"""
# What a profile of each generation labels, and the column that holds it.
PRESENT_LABELS = {
    "Full name": "full_name",
    "Acronym": "acronym",
    "Country": "country",
    "City": "city",
    "Region": "region",
    "Website": "website",
    "Industrial ecosystem": "ecosystem",
    "Programme": "programme",
    "Call": "call",
    "Legal form": "legal_form",
    "Year of foundation": "founded",
    "Staff (FTE)": "staff_fte",
    "Number of members": "members_stated",
    "Number of countries": "countries_stated",
    "Type of members": "member_type",
    "Start of Partnership": "start_date",
    "End of Partnership": "end_date",
    "Formerly known as": "former_name",
    "Previous initiatives": "previous",
}
ESCP_LABELS = {
    "Acronym": "acronym",
    "Full name": "full_name",
    "Website": "website",
    "Programme": "programme",
    "ESCP-4i Status": "label_status",
    "Start of Partnership": "start_date",
    "Partnership duration": "duration",
    "Total Number of Partners": "members_stated",
    "Total number of SMEs involved in the partnership": "smes_stated",
    "Targeted third countries": "targeted_countries",
    "Previous initiatives": "previous",
    "Sectoral Industries": "sector",
}


ESCP_4X_LABELS = {
    "Full name": "full_name",
    "Start of Partnership": "start_date",
    "Partnership duration": "duration",
    "Number of partners": "members_stated",
    "Number of planned Exchanges": "",
    "Partnership's Origin": "previous",
    "Programme": "programme",
    "Website": "website",
}


def answer(request: Request, night: int) -> Answer:
    path = request.path
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /user/\nDisallow: /admin/\nCrawl-delay: 2\n", "text/plain")
    if path == "/search-results":
        return search_results(request.query, night)
    if path in GENERATIONS:
        return generation_list(path, night)
    if path in LEGACY:
        return legacy_list(path, request.query, night)
    if path == "/user/login":
        return Answer(LOG_IN.encode())
    if path == "/sitemap.xml":
        return sitemap(request.query, night)
    if path == "/taxonomy/term/3711/feed":
        return Answer(b"<!-- THEME DEBUG -->\n<!-- CALL: theme_hook -->\n" + FEED, "application/rss+xml")
    if found := re.fullmatch(
        r"/(?:content|escp-profiles|escp-4x-profiles|eu-project-profile|cluster-networks|cluster-organisations)/([\w-]+)",
        path,
    ):
        return profile(found[1], request.query, night)
    return not_found()


def page(title: str, body: str, language: str = "en") -> Answer:
    """A page as the portal sends it: theme debug is on in production, and comments are everywhere."""
    html = f"""<!DOCTYPE html>
<!-- THEME DEBUG -->
<html lang="{language}"><head><title>{escape(title)} | European Cluster Collaboration Platform</title></head>
<body>
<!-- FILE NAME SUGGESTIONS: * page--node.html.twig x page.html.twig -->
<main>
{body}
</main>
{FOOTER}
</body></html>"""
    return Answer(html.encode())


def listed(kind: str, night: int) -> list[Row]:
    return [row for row in table("eccp_profile", night) if row["kind"] == kind]


def search_results(query: dict[str, str], night: int) -> Answer:
    """The present list: 12 a page from 0, and one empty page at the end."""
    number = int(query.get("page", "0"))
    kind = PRESENT.get(query.get("type", ""))
    rows = listed(kind, night)[number * PER_PAGE : (number + 1) * PER_PAGE] if kind else []
    items = "".join(
        f'<div class="search-result-item"><a href="/content/{row["slug"]}">{escape(row["name"])}</a>'
        f'<a href="/content/{row["slug"]}/expertise">Expertise</a></div>\n'
        for row in rows
    )
    following = f"?type={query.get('type', '')}&amp;page={number + 1}"
    pager = f'<nav class="pager"><a aria-label="Next page" rel="next" href="{following}">Next</a></nav>'
    return page("Search results", items + (pager if rows else ""))


def legacy_list(path: str, query: dict[str, str], night: int) -> Answer:
    """The list of 2016 to 2020: cards, and several pagers on one page (`?page=0%2C2`)."""
    number = int(query.get("page", "0,0").split(",")[-1])
    rows = listed(LEGACY[path], night)
    part = rows[number * PER_PAGE : (number + 1) * PER_PAGE]
    cards = "".join(
        f'<div class="views-row"><h3><a href="{address(row)}">{escape(row["name"])}</a></h3></div>\n' for row in part
    )
    pager = ""
    if (number + 1) * PER_PAGE < len(rows):
        following = f'<li class="pager-next"><a href="{path}?page=0%2C{number + 1}">next ›</a></li>'
        pager = f'<ul class="pager">{following}</ul>'
    crumb = f'<div class="breadcrumb">Home &gt; {escape(path.strip("/"))}</div>'
    return page(path.strip("/"), f'{crumb}<div class="view-content">{cards}</div>{pager}')


def address(row: Row) -> str:
    return f"/{FOLDER.get(row['generation'], 'content')}/{row['slug']}"


def generation_list(path: str, night: int) -> Answer:
    """The list of one generation, as cards; it says how many partnerships there are."""
    rows = [
        row
        for row in listed("partnership", night)
        if GENERATIONS[path] and re.search(GENERATIONS[path], row["programme"])
    ]
    cards = "".join(
        f'<div class="views-row"><h3><a href="{address(row)}">{escape(row["name"])}</a></h3></div>\n' for row in rows
    )
    return page(path.rpartition("/")[2], f'<div class="view-content">{cards}</div>') if rows else not_found()


def sitemap(query: dict[str, str], night: int) -> Answer:
    """The sitemap's pages: a host of no meaning, minutes without seconds; the last page is empty."""
    before = {row["slug"]: row for row in table("eccp_profile", 1)}
    rows = table("eccp_profile", night) if query.get("page", "1") == "1" else ()
    members = [
        {m["network_slug"]: 0 for m in table("eccp_member", n)}
        | {m["network_slug"]: str(m) for m in table("eccp_member", n)}
        for n in (1, night)
    ]
    urls = []
    for row in rows:
        same = row == before.get(row["slug"]) and members[0].get(row["slug"]) == members[1].get(row["slug"])
        changed = "2026-04-04T08:00Z" if same else "2026-11-01T19:30Z"
        urls.append(f"<url><loc>http://default{address(row)}</loc><lastmod>{changed}</lastmod></url>\n")
    return Answer(f'<?xml version="1.0"?>\n<urlset>\n{"".join(urls)}</urlset>'.encode(), "application/xml")


def profile(slug: str, query: dict[str, str], night: int) -> Answer:
    row = next((row for row in table("eccp_profile", night) if row["slug"] == slug), None)
    if row is None:
        return not_found()
    if row["generation"] == "login":
        return Answer(b"", status=302, headers={"Location": "/user/login"}, validators=False)
    number = int(query.get("page", "0").split(",")[-1])
    members = [member for member in table("eccp_member", night) if member["network_slug"] == slug]
    part = members[number * MEMBERS_PER_PAGE : (number + 1) * MEMBERS_PER_PAGE]
    more = (number + 1) * MEMBERS_PER_PAGE < len(members)
    labels = {"escp": ESCP_LABELS, "escp4x": ESCP_4X_LABELS}.get(row["generation"])
    fields = escp_fields(row, labels) if labels else present_fields(row)
    text = "".join(f"<p>{escape(part)}</p>\n" for part in row["text"].split("\n") if part)
    body = f"""<article data-history-node-id="{row["node_id"]}">
<h1><span class="field">{escape(row["name"])}</span></h1>
<strong><span class="label">Submitted by </span><span typeof="schema:Person">Example Person</span>
<span class="date">on 05 April 2023</span></strong>
<!-- 💡 BEGIN CUSTOM TEMPLATE OUTPUT -->
{fields}
<div class="field field--name-body">{text}</div>
{member_list(part, number, more, address(row))}
<!-- END CUSTOM TEMPLATE OUTPUT -->
</article>"""
    return page(row["name"], body, row["language"] or "en")


def present_fields(row: Row) -> str:
    return "\n".join(
        f'<div class="field"><div class="field__label">{label}</div><div class="field__items">'
        + "".join(f'<div class="field__item">{escape(value)}</div>' for value in row[column].split("|"))
        + "</div></div>"
        for label, column in PRESENT_LABELS.items()
        if row[column]
    )


def escp_fields(row: Row, labels: dict[str, str]) -> str:
    """An old profile of a partnership shows every label, with or without a value."""
    shown = "\n".join(
        f'<div class="field"><div class="field-label">{label}:&nbsp;</div><div class="field-items">'
        + "".join(f'<div class="field-item">{escape(value)}</div>' for value in row.get(column, "").split("|"))
        + "</div></div>"
        for label, column in labels.items()
    )
    return f'<div class="print-link">Printer-friendly version</div>\n<h2>General Information</h2>\n{shown}'


def member_list(members: list[Row], number: int, more: bool, path: str) -> str:
    if not members:
        return ""
    rows = "\n".join(map(member_row, members))
    following = f'<a rel="next" href="{path}?page=0%2C0%2C0%2C{number + 1}">more</a>' if more else ""
    return f'<section><h2>Members</h2><div class="view-members">{rows}{following}</div></section>'


def member_row(row: Row) -> str:
    name = escape(row["name"])
    link = f'<a href="/content/{row["organisation_slug"]}">{name}</a>'
    spans = "".join(
        f' <span class="{css}">{escape(row[column])}</span>'
        for css, column in (
            ("country", "country"),
            ("city", "city"),
            ("role", "role"),
            ("since", "since"),
            ("until", "until"),
        )
        if row[column]
    )
    shown = link if row["organisation_slug"] else f'<span class="member-name">{name}</span>'
    return f'<div class="views-row">{shown}{spans}</div>'
