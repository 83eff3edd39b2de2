"""CORDIS from files that people hand over: every shape in which it was published or passed on, by what is in it.

xml         archive of one XML document a project
json        archive of one JSON document a project (since summer 2026)
tables      archive or single table in CSV or JSON, columns by name
flat        the flat CSV of projects until 2021, partners joined in one cell
dump        MySQL dump of one table of the FP7 warehouse
pages       projects read off the portal's pages (JSON, YAML, CSV)
addresses   a list of project pages, which says nothing else
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from transforms import cordis_json, cordis_pages, cordis_xml, sql_dump
from transforms.cordis_raw import NO_ROWS, ORGANISATION_COLUMNS, PROJECT_COLUMNS, Raw, aligned, frame_of, from_documents
from transforms.cordis_tables import from_tables, partners_of, records_in, table_of_csv, table_of_json
from transforms.files import content, is_web_page, repaired, slug, text, unescaped
from transforms.landing import UnreadableFile

LARGEST_ARCHIVE = 4 * 2**30  # bytes unpacked; the largest archive of CORDIS is well under one
PROGRAMME = re.compile(r"cordis-?(HORIZON|h2020|fp\d)", re.I)
# What the flat CSV until 2021 and the FP7 warehouse call our columns.
FLAT = {"reference": "id", "programme": "legalBasis", "call": "masterCall"}
DUMPED = {
    "project": {"id_project": "id", "project_name": "title", "project_acronym": "acronym", "status": "status"},
    "assign_fact": {
        "id_project": "id",
        "id_programme": "legalBasis",
        "id_start_date": "startDate",
        "id_end_date": "endDate",
        "tot_cost": "totalCost",
        "ue_tot_contribute": "ecMaxContribution",
        "status_project": "status",
    },
    "brief": {"project_RCN": "id", "title": "title", "teaser": "objective", "topics": "topics"},
    "organization": {"idOrganization": "organisationID", "country": "country", "name": "name", "address": "street"},
}
TAKEN = "hand over an archive of CORDIS (…-xml.zip, …-csv.zip or …-json.zip), a table of one, or an FP7 dump"


class File:
    """One file of CORDIS: which shape it has, what is in it, and how many records that are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shape = self._shape()

    # Shape ----------------------------------------------------------------------------------------
    @property
    def door(self) -> str:
        """What tells it from other files that stand beside it: its programme, or its name."""
        programme = PROGRAMME.search(self.path.name)
        return programme[1].lower() if programme else slug(self.path.name.split(".")[0])

    @property
    def finest(self) -> tuple[str, ...]:
        """What is counted of the file: who takes part, where it says so; else projects or organisations."""
        if self.shape == "dump":
            return ("organisation",) if sql_dump.table(self._text) == "organization" else ("project",)
        if self.shape == "tables" and not self._has_participants:
            return ("project",)
        return {
            "flat": ("project", "participation"),
            "pages": ("project", "participation"),
            "addresses": ("project",),
        }.get(self.shape, ("participation",))

    @property
    def _has_participants(self) -> bool:
        if zipfile.is_zipfile(self.path):
            return bool({"organization.csv", "organization.json"} & self._members.keys())
        return {"projectID", "role"} <= self._header

    @cached_property
    def _content(self) -> tuple[str, bytes]:
        return content(self.path)

    @cached_property
    def _text(self) -> str:
        return text(self._content[1])

    @cached_property
    def _members(self) -> dict[str, str]:
        """The members of an archive by their plain names; one archive inside another is no surprise."""
        with zipfile.ZipFile(self._archive()) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > LARGEST_ARCHIVE:
                raise UnreadableFile(f"{self.path.name} is {unpacked:,} bytes unpacked; that is no CORDIS archive.")
            return {Path(name).name: name for name in archive.namelist() if not name.endswith("/")}

    def _archive(self) -> Path | io.BytesIO:
        with zipfile.ZipFile(self.path) as archive:
            inner = [info for info in archive.infolist() if info.filename.lower().endswith(".zip")]
            if len(inner) != 1:
                return self.path
            if inner[0].file_size > LARGEST_ARCHIVE // 4:
                raise UnreadableFile(
                    f"{self.path.name} holds an archive of {inner[0].file_size:,} bytes; that is no extraction."
                )
            return io.BytesIO(archive.read(inner[0]))

    def _shape(self) -> str:
        if zipfile.is_zipfile(self.path):
            return self._shape_of_archive()
        name, raw = self._content
        if is_web_page(raw):
            raise UnreadableFile(
                f"{self.path.name} is a web page (the portal answers so for a name that it does not have); {TAKEN}."
            )
        lower = name.lower()
        if lower.endswith(".sql"):
            table = sql_dump.table(self._text)
            if table in DUMPED:
                return "dump"
            raise UnreadableFile(f"{self.path.name} is a dump of '{table}', not of {', '.join(DUMPED)}; {TAKEN}.")
        if lower.endswith((".json", ".jsonl", ".yaml", ".yml")) and cordis_pages.documents(lower, self._text):
            return "pages"
        if lower.endswith(".csv"):
            return self._shape_of_csv()
        raise UnreadableFile(f"{self.path.name} is no zip, no table and no dump of CORDIS; {TAKEN}.")

    def _shape_of_archive(self) -> str:
        names = self._members
        if {"project.csv", "organization.csv", "project.json", "organization.json"} & names.keys():
            return "tables"
        for ending, shape in ((".xml", "xml"), (".json", "json")):
            if any(name.lower().endswith(ending) for name in names):
                return shape
        raise UnreadableFile(f"{self.path.name} holds neither projects in XML or JSON nor project.csv; {TAKEN}.")

    def _shape_of_csv(self) -> str:
        header = self._header
        if {"projectID", "role"} <= header or (
            {"id", "title", "ecMaxContribution"} <= header - {"rcn"} and ";" in self._line
        ):
            return "flat" if "participants" in header else "tables"
        if {"reference", "title", "participants"} <= header:
            return "flat"
        if {"id", "title"} <= header and ";" in self._line:
            return "tables"
        if cordis_pages.KEYS & header:
            return "pages"
        if header == {"url"}:
            return "addresses"
        raise UnreadableFile(
            f"{self.path.name} has neither the columns of organization.csv nor of project.csv; {TAKEN}."
        )

    @cached_property
    def _line(self) -> str:
        return text(self._content[1][:20_000]).partition("\n")[0]

    @property
    def _header(self) -> set[str]:
        return {name.strip().strip('"') for name in re.split("[;,]", self._line.strip())}

    # Reading --------------------------------------------------------------------------------------
    def read(self) -> Raw:
        """What the file holds; raises UnreadableFile with the way out."""
        raw: Raw = getattr(self, f"_{self.shape}")()
        return raw

    def _xml(self) -> Raw:
        try:
            return from_documents(cordis_xml.documents(self.path), cordis_xml.parse, tags)
        except ValueError as error:
            raise UnreadableFile(f"{self.path.name}: {error}.") from None

    def _json(self) -> Raw:
        framework = cordis_json.framework_of(self.path.name)
        return from_documents(
            self._json_documents(), lambda document: cordis_json.parse(document, framework), elements_in
        )

    def _json_documents(self) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(self._archive()) as archive:
            for name, member in self._members.items():
                if name.lower().endswith(".json"):
                    yield name, archive.read(member)

    def _tables(self) -> Raw:
        if not zipfile.is_zipfile(self.path):
            table = "organization" if {"projectID", "role"} <= self._header else "project"
            plain = self.path.suffix.lower() == ".csv"
            return from_tables({table: table_of_csv(self.path if plain else io.BytesIO(self._content[1]))})
        with zipfile.ZipFile(self._archive()) as archive:
            read = {"csv": table_of_csv, "json": table_of_json}
            return from_tables(
                {
                    name.partition(".")[0]: read[name.rpartition(".")[2]](io.BytesIO(archive.read(member)))
                    for name, member in self._members.items()
                    if re.fullmatch(r"(project|organization|euroSciVoc)\.(csv|json)", name)
                }
            )

    def _flat(self) -> Raw:
        table = table_of_csv(io.BytesIO(self._text.encode())).rename(FLAT, strict=False).collect()
        projects = aligned(table.lazy(), PROJECT_COLUMNS)
        return Raw(projects=projects, organisations=partners_of(table))

    def _dump(self) -> Raw:
        table = sql_dump.table(self._text)
        names = sql_dump.columns(self._text)
        rows = [row for row in sql_dump.rows(self._text) if len(row) == len(names)]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").lazy()
        wanted = DUMPED[table]
        frame = frame.select(pl.col(theirs).alias(ours) for theirs, ours in wanted.items())
        texts = [ours for ours in ("title", "acronym", "name", "street", "objective") if ours in wanted.values()]
        frame = frame.with_columns(repaired(ours) for ours in texts).with_columns(unescaped(ours) for ours in texts)
        if table == "organization":
            frame = frame.with_columns(projectID=pl.lit(None, pl.String))
            return Raw(organisations=aligned(frame, ORGANISATION_COLUMNS), register=True)
        if table == "brief":  # known by its record number, which is not the grant's
            frame = frame.with_columns(id="rcn-" + pl.col("id"), rcn=pl.col("id"))
        frame = frame.with_columns(frameworkProgramme=pl.lit("FP7"))
        return Raw(projects=aligned(frame, PROJECT_COLUMNS))

    def _pages(self) -> Raw:
        projects, elements, unreadable = [], [], []
        for raw in cordis_pages.documents(self._content[0].lower(), self._text):
            project, partners, trouble = cordis_pages.parse(raw)
            projects.append(project)
            elements.extend(partners)
            if trouble:
                unreadable.append({"source_id": project["id"], "reason": f"partners not told apart: {trouble}"})
        return Raw(
            projects=frame_of(projects, PROJECT_COLUMNS).lazy(),
            organisations=frame_of(elements, ORGANISATION_COLUMNS).lazy(),
            unreadable=pl.DataFrame(unreadable, schema=NO_ROWS.schema),
        )

    def _addresses(self) -> Raw:
        rows = self._text.splitlines()[1:]
        numbers = [(re.search(r"\d{4,12}", row) or ["?"])[0] for row in rows]
        reason = "an address alone: nothing is said of the project"
        return Raw(
            unreadable=pl.DataFrame(
                [{"source_id": f"rcn-{n}", "reason": reason} for n in numbers], schema=NO_ROWS.schema
            ),
        )

    # Counting, apart from reading ---------------------------------------------------------------------
    def count(self) -> int:
        """How many of the finest records the file holds: tags, rows, brackets, keys; none of them parsed."""
        if self.shape == "xml":
            return sum(tags(document) for _, document in cordis_xml.documents(self.path))
        if self.shape == "json":
            return sum(elements_in(document) for _, document in self._json_documents())
        if self.shape == "dump":
            return sql_dump.count(self._text)
        if self.shape == "addresses":
            return len(self._text.splitlines()) - 1
        if self.shape == "pages":
            return sum(_page_count(raw) for raw in cordis_pages.documents(self._content[0].lower(), self._text))
        if self.shape == "flat":
            table = table_of_csv(io.BytesIO(self._text.encode())).collect()
            partners = table["participants"].str.count_matches(";").fill_null(-1) + 1
            return len(table) + int(partners.sum()) + int(table["coordinator"].is_not_null().sum())
        return self._count_of_table()

    def _count_of_table(self) -> int:
        if not zipfile.is_zipfile(self.path):
            return records_in(self._content[1])
        with zipfile.ZipFile(self._archive()) as archive:
            for name, member in self._members.items():
                counted = "organization" if self._has_participants else "project"
                if name == f"{counted}.csv":
                    return records_in(archive.read(member))
                if name == f"{counted}.json":
                    return archive.read(member).count(b'"organisationID"' if self._has_participants else b'"acronym"')
        return 0


def tags(document: bytes) -> int:
    """Organisation elements of an XML document."""
    return document.count(b"<organization ") + document.count(b"<organization>")


def elements_in(document: bytes) -> int:
    return sum(
        len(re.findall(rf"""['"]type\\?['"]:\s*\\?['"]{role}\b""".encode(), document)) for role in cordis_json.ROLES
    )


def _page_count(raw: dict[str, Any]) -> int:
    """A project, and its partners where they stand in a list or the cell has a comma fewer than countries."""
    partners, countries = raw.get("Partners"), raw.get("Country")
    if isinstance(partners, list):
        return 1 + len(partners)
    names, places = (partners or "").count(","), (countries or "").count(",")
    return 1 + (names + 1 if partners and names == places else bool(partners))
