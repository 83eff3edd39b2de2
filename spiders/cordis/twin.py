"""CORDIS as PORTALS.md 1.4 shows it: totals as strings, `hit` a list, an object or missing, XML by id."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

ROBOTS = b"User-agent: *\nDisallow: /data/\n"
JSON = "application/json"
SHELL = b"<!doctype html><html><head><title>CORDIS</title></head><body>" + b" " * 35_900 + b"</body></html>"


def answer(request: Request, night: int) -> Answer:
    if request.host == "data.europa.eu":
        return catalogue(request)
    if request.path == "/robots.txt":
        return Answer(ROBOTS, "text/plain")
    if request.path.startswith("/api/dataextractions/"):
        return extraction(request, night)
    if request.path in ("/search", "/search/en"):
        return search(request.query, night)
    if found := re.fullmatch(r"/project/id/(\d+)", request.path):
        project = next((row for row in table("cordis_project", night) if row["id"] == found[1]), None)
        if project is None:
            return Answer(b"<html><body>The requested record could not be loaded.</body></html>")
        return Answer(project_xml(project, night), "application/xml; charset=utf-8")
    if request.path.startswith("/data/"):
        return archive(request.path, night)
    if request.path == "/extractions/1.zip":
        return Answer(packed(xml_members(table("cordis_project", night), night)), "application/zip")
    return not_found()


def catalogue(request: Request) -> Answer:
    """The catalogue of data.europa.eu: distributions with lists of addresses."""
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /euodp/\n", "text/plain")
    programme = {
        "cordis-eu-research-projects-under-horizon-europe-2021-2027": "HORIZON",
        "cordish2020projects": "h2020",
    }
    found = programme.get(request.path.rpartition("/")[2], "fp7")
    forms = ("xlsx", "json") if found == "HORIZON" else ("xlsx", "xml") if found == "h2020" else ("csv",)
    distributions = [
        {"access_url": [f"https://cordis.europa.eu/data/cordis-{found}projects-{form}.zip"]} for form in forms
    ]
    return Answer(json.dumps({"result": {"id": found, "distributions": distributions}}).encode(), JSON)


def archive(path: str, night: int) -> Answer:
    """An archive by its name, in which case matters; another name answers 200 with the single-page shell."""
    found = re.fullmatch(r"/data/cordis-(HORIZON|h2020|fp7)projects-(xml|json|csv)\.zip", path)
    if not found:
        return Answer(SHELL)
    rows = [row for row in table("cordis_project", night) if row["frameworkProgramme"].upper() == found[1].upper()]
    members = {"xml": xml_members, "json": json_members, "csv": csv_members}[found[2]](rows, night)
    return Answer(packed(members), "application/zip")


def packed(members: dict[str, bytes]) -> bytes:
    """A zip with the same bytes for the same members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in sorted(members.items()):
            zipped.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), content)
    return file.getvalue()


def xml_members(rows: Iterable[Row], night: int) -> dict[str, bytes]:
    return {f"project-rcn-{row['rcn']}_en.xml": project_xml(row, night) for row in rows}


def json_members(rows: Iterable[Row], night: int) -> dict[str, bytes]:
    """The shape since summer 2026: one flat object a project, attributes as the text of a Python dictionary."""
    return {
        f"project-rcn-{row['rcn']}_en.json": json.dumps(project_json(row, night), ensure_ascii=False).encode()
        for row in rows
    }


def project_json(row: Row, night: int) -> dict[str, object]:
    associations: list[dict[str, object]] = [
        {
            "contenttype": "organization",
            "attributes": str({"type": o["role"], "order": o["order"], "ecContribution": o["ecContribution"]}),
            "id": o["organisationID"],
            "legalName": o["name"],
            "shortName": o["shortName"],
            "vatNumber": o["vatNumber"],
            "address": {"city": o["city"], "country": o["country"]},
        }
        for o in table("cordis_organization", night)
        if o["projectID"] == row["id"]
    ]
    associations.append(
        {"contenttype": "call", "attributes": {"type": "relatedMasterCall"}, "identifier": row["masterCall"]}
    )
    associations.append({"contenttype": "programme", "attributes": "{'type': 'relatedTopic'}", "code": row["topics"]})
    plain: tuple[str, ...] = (
        "id",
        "rcn",
        "acronym",
        "title",
        "objective",
        "status",
        "startDate",
        "endDate",
        "totalCost",
        "ecMaxContribution",
    )
    return {**{key: row[key] for key in plain}, "relations": {"associations": associations, "categories": []}}


def csv_members(rows: Iterable[Row], night: int) -> dict[str, bytes]:
    """Tables with every cell quoted: a text that opens with a doubled quote, and a row that a stray quote shifts."""
    projects = list(rows)
    numbers = {row["id"] for row in projects}
    bodies = [o for o in table("cordis_organization", night) if o["projectID"] in numbers]
    plain: tuple[str, ...] = (
        "id",
        "acronym",
        "status",
        "title",
        "startDate",
        "endDate",
        "totalCost",
        "ecMaxContribution",
        "legalBasis",
        "topics",
    )
    plain += ("frameworkProgramme", "masterCall", "fundingScheme", "objective", "rcn")
    about: tuple[str, ...] = (
        "projectID",
        "organisationID",
        "vatNumber",
        "name",
        "shortName",
        "activityType",
        "street",
        "postCode",
        "city",
    )
    about += (
        "country",
        "nutsCode",
        "geolocation",
        "organizationURL",
        "contactForm",
        "contentUpdateDate",
        "rcn",
        "order",
        "role",
    )
    about += ("ecContribution", "netEcContribution", "totalCost", "endOfParticipation", "active")
    return {"project.csv": quoted(plain, projects), "organization.csv": quoted(about, bodies)}


def quoted(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    lines = [";".join(f'"{column}"' for column in columns)]
    for number, row in enumerate(rows):
        cells = [row.get(column, "").replace('"', '""') for column in columns]
        if number == 0 and "objective" in columns:
            at = columns.index("objective")
            cells[at] = f'"The action ""{cells[at]}""'  # opens with a doubled quote that closes nowhere
        lines.append(";".join(f'"{cell}"' for cell in cells))
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


def extraction(request: Request, night: int) -> Answer:
    """The extraction tool: asks for `taskId`, answers `taskID`; a refusal comes with 200 and `status: false`."""
    call = request.path.rpartition("/")[2]
    if not request.query.get("key"):
        return Answer(
            json.dumps({"status": False, "payload": {"error": "key is not valid"}}).encode(), JSON, validators=False
        )
    payload: dict[str, object] = {"taskID": "1"}
    if call == "getExtractionStatus":
        done = request.count > 1
        payload |= {
            "progress": "Finished" if done else "Ongoing",
            "destinationFileUri": "/extractions/1.zip" if done else None,
        }
    return Answer(json.dumps({"status": True, "payload": payload}).encode(), JSON, validators=False)


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
