"""Networks' sites with their quirks (PORTALS.md 8): logo walls, a map's JSON, a PDF, ages that change, two languages, a parked one."""

from __future__ import annotations

import json
from html import escape

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

WP = "/wp-json/wp/v2/pages"


def answer(request: Request, night: int) -> Answer:
    pages = [page for page in table("site_page", night) if page["host"] == request.host]
    if request.path == "/robots.txt":
        return (
            Answer(b"User-agent: *\nDisallow: /typo3/\nDisallow: /wp-admin/\n", "text/plain") if pages else not_found()
        )
    if request.path == WP:
        return interface(pages, night)
    if request.path.endswith("/member-list.pdf"):
        return Answer(pdf(members_of(request.host, "/members", night)), "application/pdf")
    page = next((page for page in pages if page["path"].rstrip("/") == request.path.rstrip("/")), None)
    return Answer(html(page, night, request.count)) if page else not_found()


def members_of(host: str, path: str, night: int) -> list[Row]:
    return [
        row
        for row in table("site_member", night)
        if row["host"] == host and row["path"].rstrip("/") == path.rstrip("/")
    ]


def html(page: Row, night: int, count: int) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="{page["language"]}"><head><title>{escape(page["title"])}</title></head><body>'
        f'<nav><a href="/">Home</a><img src="/typo3/logo_site.png" alt="Logo"></nav><main><h1>{escape(page["title"])}</h1>'
        f"{body(page, night)}</main><footer><p>Age: {300 + night * 7 + count} days</p>"
        "<p>Contact: info [at] example (info[at]example[dot]org)</p></footer></body></html>"
    ).encode()


def body(page: Row, night: int) -> str:
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in page["text"].split("\n") if text)
    rows = members_of(page["host"], page["path"], night)
    return paragraphs + SHAPES[page["shape"]](rows) if page["shape"] else paragraphs


def bullets(rows: list[Row]) -> str:
    items = "".join(
        f'<li><strong class="name">{escape(r["name"])}</strong> <span class="country">{escape(r["country"])}</span> '
        f'<span class="city">{escape(r["city"])}</span> <span class="role">{escape(r["role"])}</span></li>'
        for r in rows
    )
    return f'<ul class="list">{items}</ul>'


def logos(rows: list[Row]) -> str:
    """Names only in the alternative text; the last one only in the file's name."""
    walls = [f'<img src="/uploads/{n}.png" alt="Logo {escape(r["name"])}">' for n, r in enumerate(rows[:-1])]
    walls += [f'<img src="/uploads/{r["name"].replace(" ", "_")}-logo.png" alt="">' for r in rows[-1:]]
    return f'<div class="logo-wall">{"".join(walls)}</div>'


def map_widget(rows: list[Row]) -> str:
    points = [
        {"title": r["name"], "country": r["country"], "city": r["city"], "role": r["role"], "lat": None, "lng": None}
        for r in rows
    ]
    return f'<div id="map"></div><script>var zoom = 4; var markers = {json.dumps(points, ensure_ascii=False)}; draw(markers);</script>'


def pdf_link(rows: list[Row]) -> str:
    return '<p><a href="/fileadmin/member-list.pdf">List of members (PDF)</a></p>'


SHAPES = {"list": bullets, "logos": logos, "map": map_widget, "pdf": pdf_link}


def interface(pages: list[Row], night: int) -> Answer:
    if not any(page["cms"] == "wordpress" for page in pages):
        return not_found()
    found = [
        {
            "slug": page["path"].strip("/").rpartition("/")[2],
            "link": f"https://{page['host']}{page['path']}",
            "title": {"rendered": escape(page["title"])},
            "content": {"rendered": body(page, night)},
        }
        for page in pages
    ]
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": "1"}
    return Answer(json.dumps(found, ensure_ascii=False).encode(), "application/json; charset=UTF-8", headers=headers)


def pdf(rows: list[Row]) -> bytes:
    """A one-page PDF with one member a line."""
    lines = ["Members", *(f"- {r['name']} ({r['country']})" for r in rows)]
    text = "".join(
        f"({line.encode('cp1252', 'replace').decode('latin-1').replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
        for line in lines
    )
    stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{text}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
