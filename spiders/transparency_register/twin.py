"""The register's daily file as PORTALS.md 10 shows it: XML 1.1 with control references, a redirect to another host."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import LAST_MODIFIED, NIGHTS, Answer, Request, not_found

LATEST = "/transparencyregister/public/files/ODP/download/XML/latest"
REFERENCE = re.compile(r"&amp;(#x?[0-9a-fA-F]+;)")


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /private/\n", "text/plain")
    if request.path == "/odplastorganisationxml_en":
        return Answer(b"", status=302, headers={"Location": f"http://ec.europa.eu{LATEST}"}, validators=False)
    if request.path == LATEST:
        return Answer(
            register(table("register_entry", night), night),
            "application/xml",
            headers={"Last-Modified": LAST_MODIFIED[night]},
            validators=False,
        )
    return not_found()


def register(rows: tuple[Row, ...], night: int) -> bytes:
    entries = "".join(map(entry, rows))
    return (
        "<?xml version='1.1' encoding='UTF-8'?>\n"
        '<ListOfIRPublicDetail xmlns="http://intragate.ec.europa.eu/transparencyregister/odp">\n'
        f'<metaData xmlns=""><exportDate>{NIGHTS[night][:19]}.071+00:00</exportDate><numberOfIR>{len(rows)}</numberOfIR></metaData>\n'
        f'<resultList xmlns="">{entries}</resultList></ListOfIRPublicDetail>\n'
    ).encode()


def tag(name: str, text: str) -> str:
    """An element; references to control characters stay as the portal publishes them."""
    published = REFERENCE.sub(r"&\1", escape(text))
    return f"<{name}>{published}</{name}>" if text else ""


def entry(row: Row) -> str:
    return f"""<interestRepresentative>
      {tag("identificationCode", row["identification_code"])}{tag("registrationDate", row["registered"])}
      <name>{tag("originalName", row["name"])}</name>{tag("acronym", row["acronym"])}{tag("webSiteURL", row["website"])}
      {tag("registrationCategory", row["category"])}
      <headOffice>{tag("city", row["city"])}{tag("country", row["country"])}<phone>example</phone></headOffice>
      {tag("goals", row["goals"])}
      <structure>{tag("isMemberOf", row["members_of"])}{tag("organisationMembers", row["organisation_members"])}</structure>
    </interestRepresentative>
    """
