"""Identifiers for organisations that are known already: GLEIF, ROR and the French company register.

A look-up is kept: what was asked once is not asked again.  Only a single hit of exactly the name
asked for counts; directors' names, which one register sends along, are never read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.portal import Answer, PortalSpider
from spiders.records import Drifted, IdentifierRecord, OrganisationRecord

Hit = tuple[str, str, str]  # name, scheme, value


def plain(name: str) -> str:
    """A name as it is compared here: no case, no accents, no signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def of_gleif(answer: dict[str, Any], country: str) -> list[Hit]:
    return [
        (record["attributes"]["entity"]["legalName"]["name"], "LEI", record["attributes"]["lei"])
        for record in answer["data"]
    ]


def of_ror(answer: dict[str, Any], country: str) -> list[Hit]:
    """Bodies of the country that was asked for: the register itself finds names in all of them."""
    here = [
        item
        for item in answer["items"]
        if country in {place.get("geonames_details", {}).get("country_code") for place in item.get("locations", [])}
    ]
    return [(name["value"], "ROR", item["id"]) for item in here for name in item["names"]]


def of_france(answer: dict[str, Any], country: str) -> list[Hit]:
    return [(found["nom_complet"], "SIREN", found["siren"]) for found in answer["results"] if found.get("siren")]


READERS = {"gleif": of_gleif, "ror": of_ror, "france": of_france}


def question(register: str, name: str, country: str) -> dict[str, str]:
    if register == "gleif":
        return {"filter[entity.legalName]": name, "filter[entity.legalAddress.country]": country, "page[size]": "5"}
    return {"query": name} if register == "ror" else {"q": name, "page": "1", "per_page": "5"}


class Portal(PortalSpider):
    """Look-ups of tonight's share of organisations, the others' answers kept."""

    def first_pages(self) -> Iterator[Request]:
        budget = int(self.source.start["organisations_a_night"])
        waiting = 0
        seen: set[str] = set()  # two bodies of one name in one country are one question
        for line in Path(self.subjects).read_text(encoding="utf-8").splitlines() if self.subjects else []:
            subject = json.loads(line)
            if (question_of := f"{plain(subject['name'])}|{subject['country']}") in seen:
                continue
            seen.add(question_of)
            asked = [question for question in self.questions(subject) if not self.kept(question[1])]
            if asked and budget <= 0:
                waiting += 1
                continue
            budget -= bool(asked)
            for register, address in asked:
                yield self.detail_page(address, self.parse_hits, taken=(404,), register=register, **subject)
        if waiting:
            self.notes.append(f"{waiting:,} organisations wait for another night")

    def questions(self, subject: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(register, address) of what is asked about one organisation."""
        for register, entry in self.source.start["registers"].items():
            if entry["countries"] == ["*"] or subject["country"] in entry["countries"]:
                query = urlencode(question(register, subject["name"], subject["country"]))
                yield register, f"{entry['path']}?{query}"

    def kept(self, address: str) -> bool:
        """Whether a look-up was answered before: its answer is taken over."""
        url = self.canonical(self.absolute(address))
        if url in self.landing.known:
            self.landing.carry(url)
            return True
        return False

    def parse_hits(self, response: Response, register: str, id: str, name: str, country: str) -> Answer:
        if response.status == 404:
            return
        answer = self.json(response)
        try:
            hits = READERS[register](answer, country)
        except (KeyError, TypeError) as missing:
            raise Drifted(f"{self.asked(response)}: an answer of another shape ({missing})") from None
        same = {(scheme, value) for found, scheme, value in hits if plain(found) == plain(name)}
        if len(same) != 1:
            return  # none, or several that cannot be told apart
        ((scheme, value),) = same
        url = self.asked(response)
        yield OrganisationRecord(source_id=id, url=url, name=name, country=country)
        yield IdentifierRecord(
            source_id=id, url=url, entity_kind="organisation", entity_id=id, scheme=scheme, value=value
        )
