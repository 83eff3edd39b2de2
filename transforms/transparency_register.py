"""Transparency Register: registrants, and who says that it belongs to which network, in free text (grade D)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from lxml import etree

from transforms import records, register_xml
from transforms.files import content, is_web_page, slug
from transforms.individuals import individual
from transforms.landing import LandingFolder, Origin, UnreadableFile, records_frame
from transforms.legal_forms import name_key
from transforms.model import Tidy, assemble, set_aside
from transforms.names import folded, trimmed
from transforms.places import country

COMMON = records.COMMON
START = "https://transparency-register.europa.eu"
PAGE = "https://transparency-register.europa.eu/search-register-or-update/organisation-detail_en?organisationNumber="
TAKEN = "hand over the register's file (XML), or a CSV of registrants and the networks that they name"
COLUMNS = (
    "code",
    "registered",
    "name",
    "acronym",
    "website",
    "category",
    "goals",
    "country",
    "city",
    "member_of",
    "members",
)
SELF_EMPLOYED = "(?i)self-employed"
NAMING = ("representativeEtlId", "etlFingerPrint")
# Lists that people type: an item a line, or parted by semicolons or bullets; else by commas between names.
ITEM = r"\s*(?:[\n\r;•●▪·*]|(?:^|\s)[-–]\s|(?:^|\n)\s*\(?\d{1,3}[.)]\s)\s*"
BODY = r"(?i:network|alliance|association|federation|cluster|council|platform|union|chamber|confederation)"
NOTHING = r"(?i)^(?:n\.?\s?/?\s?a\.?|none|no|nil|not applicable|no members?|see .*|www\..*|https?:.*|-+|x+)$"


def detect(file: Path) -> str:
    """`register`, `naming` or `companies`, by what is in a file; raises UnreadableFile with the way out."""
    with file.open("rb") as opened:
        head = opened.read(4000)
    if b"ListOfIRPublicDetail" in head or b"<interestRepresentative" in head:
        return "register"
    name, raw = content(file)
    if is_web_page(raw):
        raise UnreadableFile(f"{file.name} is a web page, not the register; {TAKEN}.")
    if b"ListOfIRPublicDetail" in raw[:4000]:
        raise UnreadableFile(f"{file.name} is packed; unpack it first, so that it can be read in pieces.")
    first = raw.lstrip(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    if all(column in first for column in NAMING):
        return slug(f"naming {name.split('.')[0]}")
    if first.count(",") == 4 and "http" in first:
        return slug(f"companies {name.split('.')[0]}")
    raise UnreadableFile(
        f"{file.name} is neither the register's XML nor a CSV with the columns {' and '.join(NAMING)}; {TAKEN}."
    )


def tidy(folder: LandingFolder) -> Tidy:
    """The tidy frames of the register, or of a file about it."""
    shape = detect(folder.file)
    if shape == "register":
        return from_register(registrants(folder.file), folder.origin)
    if shape.startswith("naming"):
        return from_naming(_csv(folder.file), folder.origin)
    return from_companies(_companies(folder.file), folder.origin)


def count(folder: LandingFolder) -> int:
    """Registrants or rows of a file, counted apart from their reading."""
    shape = detect(folder.file)
    if shape == "register":
        return register_xml.count(folder.file)
    raw = content(folder.file)[1]
    lines = b"".join(raw.split(b'"')[::2]).replace(b"\r\n", b"\n").strip(b"\n").count(b"\n")
    return lines if shape.startswith("naming") else lines + 1


def finest(folder: LandingFolder) -> tuple[str, ...]:
    """What is counted of a landing."""
    shape = detect(folder.file)
    # A registrant is its number: organisations that a registrant lists are not counted.
    return (
        ("identifier",) if shape == "register" else ("membership",) if shape.startswith("naming") else ("organisation",)
    )


# Reading ------------------------------------------------------------------------------------------
def registrants(path: Path) -> pl.DataFrame:
    """All registrants of the register's file as text columns, a bounded number of rows in memory at a time."""
    try:
        parts = [pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)) for rows in _batches(path)]
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"{path.name} breaks off or is no XML ({error.msg}); download it again.") from None
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def _batches(path: Path, size: int = 2000) -> Iterator[list[register_xml.Row]]:
    batch: list[register_xml.Row] = []
    for row in register_xml.entries(path):
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _csv(path: Path) -> pl.DataFrame:
    table = pl.read_csv(content(path)[1], infer_schema=False)
    code = pl.col("representativeEtlId").str.split("//").list
    return table.select(code=code.get(0), seen=code.get(1, null_on_oob=True), item=pl.col("etlFingerPrint"))


def _companies(path: Path) -> pl.DataFrame:
    columns = ("name", "other", "website", "street", "city")
    return pl.read_csv(io.BytesIO(content(path)[1]), has_header=False, infer_schema=False, new_columns=list(columns))


