"""CORDIS XML, one project a document: the shape of the bulk archive and of a project's own page.

Only what the warehouse keeps is read; the many publications and results of a project are passed
over.  Values stay text: `transforms.cordis` normalises them, in columns.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

LARGEST_DOCUMENT = 64 * 2**20  # bytes; a project is some tens of kilobytes
NAMESPACE = b' xmlns="http://cordis.europa.eu"'
PROJECT_FIELDS = (
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
ORGANISATION_FIELDS = {
    "id": "organisationID",
    "vatNumber": "vatNumber",
    "legalName": "name",
    "shortName": "shortName",
}
ADDRESS_FIELDS = {
    "street": "street",
    "postalCode": "postCode",
    "city": "city",
    "country": "country",
    "geolocation": "geolocation",
    "url": "organizationURL",
}
ATTRIBUTES = {"type": "role", "order": "order", "ecContribution": "ecContribution", "totalCost": "totalCost"}

Row = dict[str, Any]


class Unreadable(Exception):
    """A document that is no CORDIS project, with the reason."""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def documents(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The XML members of a zip by name; one that would not fit into memory is a ValueError."""
    with zipfile.ZipFile(archive) as members:
        for info in members.infolist():
            if info.filename.lower().endswith(".xml"):
                if info.file_size > LARGEST_DOCUMENT:
                    raise ValueError(f"{info.filename} is {info.file_size} bytes unpacked; that is no project")
                yield info.filename, members.read(info)


def parse(document: bytes) -> tuple[Row, list[Row], list[Row]]:
    """(project, its organisation elements, its fields of science); raises Unreadable."""
    try:
        root = etree.fromstring(document.replace(NAMESPACE, b"", 1), _parser())
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not well-formed XML: {error.msg}") from None
    if root.tag != "project" or not root.findtext("id"):
        raise Unreadable("no <project> with an <id>")
    project: Row = {name: root.findtext(name) for name in PROJECT_FIELDS}
    # Every element of the document: owners of results stand deeper than participants.
    organisations = [{"projectID": project["id"], **_organisation(e)} for e in root.iter("organization")]
    programmes: list[tuple[str, bool]] = []
    for element in root.iterfind("relations/associations/*"):
        if element.tag == "programme":
            code = element.findtext("code") or ""
            if element.get("type") == "relatedTopic":
                project.setdefault("topics", code)
            elif element.get("type") == "relatedLegalBasis":
                programmes.append((code, element.get("uniqueProgrammePart") == "true"))
                project.setdefault("frameworkProgramme", element.findtext("frameworkProgramme"))
        elif element.tag == "call" and element.get("type") == "relatedMasterCall":
            project["masterCall"] = element.findtext("identifier")
    project["legalBasis"] = unique_programme(programmes)
    science: list[Row] = []
    for category in root.iterfind("relations/categories/category"):
        kind = category.get("classification")
        if kind == "euroSciVoc":
            path = category.findtext("displayCode") or category.findtext("title")
            science.append({"projectID": project["id"], "euroSciVocPath": path})
        elif kind == "projectFundingSchemeCategory":
            project["fundingScheme"] = (category.findtext("code") or "").strip("/")
    return project, organisations, science


def _organisation(element: Any) -> Row:
    row: Row = {ours: element.get(theirs) for theirs, ours in ATTRIBUTES.items()}
    for child in element:
        tag = child.tag
        if ours := ORGANISATION_FIELDS.get(tag):
            row[ours] = child.text
        elif tag == "address":
            for part in child:
                if ours := ADDRESS_FIELDS.get(part.tag):
                    row[ours] = part.text
        elif tag == "relations":
            row["activityType"] = child.findtext("categories/category/code")
            for region in child.iterfind("regions/region"):
                if region.get("type") == "relatedNutsCode":
                    row["nutsCode"] = region.findtext("nutsCode")
    return row


def unique_programme(programmes: list[tuple[str, bool]]) -> str | None:
    """The unique programme part; several claim to be it for a few projects: then the shortest code."""
    unique = [code for code, is_unique in programmes if is_unique] or [code for code, _ in programmes]
    return min(unique, key=len, default=None)
