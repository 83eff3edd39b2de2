"""Funding and Tenders: funded projects by the portal's search, whose body is a form of typed JSON parts.

At most 100 records a page and 10,000 a query come, so a query that finds more is asked again by years.
Each value is a list of texts, participants are JSON inside a text, and one project has several documents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response
from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from spiders.portal import Answer, PortalSpider
from spiders.records import (
    Drifted,
    IdentifierRecord,
    OrganisationRecord,
    ParticipationRecord,
    PassageRecord,
    ProjectRecord,
)

BOUNDARY = "metaclusters-form"  # one and the same, so that a question asked again is the same question
SHOWN = (
    *("title", "acronym", "objective", "projectId", "programId", "callIdentifier", "programAbbreviation", "status"),
    *(
        "participants",
        "topicAbbreviation",
        "overallBudget",
        "euContributionAmount",
        "startDate",
        "endDate",
        "typeOfAction",
    ),
)
PAGE = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/projects-details/"


def form(parts: dict[str, Any]) -> tuple[bytes, str]:
    """A form whose parts are JSON and say so: a plain part is refused, a plain JSON body is ignored."""
    fields = []
    for name, content in parts.items():
        field = RequestField(name, json.dumps(content, sort_keys=True), filename="blob")
        field.make_multipart(content_type="application/json")
        fields.append(field)
    body, content_type = encode_multipart_formdata(fields, BOUNDARY)
    return body, content_type


def value(metadata: dict[str, Any], field: str) -> str | None:
    """The first text of a field: every value is a list."""
    found = metadata.get(field)
    first = found[0] if isinstance(found, list) and found else found
    return str(first).strip() or None if first not in (None, [], {}) else None


def day(stamp: str | None) -> str | None:
    """The day that a stamp means: `2026-08-31T23:00:00+0000` is written for the first of September in Brussels."""
    if stamp is None:
        return None
    from datetime import datetime, timedelta

    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp[:10]
    local = moment.replace(tzinfo=None)
    # Midnight in the portal's own zone comes as 22:00 or 23:00 of the day before where it is written in UTC.
    if local.hour >= 22 and not moment.utcoffset():
        local += timedelta(hours=24 - local.hour)
    return local.strftime("%Y-%m-%d")


class Portal(PortalSpider):
    """Projects of the cluster programmes, split until each question stays below the ceiling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: set[str] = set()
        self.left_out: Counter[str] = Counter()  # results that are no project's record, by what they lack
        self.split: dict[tuple[str, str], int] = {}  # records of a question above the ceiling, less those of its years

    def first_pages(self) -> Iterator[Request]:
        for programme in self.source.start["programmes"].values():
            yield self.search("***", programme, None, 1)
        for programme, texts in self.source.start["texts"].items():
            for text in texts:
                yield self.search(text, programme, None, 1)

    def search(self, text: str, programme: str, year: int | None, page: int) -> Request:
        start = self.source.start
        must: list[dict[str, Any]] = [
            {"terms": {"DATASOURCE": [start["index"]]}},
            {"terms": {"status": ["Ongoing", "Ended"]}},
            {"terms": {"language": ["en"]}},
            {"terms": {"programId": [programme]}},
        ]
        if year:  # a bare date does not compare
            span = {"gte": f"{year}-01-01T00:00:00.000+0000", "lt": f"{year + 1}-01-01T00:00:00.000+0000"}
            if year == start["first_year"]:
                span["gte"] = "1990-01-01T00:00:00.000+0000"
            if year == int(self.now[:4]):  # projects that begin in years to come are in it too
                span["lt"] = "2100-01-01T00:00:00.000+0000"
            must.append({"range": {"es_SortDate": span}})
        body, content_type = form(
            {
                "query": {"bool": {"must": must}},
                "languages": ["en"],
                "sort": {"order": "DESC", "field": "es_SortDate"},
                "displayFields": list(SHOWN),
            }
        )
        query = urlencode(
            {"apiKey": start["index"], "text": text, "pageSize": start["page_size"], "pageNumber": page}, safe="*"
        )
        sent = {"method": "POST", "body": body.decode("latin-1"), "headers": {"Content-Type": content_type}}
        return self.detail_page(
            f"/search-api/prod/rest/search?{query}",
            self.parse_page,
            sent,
            text=text,
            programme=programme,
            year=year,
            page=page,
        )

    def parse_page(self, response: Response, text: str, programme: str, year: int | None, page: int) -> Answer:
        answer = self.json(response)
        results, total = answer.get("results"), answer.get("totalResults")
        if not isinstance(results, list) or not isinstance(total, int):
            raise Drifted(f"{self.asked(response)}: no `results` with `totalResults`")
        start = self.source.start
        if total > start["ceiling"] and year is None:
            self.split[text, programme] = self.split.get((text, programme), 0) + total
            for one in range(start["first_year"], int(self.now[:4]) + 1):
                yield self.search(text, programme, one, 1)
            return
        if year and page == 1:
            self.split[text, programme] = self.split.get((text, programme), 0) - total
        if total > start["ceiling"]:
            self.faults.append(("partial", f"{programme} in {year}: {total:,} records, more than one query gives"))
        for result in results:
            yield from self.of_a_result(result)
        if results and page * start["page_size"] < min(total, start["ceiling"]):
            yield self.search(text, programme, year, page + 1)

    def closed(self, reason: str) -> None:
        super().closed(reason)
        self.notes += [f"{count:,} results {what}" for what, count in self.left_out.items()]
        self.notes += [
            f"{programme} '{text}': {missing:,} records stand in no year and were not read"
            for (text, programme), missing in self.split.items()
            if missing > 0
        ]

    def of_a_result(self, result: dict[str, Any]) -> Answer:
        metadata = result.get("metadata")
        if not isinstance(metadata, dict):
            self.left_out["without metadata"] += 1
            return
        number = value(metadata, "projectId")
        if not number or number in self.seen:
            return  # deliverables and reports of a project stand beside its record
        title = value(metadata, "title") or value(metadata, "acronym")
        if not title or not metadata.get("participants"):
            self.left_out["without title or participants"] += 1
            return  # not the record of the project itself
        self.seen.add(number)
        url = "/".join(filter(None, (PAGE.rstrip("/"), value(metadata, "programId"), number)))
        objective = value(metadata, "objective")
        yield ProjectRecord(
            source_id=number,
            url=url,
            title=title,
            acronym=value(metadata, "acronym"),
            framework=value(metadata, "programAbbreviation"),
            call=value(metadata, "callIdentifier"),
            topic=value(metadata, "topicAbbreviation"),
            funding_scheme=value(metadata, "typeOfAction"),
            status=value(metadata, "status"),
            start_date=day(value(metadata, "startDate")),
            end_date=day(value(metadata, "endDate")),
            eu_contribution=value(metadata, "euContributionAmount"),
            total_cost=value(metadata, "overallBudget"),
        )
        for text in (title, objective):
            if text:
                yield PassageRecord(
                    source_id=number, url=url, subject_kind="project", subject_id=number, text=text, language="en"
                )
        for position, participant in enumerate(self.participants(metadata, number), 1):
            yield from self.of_a_participant(participant, number, url, position)

    def participants(self, metadata: dict[str, Any], number: str) -> list[dict[str, Any]]:
        """The participants: JSON inside a text, which can be empty or cut."""
        packed = value(metadata, "participants")
        if packed is None:
            return []
        try:
            found = json.loads(packed)
        except ValueError:
            self.notes.append(f"project {number}: its participants cannot be read ('{packed[:40]}')")
            return []
        return [participant for participant in found if participant.get("legalName")]

    def of_a_participant(self, found: dict[str, Any], number: str, url: str, position: int) -> Answer:
        place = found.get("postalAddress") or {}
        country = (place.get("countryCode") or {}).get("abbreviation")
        pic = str(found.get("pic") or "").strip()
        key = pic or f"{found['legalName'].casefold()}:{country or ''}"
        yield OrganisationRecord(
            source_id=key,
            url=url,
            name=found["legalName"],
            city=place.get("city"),
            country=country,
            website=found.get("webLink") or None,
            geolocation=f"{found['latitude']},{found['longitude']}"
            if found.get("latitude") and found.get("longitude")
            else None,
        )
        yield ParticipationRecord(
            source_id=f"{number}:{key}:{position}",
            url=url,
            project_id=number,
            organisation_id=key,
            position=str(position),
            role=found.get("role"),
            eu_contribution=str(found["eucontribution"]) if found.get("eucontribution") else None,
        )
        if pic:
            yield IdentifierRecord(
                source_id=key, url=url, entity_kind="organisation", entity_id=key, scheme="PIC", value=pic
            )