# Normalising --------------------------------------------------------------------------------------
def named_network(item: pl.Expr) -> pl.Expr:
    """The name of a network as typed, without the acronym in brackets behind or before it."""
    return trimmed(
        item.str.replace(r"\s*\((?:\p{Lu}[\p{L}\d&.-]{1,11})\)\s*$", "").str.replace(r"^\p{Lu}{3,10}\s*[-–:]\s+", "")
    )


def acronym_of(item: pl.Expr) -> pl.Expr:
    return pl.coalesce(
        item.str.extract(r"\((\p{Lu}[\p{L}\d&.-]{1,11})\)\s*$"), item.str.extract(r"^(\p{Lu}{3,10})\s*[-–:]\s+")
    )


def split_items(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """One row for each item of a list that was typed as one text; words that say 'none' fall away."""
    text = pl.col(column).str.strip_chars()
    marked = text.str.replace_all(ITEM, "\n")
    # Commas part items only where nothing else does and what they part looks like names.
    bodies = rf"^[^,]*{BODY}[^,]*,[^,]*{BODY}[^,]*$"
    by_comma = (
        ~marked.str.contains("\n")
        & (text.str.contains(r",.*,") | text.str.contains(bodies))
        & ~text.str.contains(r"[.!?]\s+\p{Lu}")
        & text.str.contains(r"^\p{Lu}[^,]{2,80}(?:,\s*(?:and\s+)?\p{Lu}[^,]{2,80})+\.?$")
    )
    parts = pl.when(by_comma).then(text.str.replace_all(r",\s*(?:and\s+)?", "\n")).otherwise(marked)
    item = trimmed(pl.col("item").str.strip_chars(" .,;:-–•*\t").str.replace(r"^\(?\d{1,3}[.)]\s+", ""))
    return (
        rows.filter(pl.col(column).is_not_null())
        .with_columns(item=parts.str.split("\n"))
        .explode("item")
        .with_columns(item=item)
        .filter(pl.col("item").is_not_null() & ~pl.col("item").str.contains(NOTHING))
        .filter(pl.col("item").str.len_chars().is_between(3, 160))
    )


def from_register(table: pl.DataFrame, origin: Origin) -> Tidy:
    """Registrants as organisations; those that list members, and networks that others name, as networks."""
    rows = table.with_columns(source_id="code", url=PAGE + pl.col("code"), name=trimmed(pl.col("name")))
    person = rows["category"].str.contains(SELF_EMPLOYED).fill_null(False)
    first = rows["code"].is_first_distinct() | person
    stamped = origin.stamp(rows.lazy()).collect()
    apart = [
        set_aside("identifier", stamped.filter(~first).with_columns(reason=pl.lit("listed twice"))),
        set_aside("identifier", stamped.filter(person).with_columns(reason=pl.lit("individual")), keep_content=False),
    ]
    kept = rows.filter(first & ~person).lazy()
    holders = kept.select(named=folded(pl.col("name")), holder="code").unique("named", keep="first")
    listing = _listing(kept, holders)
    naming = _naming(kept, holders)
    networks = pl.concat([listing.select("network_id"), naming.select("network_id")]).unique()
    known = kept.join(networks, left_on="code", right_on="network_id", how="semi")
    parts = {
        "organisation": kept.select("source_id", "url", "name", "country", "city", "website", short_name="acronym"),
        "network": pl.concat([known.select("source_id", "url", "name", "acronym", "website"), _unregistered(naming)], how="diagonal")
        .with_columns(kind=pl.lit("network"), language=pl.lit("en")),
        "membership": pl.concat([naming, listing], how="diagonal").select(
            "url", "network_id", "organisation_id", "organisation_name", "country",
            source_id=pl.concat_str("organisation_id", "network_id", separator=" in "),
            role=pl.lit("member"),
            basis=pl.lit("self-declared in a register"),
        ).unique("source_id", keep="first", maintain_order=True),
        "identifier": kept.select(
            "source_id", "url", entity_kind=pl.lit("organisation"), entity_id="code", scheme=pl.lit("EU_TRANSPARENCY"), value="code"
        ),
        "passage": known.filter(pl.col("goals").is_not_null()).select(
            "source_id", "url", subject_kind=pl.lit("network"), subject_id="code", language=pl.lit("en"), text="goals"
        ),
    }  # fmt: skip
    return _assembled(parts, origin, apart)


def _listing(kept: pl.LazyFrame, holders: pl.LazyFrame) -> pl.LazyFrame:
    """Members that registrants list, their country taken from behind the name."""
    items = split_items(kept, "members").with_columns(
        where=pl.col("item").str.extract(r"(?:,\s*|\()(\p{L}[\p{L} ]+)\)?$")
    )
    placed = country(pl.col("where")).is_not_null()
    plain = pl.col("item").str.replace(r"(?:,\s*|\s*\()\p{L}[\p{L} ]+\)?$", "")
    return (
        items.with_columns(organisation_name=pl.when(placed).then(plain).otherwise("item"))
        .with_columns(named=folded(pl.col("organisation_name")))
        .join(holders, on="named", how="left")
        .select(
            "url",
            "organisation_name",
            network_id="code",
            organisation_id=pl.coalesce("holder", pl.concat_str("code", "named", separator=":")),
            country=pl.when(placed).then("where"),
        )
        .filter(pl.col("organisation_id") != pl.col("network_id"))
    )


def _naming(kept: pl.LazyFrame, holders: pl.LazyFrame) -> pl.LazyFrame:
    """Networks that registrants say they belong to, by the registrant of that name where there is one."""
    return (
        split_items(kept, "member_of")
        .with_columns(network=named_network(pl.col("item")), network_acronym=acronym_of(pl.col("item")))
        .with_columns(named=folded(pl.col("network")))
        .join(holders, on="named", how="left")
        .select(
            "url",
            "network",
            "network_acronym",
            "country",
            network_id=pl.coalesce("holder", "named:" + pl.col("named")),
            organisation_id="code",
            organisation_name="name",
        )
        .filter(pl.col("network_id") != pl.col("organisation_id"))
    )


def _unregistered(naming: pl.LazyFrame) -> pl.LazyFrame:
    """Networks that are only named by others."""
    return (
        naming.filter(pl.col("network_id").str.starts_with("named:"))
        .unique("network_id", keep="first", maintain_order=True)
        .select("url", source_id="network_id", name="network", acronym="network_acronym")
    )


def from_naming(table: pl.DataFrame, origin: Origin) -> Tidy:
    """Registrants by number and the networks that they name, one a row."""
    rows = table.with_columns(
        url=PAGE + pl.col("code"),
        network=named_network(pl.col("item")),
        network_acronym=acronym_of(pl.col("item")),
        organisation_name="Registrant " + pl.col("code"),
        network_id="named:" + folded(named_network(pl.col("item"))),
    ).with_columns(source_id=pl.concat_str("code", "network_id", separator=" in "))
    nothing = rows["network"].str.contains(NOTHING).fill_null(True) | (rows["network_id"] == "named:").fill_null(True)
    stamped = origin.stamp(rows.lazy()).collect()
    first = rows["source_id"].is_first_distinct() | nothing
    apart = [
        set_aside("membership", stamped.filter(nothing).with_columns(reason=pl.lit("names no network"))),
        set_aside("membership", stamped.filter(~first).with_columns(reason=pl.lit("listed twice"))),
    ]
    kept = rows.filter(first & ~nothing).lazy()
    parts = {
        "network": _unregistered(kept).with_columns(kind=pl.lit("network")),
        "membership": kept.select(
            "source_id", "url", "network_id", "organisation_name",
            organisation_id="code",
            role=pl.lit("member"),
            valid_from=pl.col("seen").str.slice(0, 10),
            basis=pl.lit("self-declared in a register"),
        ),
        "organisation": kept.unique("code", keep="first", maintain_order=True).select("url", source_id="code", name="organisation_name"),
    }  # fmt: skip
    return _assembled(parts, origin, apart)


def from_companies(table: pl.DataFrame, origin: Origin) -> Tidy:
    """Companies of a list without a heading: name, web address, street, town."""
    rows = origin.stamp(table.lazy(), source_id="company:" + folded(pl.col("name")), url=pl.lit(START)).collect()
    first = rows["source_id"].is_first_distinct()
    again = set_aside("organisation", rows.filter(~first).with_columns(reason=pl.lit("listed twice")))
    person = rows.select(individual(pl.col("name")).fill_null(False)).to_series()
    persons = rows.filter(first & person).with_columns(reason=pl.lit("individual"))
    kept = (
        rows.filter(first & ~person)
        .lazy()
        .select(
            *COMMON,
            name=trimmed(pl.col("name")),
            name_key=name_key(pl.col("name")),
            kind=pl.lit("company"),
            street=trimmed(pl.col("street")),
            city=trimmed(pl.col("city")),
            website=trimmed(pl.col("website")),
        )
    )
    return assemble({"organisation": kept}, [again, set_aside("organisation", persons, keep_content=False)])


def _assembled(parts: dict[str, pl.LazyFrame], origin: Origin, apart: list[pl.DataFrame]) -> Tidy:
    """Parts in the shape of a spider's records to tidy frames, with what was set aside before."""
    empty = records_frame()
    rows = [part.with_columns(kind_of_record=pl.lit(kind)).collect() for kind, part in parts.items()]
    whole = pl.concat([empty, *rows], how="diagonal").with_columns(fetched_at=pl.lit(origin.fetched_at))
    tidy_frames = records.normalise(whole, origin)
    return {**tidy_frames, "rejected": pl.concat([tidy_frames["rejected"], *apart])}
