"""The alliance's WordPress site: its interface with counts in headers, 400 beyond the last page (PORTALS.md 8)."""

from __future__ import annotations

import json
from html import escape

from spiders.sandbox.facts import table
from spiders.sandbox.server import Answer, Request, not_found


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n", "text/plain")
    if request.path == "/wp-json/wp/v2/pages":
        return pages(request, night)
    if request.path == "/members/":
        return Answer(f"<html><body><main>{members(night)}</main></body></html>".encode())
    return not_found()


def pages(request: Request, night: int) -> Answer:
    if int(request.query.get("page", "1")) > 1:
        error = {
            "code": "rest_post_invalid_page_number",
            "message": "The page number requested is larger.",
            "data": {"status": 400},
        }
        return Answer(json.dumps(error).encode(), "application/json; charset=UTF-8", 400)
    found = [
        {
            "id": 2,
            "slug": "home",
            "link": "https://clustersalliance.eu/",
            "title": {"rendered": "Home"},
            "content": {"rendered": "<p>Welcome.</p>"},
        },
        {
            "id": 12,
            "slug": "members",
            "link": "https://clustersalliance.eu/members/",
            "title": {"rendered": "Members"},
            "content": {"rendered": members(night)},
        },
    ]
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": "1"}
    return Answer(json.dumps(found).encode(), "application/json; charset=UTF-8", headers=headers)


def members(night: int) -> str:
    cards = "".join(
        f'<div class="member-card"><h3><a href="{escape(row["website"] or "#")}">{escape(row["name"])}</a></h3>'
        f'<span class="country">{escape(row["country"])}</span><span class="role">{escape(row["member_kind"])}</span></div>'
        for row in table("alliance_member", night)
    )
    return f'<div class="members">{cards}</div>'
