"""What a spider may yield.

A record has no field for what we may not store: no person, no e-mail address, no telephone
number.  Every value is text as the portal wrote it; dates and numbers are read by `transforms`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


class Drifted(Exception):
    """The portal no longer looks as its spider expects; says where, and what was missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Common to all: the record's key inside its source, and the page's canonical live address."""

    source_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRecord(Record):
    """A network, partnership, consortium or instrument, as one page describes it."""

    name: str
    acronym: str | None = None
    kind: str = "network"
    member_type: str | None = None
    website: str | None = None
    programme: str | None = None
    call: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    language: str | None = None
    aliases: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord(Record):
    """An organisation, as one page describes it."""

    name: str
    short_name: str | None = None
    kind: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    nuts_code: str | None = None
    geolocation: str | None = None
    website: str | None = None
    ecosystem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRecord(Record):
    """That an organisation belongs to a network, as one page says it."""

    network_id: str
    organisation_id: str
    organisation_name: str
    country: str | None = None
    city: str | None = None
    role: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    basis: str = "declared member"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord(Record):
    """A funded project or label."""

    title: str
    acronym: str | None = None
    framework: str | None = None
    programme: str | None = None
    call: str | None = None
    topic: str | None = None
    funding_scheme: str | None = None
    status: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    eu_contribution: str | None = None
    total_cost: str | None = None
    currency: str = "EUR"
    label_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRecord(Record):
    """An organisation element of a project, as the source has it."""

    project_id: str
    organisation_id: str
    position: str | None = None
    role: str | None = None
    eu_contribution: str | None = None
    total_cost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRecord(Record):
    """A text about a subject (`network`, `organisation` or `project`)."""

    subject_kind: str
    subject_id: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord(Record):
    """That a subject's attribute has a value; sources may disagree."""

    subject_kind: str
    subject_id: str
    attribute: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecord(Record):
    """Another name of a network or an organisation; `name_kind` is alias, acronym, short or former."""

    entity_kind: str
    entity_id: str
    name: str
    name_kind: str = "alias"
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierRecord(Record):
    """An identifier that a register gave to a network or an organisation; `scheme` is PIC, VAT, LEI, ROR, Wikidata …."""

    entity_kind: str
    entity_id: str
    scheme: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Record):
    """A document that is landed whole under `files/`, to be read by the source's transform."""

    name: str
    body: bytes


KINDS: dict[str, type[Record]] = {
    "network": NetworkRecord,
    "organisation": OrganisationRecord,
    "membership": MembershipRecord,
    "project": ProjectRecord,
    "participation": ParticipationRecord,
    "passage": PassageRecord,
    "claim": ClaimRecord,
    "name": NameRecord,
    "identifier": IdentifierRecord,
}
KIND_OF = {record: kind for kind, record in KINDS.items()}


def columns(kind: str) -> dict[str, Any]:
    """Field names of a record kind, each with its declared type (as text)."""
    return {field.name: field.type for field in fields(KINDS[kind])}


def as_row(record: Record) -> dict[str, Any]:
    """A record as one JSON object, with its kind; empty fields are left out."""
    row = {"kind_of_record": KIND_OF[type(record)], **asdict(record)}
    return {key: value for key, value in row.items() if value not in (None, (), "")}
