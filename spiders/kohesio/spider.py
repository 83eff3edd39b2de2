"""Kohesio: a file of operations for each country and period; the interface and the graph where a file is missing.

A file that does not exist comes as a web page with status 200.  The interface wants a country by its
code in one form and refuses it in another; its answers hold lists of texts.  The graph lags behind both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Document, Drifted

PAGE = 100
SPARQL = "https://query.linkedopendata.eu/sparql"
COLUMNS = (
    "Operation_Unique_Identifier",
    "Operation_Name_English",
    "Operation_Summary_English",
    "CountryCode",
    "Operation_Start_Date",
    "Operation_End_Date",
    "Project_EU_Budget",
    "Total_Eligible_Expenditure_amount",
    "Beneficiary_Name",
)
QUERY = """PREFIX e: <https://linkedopendata.eu/entity/> PREFIX p: <https://linkedopendata.eu/prop/direct/>
SELECT ?operation ?name ?start ?end ?budget ?beneficiary WHERE {{
  ?operation p:P35 e:Q9934 ; p:P32 ?country ; rdfs:label ?name . ?country p:P173 "{country}" .
  OPTIONAL {{ ?operation p:P20 ?start }} OPTIONAL {{ ?operation p:P33 ?end }} OPTIONAL {{ ?operation p:P835 ?budget }}
  OPTIONAL {{ ?operation p:P841 ?beneficiary }}
  FILTER(LANG(?name) = "en" && REGEX(?name, "cluster", "i")) }} LIMIT 2000"""


def one(value: Any) -> str:
    """The first of the texts that a field of the interface holds."""
    found = value[0] if isinstance(value, list) and value else value
    return "" if found is None or isinstance(found, list) else str(found)


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """Rows in the columns of a country file, so that one transform reads all doors."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Portal(PortalSpider):
    """Operations by country and period."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_interface: set[str] = set()  # the interface knows no period: one question a country

    def first_pages(self) -> Iterator[Request]:
        for period, short in self.source.start["periods"].items():
            for country in self.source.start["countries"]:
                file = f"data/{period}/latest/{country}-{short}-latest.csv"
                path = "/api/data/object?" + urlencode({"id": file}, safe="/")
                yield self.detail_page(path, self.parse_file, part=f"{country} {short}", country=country, short=short)

    def parse_file(self, response: Response, country: str, short: str) -> Answer:
        head = response.body[:20_000].lstrip(b"\xef\xbb\xbf \r\n")
        if head[:1] == b"<" or not head:
            if country not in self.by_interface:
                self.by_interface.add(country)
                yield self.rest(country, short, 0)
            return
        if b"Operation_Unique_Identifier" not in head.partition(b"\n")[0]:
            raise Drifted(f"{self.asked(response)}: a file without the column Operation_Unique_Identifier")
        yield self.document(response, f"{country}-{short}.csv", response.body)

    def document(self, response: Response, name: str, body: bytes) -> Document:
        return Document(source_id=name, url=self.asked(response), name=name, body=body)

    def closed(self, reason: str) -> None:
        super().closed(reason)
        if self.by_interface:
            asked = ", ".join(sorted(self.by_interface))
            self.notes.append(f"no file of one period at least, asked the interface instead: {asked}")

    # The interface --------------------------------------------------------------------------------
    def rest(self, country: str, short: str, page: int) -> Request:
        path = "/api/projects?" + urlencode({"countryCode": country, "page": page, "size": PAGE, "language": "en"})
        return self.detail_page(path, self.parse_rest, taken=(400, 404), country=country, short=short, page=page)

    def parse_rest(self, response: Response, country: str, short: str, page: int) -> Answer:
        if response.status != 200:
            self.notes.append(
                f"{country}: no file and no answer of the interface ({response.status}), asked the graph instead"
            )
            yield self.graph(country, short)
            return
        answer = self.json(response)
        if not isinstance(answer.get("list"), list):
            raise Drifted(f"{self.asked(response)}: no `list` in the answer")
        rows = [self.of_an_item(item, country) for item in answer["list"]]
        if rows:
            yield self.document(response, f"{country}-{short}-rest-{page}.csv", as_csv(rows))
        if len(rows) == PAGE:  # the last page is shorter, or empty
            yield self.rest(country, short, page + 1)

    def of_an_item(self, item: dict[str, Any], country: str) -> dict[str, str]:
        if not item.get("item"):
            raise Drifted(f"{self.source.base_url}/api/projects: an item without `item`")
        return {
            "Operation_Unique_Identifier": one(item["item"]),
            "Operation_Name_English": one(item.get("labels")),
            "Operation_Summary_English": one(item.get("descriptions")),
            "CountryCode": one(item.get("countrycode")) or country,
            "Operation_Start_Date": one(item.get("startTimes")),
            "Operation_End_Date": one(item.get("endTimes")),
            "Project_EU_Budget": one(item.get("euBudgets")),
            "Total_Eligible_Expenditure_amount": one(item.get("totalBudgets")),
            "Beneficiary_Name": one(item.get("beneficiaries")),
        }

    # The graph ------------------------------------------------------------------------------------
    def graph(self, country: str, short: str) -> Request:
        address = f"{SPARQL}?query={quote(QUERY.format(country=country))}&format=json"
        return self.detail_page(address, self.parse_graph, country=country, short=short)

    def parse_graph(self, response: Response, country: str, short: str) -> Answer:
        answer = self.json(response)
        found = answer.get("results", {}).get("bindings")
        if not isinstance(found, list):
            raise Drifted(f"{self.asked(response)}: no `results.bindings` in the answer")
        rows = [
            {
                "Operation_Unique_Identifier": row["operation"]["value"],
                "Operation_Name_English": row["name"]["value"],
                "CountryCode": country,
                "Operation_Start_Date": row.get("start", {}).get("value", "")[:10],
                "Operation_End_Date": row.get("end", {}).get("value", "")[:10],
                "Project_EU_Budget": row.get("budget", {}).get("value", ""),
                "Beneficiary_Name": row.get("beneficiary", {}).get("value", ""),
            }
            for row in found
        ]
        if rows:
            yield self.document(response, f"{country}-{short}-graph.csv", as_csv(rows))
