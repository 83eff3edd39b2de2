"""Wikidata by SPARQL, one question at a time: first what the classes are called, then their items.

Nothing is known by number: a class is found by its label.  An answer can be refused for haste, be
empty, or break off in the middle after a good status; the second host is asked then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import (
    ClaimRecord,
    Drifted,
    IdentifierRecord,
    MembershipRecord,
    NameRecord,
    NetworkRecord,
    OrganisationRecord,
)

CLASSES = """SELECT ?class ?label ?description WHERE {{
  VALUES ?label {{ {labels} }} ?class rdfs:label ?label .
  OPTIONAL {{ ?class schema:description ?description FILTER(LANG(?description) = "en") }} }}"""
KINDS = "SELECT ?item ?class WHERE {{ VALUES ?class {{ {classes} }} ?item wdt:P31 ?class }} LIMIT {limit}"
ITEMS = """SELECT ?item ?itemLabel ?country ?city ?where ?site ?inception ?dissolved ?lei ?ror ?alias ?in ?since ?until WHERE {{
  VALUES ?item {{ {items} }} ?item rdfs:label ?itemLabel FILTER(LANG(?itemLabel) IN ({languages}))
  OPTIONAL {{ ?item wdt:P17 ?land . ?land rdfs:label ?country FILTER(LANG(?country) = "en") }}
  OPTIONAL {{ ?item wdt:P159 ?seat . ?seat rdfs:label ?city FILTER(LANG(?city) = "en") }}
  OPTIONAL {{ ?item wdt:P625 ?where }} OPTIONAL {{ ?item wdt:P856 ?site }} OPTIONAL {{ ?item wdt:P571 ?inception }}
  OPTIONAL {{ ?item wdt:P576 ?dissolved }} OPTIONAL {{ ?item wdt:P1278 ?lei }} OPTIONAL {{ ?item wdt:P6782 ?ror }}
  OPTIONAL {{ ?item skos:altLabel ?alias FILTER(LANG(?alias) IN ({languages})) }}
  OPTIONAL {{ ?item p:P463 ?membership . ?membership ps:P463 ?in .
    OPTIONAL {{ ?membership pq:P580 ?since }} OPTIONAL {{ ?membership pq:P582 ?until }} }} }}"""
LIMIT = 50_000  # items of one answer
AT_ONCE = 100  # items of one question: a long one outlasts the service
NUMBER = re.compile(r"/(Q\d+)$")


def number(uri: str) -> str:
    found = NUMBER.search(uri)
    if not found:
        raise Drifted(f"{uri} is no item")
    return found[1]


class Portal(PortalSpider):
    """Items of the classes that stand for networks, clusters and groupings."""

    def first_pages(self) -> Iterator[Request]:
        labels = " ".join(f'"{label}"@en' for label in self.source.start["classes"])
        yield self.ask(CLASSES.format(labels=labels), self.parse_classes)

    def ask(self, query: str, callback: Any, host: int = 0, **cb_kwargs: Any) -> Request:
        endpoint = self.source.start["endpoints"][host]
        path = f"{endpoint}?query={quote(query)}&format=json"
        sent = {"headers": {"Accept": "application/sparql-results+json"}}
        page = self.detail_page if callback == self.parse_items else self.list_page
        return page(path, callback, sent, query=query, host=host, **cb_kwargs)

    def bindings(
        self, response: Response, query: str, host: int, again: Any, **cb_kwargs: Any
    ) -> tuple[list[dict[str, Any]], Request | None]:
        """(rows of an answer, the same question to the other host where this one broke off)."""
        try:
            answer = self.json(response)
            found = answer["results"]["bindings"]
        except (Drifted, KeyError, TypeError) as broken:
            if host + 1 < len(self.source.start["endpoints"]):
                self.notes.append(f"{self.source.start['endpoints'][host]} broke off: asked the other host")
                return [], self.ask(query, again, host + 1, **cb_kwargs)
            raise Drifted(f"{self.canonical(response.url)[:80]}: {broken}") from None
        return found, None

    def parse_classes(self, response: Response, query: str, host: int) -> Answer:
        found, other_host = self.bindings(response, query, host, self.parse_classes)
        if other_host:
            yield other_host
            return
        wanted = self.source.start["classes"]
        classes: dict[str, str] = {}
        for row in found:
            label, item = row["label"]["value"], number(row["class"]["value"])
            said = row.get("description", {}).get("value", "")
            if label in wanted and any(word in said.lower() for word in wanted[label]["says"]):
                classes[item] = wanted[label]["kind"]
                self.notes.append(f"class {label}: {item}")
            else:
                self.notes.append(f"class {label}: {item} is left out, for it is described as '{said}'")
        if not classes:
            raise Drifted(f"{self.source.base_url}: no class has one of the labels {', '.join(wanted)}")
        values = " ".join(f"wd:{found}" for found in sorted(classes))
        yield self.ask(KINDS.format(classes=values, limit=LIMIT), self.parse_kinds, classes=classes)

    def parse_kinds(self, response: Response, query: str, host: int, classes: dict[str, str]) -> Answer:
        """What kind of thing each item is; then what is known of them, some at a time."""
        found, other_host = self.bindings(response, query, host, self.parse_kinds, classes=classes)
        if other_host:
            yield other_host
            return
        if len(found) >= LIMIT:
            raise Drifted(f"{self.source.base_url}: {len(found):,} items, as many as one question gives")
        pairs = sorted((number(row["item"]["value"]), number(row["class"]["value"])) for row in found)
        kinds = {item: classes[of] for item, of in reversed(pairs)}
        languages = ", ".join(f'"{language}"' for language in self.source.start["languages"])
        items = sorted(kinds)
        networks = {item: kind for item, kind in kinds.items() if kind != "organisation"}
        for at in range(0, len(items), AT_ONCE):
            some = items[at : at + AT_ONCE]
            query = ITEMS.format(items=" ".join(f"wd:{item}" for item in some), languages=languages)
            yield self.ask(query, self.parse_items, kinds=networks | {item: kinds[item] for item in some})

    def parse_items(self, response: Response, query: str, host: int, kinds: dict[str, str]) -> Answer:
        found, other_host = self.bindings(response, query, host, self.parse_items, kinds=kinds)
        if other_host:
            yield other_host
            return
        items: dict[str, list[dict[str, dict[str, str]]]] = {}
        for row in found:
            items.setdefault(number(row["item"]["value"]), []).append(row)
        for item, rows in items.items():
            yield from self.of_an_item(item, rows, kinds)

    def of_an_item(self, item: str, rows: list[dict[str, dict[str, str]]], kinds: dict[str, str]) -> Answer:
        url = f"https://www.wikidata.org/wiki/{item}"
        labels = {row["itemLabel"].get("xml:lang", "en"): row["itemLabel"]["value"] for row in rows}
        language = "en" if "en" in labels else sorted(labels)[0]
        name = labels.pop(language)
        value = {key: row[key]["value"] for row in reversed(rows) for key in row}
        entity = "organisation" if kinds[item] == "organisation" else "network"
        if entity == "network":
            yield NetworkRecord(
                source_id=item,
                url=url,
                name=name,
                website=value.get("site"),
                start_date=value.get("inception", "")[:10] or None,
                end_date=value.get("dissolved", "")[:10] or None,
                language=language,
            )
            if kinds[item] == "grouping":
                yield ClaimRecord(
                    source_id=item,
                    url=url,
                    subject_kind="network",
                    subject_id=item,
                    attribute="legal_form",
                    value="European Grouping of Territorial Cooperation (EGTC)",
                )
        else:
            yield OrganisationRecord(
                source_id=item,
                url=url,
                name=name,
                kind="cluster",
                city=value.get("city"),
                country=value.get("country"),
                website=value.get("site"),
                geolocation=self.position(value.get("where")),
            )
        for other, text in sorted({**labels}.items()):
            yield NameRecord(source_id=item, url=url, entity_kind=entity, entity_id=item, name=text, language=other)
        for alias in sorted(
            {(row["alias"]["value"], row["alias"].get("xml:lang", "en")) for row in rows if "alias" in row}
        ):
            yield NameRecord(
                source_id=item, url=url, entity_kind=entity, entity_id=item, name=alias[0], language=alias[1]
            )
        for scheme, found in (("Wikidata", item), ("LEI", value.get("lei")), ("ROR", value.get("ror"))):
            if found:
                yield IdentifierRecord(
                    source_id=item, url=url, entity_kind=entity, entity_id=item, scheme=scheme, value=found
                )
        yield from self.memberships(item, name, url, rows, kinds)

    def memberships(
        self, item: str, name: str, url: str, rows: list[dict[str, dict[str, str]]], kinds: dict[str, str]
    ) -> Answer:
        spells = {
            (
                number(row["in"]["value"]),
                row.get("since", {}).get("value", "")[:10],
                row.get("until", {}).get("value", "")[:10],
            )
            for row in rows
            if NUMBER.search(row.get("in", {}).get("value", ""))  # an unknown value is no item
        }
        for network, since, until in sorted(spells):
            if kinds.get(network) in ("network", "grouping"):
                yield MembershipRecord(
                    source_id=f"{item}:{network}:{since}",
                    url=url,
                    network_id=network,
                    organisation_id=item,
                    organisation_name=name,
                    role="member",
                    valid_from=since or None,
                    valid_to=until or None,
                )

    @staticmethod
    def position(point: str | None) -> str | None:
        """`Point(lon lat)` as `lat,lon`: the longitude comes first there."""
        found = re.fullmatch(r"Point\((-?[\d.]+) (-?[\d.]+)\)", point or "")
        return f"{found[2]},{found[1]}" if found else None
