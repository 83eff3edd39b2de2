"""CORDIS as PORTALS.md 1.4 shows it: totals as strings, `hit` a list, an object or missing, XML by id."""

from __future__ import annotations

import json
import re
from xml.sax.saxutils import escape, quoteattr

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

ROBOTS = b"User-agent: *\nDisallow: /data/\nDisallow: /api/\n"
SHELL = b"<!doctype html><html><head><title>CORDIS</title></head><body>" + b" " * 35_900 + b"</body></html>"


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(ROBOTS, "text/plain")
    if request.path in ("/search", "/search/en"):
        return search(request.query, night)
    if found := re.fullmatch(r"/project/id/(\d+)", request.path):
        project = next((row for row in table("cordis_project", night) if row["id"] == found[1]), None)
        if project is None:
            return Answer(b"<html><body>The requested record could not be loaded.</body></html>")
        return Answer(project_xml(project, night), "application/xml; charset=utf-8")
    if request.path.startswith("/data/"):
        return Answer(SHELL)  # a name that does not exist answers 200 with the single-page shell
    return not_found()


def search(query: dict[str, str], night: int) -> Answer:
    """Every word group of the query between quotes is looked for in title and objective."""
    wanted = [words.lower() for words in re.findall(r"'([^']+)'", query.get("q", "")) if words != "project"]
    both = " AND '" in query.get("q", "").split("(", 1)[-1]
    found = []
    for row in table("cordis_project", night):
        text = f"{row['title']} {row['objective']}".lower()
        hit = all if both else any
        if hit(all(word in text for word in words.split()) for words in wanted):
            found.append(row)
    size, page = int(query.get("num", "10")), int(query.get("p", "1"))
    part = found[(page - 1) * size : page * size]
    hits = [{"@attributes": {"score": "8.31"}, "project": brief(row)} for row in part]
    header = {"numHits": str(len(part)), "totalHits": str(len(found))}
    box = {} if not hits else {"hit": hits[0] if len(hits) == 1 else hits}
    body = json.dumps({"result": {"header": header}, "hits": box}, ensure_ascii=False)
    return Answer(body.encode(), "application/json; charset=utf-8", validators=False)


def brief(row: Row) -> dict[str, str]:
    return {
        "contenttype": "project",
        "rcn": row["rcn"],
        "id": row["id"],
        "acronym": row["acronym"],
        "title": row["title"],
        "teaser": row["objective"][:200] + "...",
        "language": "en",
    }


def element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def project_xml(row: Row, night: int) -> bytes:
    """One project in the shape of the XML archive, namespace included."""
    organisations = [o for o in table("cordis_organization", night) if o["projectID"] == row["id"]]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://cordis.europa.eu">
  <language>en</language>
  {element("rcn", row["rcn"])}{element("id", row["id"])}{element("acronym", row["acronym"])}
  {element("objective", row["objective"])}{element("title", row["title"])}
  {element("totalCost", row["totalCost"])}{element("ecMaxContribution", row["ecMaxContribution"])}
  {element("startDate", row["startDate"])}{element("endDate", row["endDate"])}
  {element("status", row["status"])}
  <relations>
    <associations>
      <call source="corda" type="relatedMasterCall">{element("identifier", row["masterCall"])}</call>
      {"".join(map(organization, organisations))}
      <programme type="relatedLegalBasis" source="corda" uniqueProgrammePart="true">
        {element("code", row["legalBasis"])}{element("frameworkProgramme", row["frameworkProgramme"])}
      </programme>
      <programme type="relatedTopic" source="corda">
        {element("code", row["topics"])}{element("frameworkProgramme", row["frameworkProgramme"])}
      </programme>
    </associations>
    <categories>
      <category classification="projectFundingSchemeCategory" type="relatedProjectFundingSchemeCategory">
        {element("code", row["fundingScheme"])}
      </category>
    </categories>
  </relations>
</project>
""".encode()


def organization(row: Row) -> str:
    attributes = {
        "type": row["role"],
        "source": "corda",
        "order": row["order"],
        "ecContribution": row["ecContribution"],
        "netEcContribution": row["netEcContribution"],
        "totalCost": row["totalCost"],
        "terminated": "false",
        "sme": row["SME"],
    }
    shown = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value)
    return f"""<organization {shown}>
        {element("rcn", row["rcn"])}{element("id", row["organisationID"])}{element("vatNumber", row["vatNumber"])}
        {element("legalName", row["name"])}{element("shortName", row["shortName"])}
        <address>{element("street", row["street"])}{element("city", row["city"])}
          {element("postalCode", row["postCode"])}{element("country", row["country"])}
          {element("geolocation", row["geolocation"])}</address>
        <relations>
          <categories><category classification="organizationActivityType">{element("code", row["activityType"])}
          </category></categories>
          <regions><region type="relatedNutsCode">{element("nutsCode", row["nutsCode"])}</region></regions>
        </relations>
      </organization>"""
