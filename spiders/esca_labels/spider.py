"""ESCA: one table of labelled clusters a country, behind an index whose links name the country by a uuid."""

from __future__ import annotations

from urllib.parse import urljoin

from scrapy.http import Response

from spiders.directory import DirectorySpider
from spiders.html import text_of
from spiders.portal import Answer
from spiders.records import Drifted


class Portal(DirectorySpider):
    """Labels by country; one that has expired stays in the list with its date."""

    def parse_index(self, response: Response) -> Answer:
        countries = {
            urljoin(self.canonical(response.url), link.attrib["href"]): text_of(link)
            for place in self.layout["links"]
            for link in response.css(place.removesuffix("::attr(href)"))
        }
        if not countries:
            raise Drifted(f"{self.canonical(response.url)}: no list of a country is linked")
        for path, country in sorted(countries.items()):
            yield self.detail_page(path, self.parse_country, part=country, country=country)

    def parse_country(self, response: Response, country: str) -> Answer:
        url = self.asked(response)
        if not any(self.tables(response)):
            raise Drifted(f"{url}: no table with the headings {self.layout['columns']['name']}")
        yield from self.of_the_list(response, url)
        for entry in self.entries(response):
            yield from self.of_an_entry({"country": country, **entry}, url)
