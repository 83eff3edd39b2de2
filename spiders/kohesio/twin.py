"""Kohesio as PORTALS.md 4 shows it: comma CSV of 40 or 44 columns, several rows an operation, a web page for a missing file."""

from __future__ import annotations

import csv
import io
import json
import re

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found

SHELL = b"<!doctype html><html><head><title>Kohesio</title></head><body><app-root></app-root></body></html>"
COLUMNS = (
    *("Operation_Unique_Identifier", "Operation_Local_Identifier", "Operation_Name_English"),
    *(
        "Operation_Name_Programme_Language",
        "Operation_Summary_English",
        "Operation_Summary_Programme_Language",
        "Country",
    ),
    *("CountryCode", "Postal_Code", "Operation_Start_Date", "Operation_End_Date", "Cofinancing_Rate"),
    *("Total_Eligible_Expenditure_amount", "Total_Eligible_Expenditure_Currency", "Project_EU_Budget"),
    *("Beneficiary_Unique_Identifier", "Beneficiary_Name", "Beneficiary_Local_Identifier"),
    *("Location_Indicator_latitude_longitude", "Category_Of_Intervention", "Category_Label", "Thematic_Objective_ID"),
    *("Thematic_Objective_Label", "Fund_Code", "Fund_Name", "Programme_Code", "Programme_Name", "Region", "NUTS1_Code"),
    *("NUTS2_Code", "NUTS3_Code", "NUTS3_Label", "LAU_Labels", "Programming_Period", "ManagingAuthority", "Image_URL"),
    *("InfoRegio_ID", "InfoRegio_URL", "Region2", "Region3"),
)
LATER = ("Policy_Objective_ID", "Policy_Objective_Label", "Beneficiary_Transliterated_Name", "Snapshot")


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /wiki/\n", "text/plain")
    if request.host.startswith("query."):
        return graph(request, night)
    if request.path == "/api/data/object":
        return file(request.query.get("id", ""), night)
    if request.path == "/api/projects":
        return rest(request, night)
    if request.path.startswith("/api/data/projects-"):
        return Answer(
            json.dumps({"files": ["data/projects-2021-2027/2026-09-24/SE-pp21-27-20260924.csv"]}).encode(),
            "application/json",
        )
    return Answer(SHELL) if request.path.startswith("/en/") else not_found()


def file(name: str, night: int) -> Answer:
    found = re.fullmatch(r"data/projects-(\d{4})-\d{4}/latest/([A-Z]{2})-pp[\d-]+-latest\.csv", name)
    rows = [
        row
        for row in table("kohesio_operation", night)
        if found and row["file"] == "csv" and row["country_code"] == found[2]
    ]
    rows = [row for row in rows if found and row["period"].startswith(found[1])]
    if not rows or not found:
        return Answer(SHELL)
    columns = (*COLUMNS, *LATER) if found[1] == "2021" else COLUMNS
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        for region in row["nuts3"].split("|"):  # one row a region: the same operation several times
            cells = operation(row, region)
            writer.writerow([cells.get(column, "") for column in columns])
    return Answer(b"\xef\xbb\xbf" + text.getvalue().encode(), "text/csv")


def operation(row: Row, region: str) -> dict[str, str]:
    return {
        "Operation_Unique_Identifier": f"https://linkedopendata.eu/entity/{row['entity']}",
        "Operation_Local_Identifier": row["local_id"],
        "Operation_Name_English": row["name"],
        "Operation_Name_Programme_Language": row["name_original"],
        "Operation_Summary_English": row["summary"],
        "Country": row["country"],
        "CountryCode": row["country_code"],
        "Operation_Start_Date": british(row["start_date"]),
        "Operation_End_Date": british(row["end_date"]),
        "Total_Eligible_Expenditure_amount": row["total"],
        "Total_Eligible_Expenditure_Currency": "EUR" if row["total"] else "",
        "Project_EU_Budget": row["eu_budget"],
        "Beneficiary_Name": row["beneficiary"],
        "Beneficiary_Local_Identifier": row["beneficiary_id"],
        "Fund_Code": row["fund"],
        "Programme_Name": row["programme"],
        "NUTS3_Code": region,
        "Programming_Period": row["period"],
    }


def british(date: str) -> str:
    return "/".join(reversed(date.split("-"))) if date else ""


def rest(request: Request, night: int) -> Answer:
    if "country" in request.query or "countryCode" not in request.query:
        return Answer(b'{"message":"Bad Request"}', "application/json", 400)
    country = request.query["countryCode"]
    rows = [row for row in table("kohesio_operation", night) if row["country_code"] == country]
    if any(row["file"] == "graph" for row in rows):
        return Answer(b'{"message":"Bad Request"}', "application/json", 400)
    size, page = int(request.query.get("size", "20")), int(request.query.get("page", "0"))
    items = [
        {
            "item": f"https://linkedopendata.eu/entity/{row['entity']}",
            "labels": [row["name"]],
            "descriptions": [f"<p>{row['summary']}</p>"],
            "startTimes": [row["start_date"]],
            "endTimes": [row["end_date"]],
            "euBudgets": [row["eu_budget"]],
            "totalBudgets": [row["total"]],
            "countrycode": [row["country_code"]],
            "beneficiaries": [row["beneficiary"]],
        }
        for row in rows
        if row["file"] == "rest"
    ]
    body = {"list": items[page * size : (page + 1) * size], "numberResults": len(items)}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), "application/json")


def graph(request: Request, night: int) -> Answer:
    country = re.search(r'p:P173 "([A-Z]{2})"', request.query.get("query", ""))
    rows = [
        row
        for row in table("kohesio_operation", night)
        if country and row["country_code"] == country[1] and row["file"] == "graph"
    ]
    bindings = [
        {
            "operation": {"type": "uri", "value": f"https://linkedopendata.eu/entity/{row['entity']}"},
            "name": {"type": "literal", "xml:lang": "en", "value": row["name"]},
            "start": {"type": "literal", "value": f"{row['start_date']}T00:00:00Z"},
            "beneficiary": {"type": "literal", "value": row["beneficiary"]},
        }
        for row in rows
    ]
    return Answer(
        json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}).encode(),
        "application/sparql-results+json",
    )
