"""Organisation records in forms that compare: Latin letters, legal form apart, aliases apart, place in parts.

Polars on distinct records; what was compared letter for letter the same is one row and costs nothing twice.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import polars as pl
from anyascii import anyascii

WORDS = Path(__file__).parent / "words"
# What a record is compared by; one that lacks a column has it empty.  `site` is the host of its website,
# `marks` its official identifiers as 'SCHEME:value', parted by '|'.
FIELDS = ("source", "name", "country", "city", "street", "postcode", "short_name", "site", "marks")
ALIASES = ("short", "dash", "lead", "brackets")  # other names that a record shows, beside its bare name
CHUNK = 100_000  # rows of one step, so that memory does not grow with the list
COUNTRY = {"GR": "EL", "GB": "UK"}
# Signs that anyascii would spell with more letters than registers do.
OWN = {"ø": "o", "Ø": "o", "å": "a", "Å": "a", "ä": "a", "Ä": "a", "ö": "o", "Ö": "o", "ü": "u", "Ü": "u", "ß": "ss", "’": " "}  # fmt: skip
# Spellings of one sound, and habits of transliteration: 'ue' for 'ü', 'ou' for 'u', 'ph' for 'f'.
SOUNDS = {
    "ae": "a", "oe": "o", "ue": "u", "ou": "u", "aa": "a", "ph": "f", "ck": "k", "kh": "h", "ch": "h", "th": "t",
    "ei": "i", "oi": "i", "y": "i", "w": "v", "ij": "i", "sz": "s", "cz": "c", "tz": "z", "ts": "z", "j": "i", "ii": "i",
}  # fmt: skip
# Compounds of German and Nordic languages: 'forschungszentrum' is 'forschung zentrum'.
COMPOUNDS = (
    r"(forschung|entwicklung|bildung|universitat|wirtschaft|technologie|gesundheit|verkehr|energie|umwelt|landes|bundes"
    r"|forskning|utvikling)s?(zentrum|institut|anstalt|gesellschaft|verband|verein|amt|agentur|klinik|krankenhaus|haus"
    r"|bibliothek|hochschule|gmbh|ministerium|akademie|institutt)",
    r"(universitet|universitat)s?(hospital|sjukhus|sykehus|bibliotek|klinik)",
)
STREET = (  # words that only say what kind of street it is
    "rue|avenue|av|ave|avda|avenida|avinguda|boulevard|bd|blvd|place|plaza|placa|piazza|plac|pl|platz|plein|str|street|st"
    "|strasse|strada|straat|road|rd|via|viale|calle|carrer|c|cl|chemin|route|allee|allees|laan|lane|ln|ul|ulica|ulice"
    "|ulitsa|utca|ut|u|ter|drive|dr|way|square|sq|corso|largo|rua|paseo|passeig|ps|pza|polig|poligono|impasse|quai|cours"
    "|odos|leoforos|leof|bul|bulevardul|bulevard|g|gatve|iela|tee|tn|pst|tie|katu|vej|vei|vag|vagen|gata|gade|nam"
    "|namesti|trg|cesta|zi|za|zac|parc|park|parque|edificio|edif|no|nr|num|numero|n|bis|s|sn|bp|po|box|cs|building|floor"
    "|etage|planta|piso"
)
STREET_END = "(strasse|straat|str|gasse|gatan|gate|vej|utca|katu|weg|laan)"
TOWN_HEAD = "san|santa|st|saint|sankt|den|la|le|las|los|el|novi|nova|new|bad|villa|ville|castel|monte|port|porto|sao|ciudad"  # fmt: skip


def table(name: str) -> pl.DataFrame:
    """A word list of this package, all columns as text."""
    return pl.read_csv(WORDS / f"{name}.csv", infer_schema=False)


@cache
def _mojibake() -> dict[str, str]:
    """Letters of UTF-8 that were read in another encoding, each sequence by the letter that it was: '√º' for 'ü'."""
    found: dict[str, str] = {}
    for code in (*range(0xA0, 0x180), *range(0x370, 0x500)):
        for charset in ("mac_roman", "latin1", "cp1252"):
            try:
                found[chr(code).encode().decode(charset)] = chr(code)
            except UnicodeDecodeError:
                continue
    return found


def latin(texts: pl.Series) -> pl.Series:
    """Lower-case ASCII, mojibake mended; Greek and Cyrillic letters in Latin ones. Missing texts are empty."""
    broken = _mojibake()
    mended = texts.fill_null("").str.replace_many(list(broken), list(broken.values()), leftmost=True)
    foreign = mended.str.extract_all(r"[^\x00-\x7F]").explode().drop_nulls().unique().to_list()
    spelled = {sign: OWN.get(sign, anyascii(sign)) for sign in foreign}
    plain = mended.str.replace_many(list(spelled), list(spelled.values())) if spelled else mended
    return plain.str.to_lowercase()


def words(text: pl.Expr) -> pl.Expr:
    """Words parted by single blanks; letters that stand alone in a row are one word: 'S.p.A.' is 'spa'."""
    plain = text.str.replace_all("&", " and ").str.replace_all(r"[^a-z0-9]+", " ")
    glued = plain.str.replace_all(r"\b([a-z])\b", "<$1>").str.replace_all("> <", "", literal=True)
    return glued.str.replace_all("[<>]", "").str.strip_chars()


def folded(text: pl.Expr) -> pl.Expr:
    """Spellings of one sound made equal, double letters single."""
    for two, one in SOUNDS.items():
        text = text.str.replace_all(two, one, literal=True)
    for letter in "bcdefgklmnoprstuz":
        text = text.str.replace_all(letter * 2, letter, literal=True)
    return text


@cache
def _legal_forms() -> tuple[dict[str, str], str, str, str]:
    """(kind of each form, patterns of those at the end, at the start, and inside of a name)."""
    rows = table("legal_form")

    def either(wanted: pl.DataFrame) -> str:
        return "(" + "|".join(sorted(map(re.escape, wanted["form"].to_list()), key=len, reverse=True)) + ")"

    start, inside = (rows.filter(pl.col("where").is_in(places)) for places in (["start", "inside"], ["inside"]))
    kinds = dict(rows.select("form", "kind").iter_rows())
    return kinds, f" {either(rows)}$", f"^{either(start)} ", f" {either(inside)} "


def without_legal_form(name: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(names without their legal forms, the kind of the form that was cut); a name that is nothing else stays whole."""
    kinds, end, start, inside = _legal_forms()
    rest, cut = name, []
    for pattern, blank in ((end, ""), (end, ""), (end, ""), (start, ""), (inside, " ")):
        cut.append(rest.str.extract(pattern, 1))
        rest = rest.str.replace(pattern, blank)
    both = pl.DataFrame({"name": name, "rest": rest, **{str(at): form for at, form in enumerate(cut)}})
    found = both.select(
        rest=pl.when(pl.col("rest").str.len_chars() > 1).then("rest").otherwise("name"),
        form=pl.coalesce(map(str, range(len(cut)))).replace_strict(kinds, default=None).fill_null(""),
    )
    return found["rest"], found["form"]


def spelled(records: pl.DataFrame) -> pl.DataFrame:
    """One row for each distinct record, numbered as `unit`, with the `records` (keys) that are the same in all fields.

    `records` has `record` and any of FIELDS. Raises nothing: what is missing is empty.
    """
    none = [pl.lit("").alias(field) for field in FIELDS if field not in records.columns]
    whole = records.with_columns(none).with_columns(pl.col(FIELDS).fill_null("").str.strip_chars())
    units = whole.group_by(FIELDS, maintain_order=True).agg(records="record").with_row_index("unit")
    parts = [_spelled(part) for part in units.iter_slices(CHUNK)]
    return pl.concat(parts) if parts else _spelled(units)


def _spelled(units: pl.DataFrame) -> pl.DataFrame:
    low = units.select(
        latin(units[field]).alias(field) for field in ("name", "short_name", "city", "street", "postcode")
    )
    name = pl.col("name")
    for pattern in COMPOUNDS:
        name = name.str.replace_all(pattern, "$1 $2")
    flat = low.select(
        full=words(name),
        short=words(pl.col("short_name")),
        dash=words(pl.col("name").str.extract(r"\s[-–/,]\s*([^-–/,()]{2,60})$", 1).fill_null("")),
        lead=words(pl.col("name").str.extract(r"^([^-–/,:()]{2,60})(?:\s+[-–/,:]|-\s|\s\()", 1).fill_null("")),
        brackets=words(pl.col("name").str.extract(r"\(([^)]{2,40})\)", 1).fill_null("")),
    )
    bare, form = without_legal_form(flat["full"])
    aliases = (without_legal_form(flat[alias])[0].alias(alias) for alias in ALIASES)
    return (
        units.select("unit", "source", "site", "marks", "records", pl.col("name").alias("label"))
        .hstack([flat["full"], bare.alias("bare"), form.alias("form"), *aliases, *_place(low).get_columns()])
        .with_columns(country=units["country"].str.to_uppercase().replace(COUNTRY))
    )


def _place(low: pl.DataFrame) -> pl.DataFrame:
    """City, town (its first word), house numbers, road (the street without what all streets are called) and postcode."""
    names = table("city")
    city = words(pl.col("city")).str.replace_all(r"\b(cedex|\d+)\b", " ").str.replace_all(" +", " ").str.strip_chars()
    known = city.replace(names["variant"].to_list(), names["city"].to_list())
    head = known.str.replace(rf"^({TOWN_HEAD}) (\w+).*$", "$1 $2")
    street = words(pl.col("street"))
    road = street.str.replace_all(r"\b\d+\w*\b", " ").str.replace_all(rf"\b({STREET})\b", " ")
    road = folded(road.str.replace_all(rf"{STREET_END}\b", "")).str.replace_all(r"\b\w{1,2}\b", " ")
    code = pl.col("postcode").str.replace_all(r"[^a-z0-9]", "").str.replace(r"^[a-z]{1,3}(\d{4,})$", "$1")
    says_something = code.str.contains("[1-8a-z]") & code.str.contains(r"\d") & (code.str.len_chars() > 2)
    return low.select(
        city=folded(known).str.replace_all(" ", ""),
        town=folded(head.str.replace(r"^(\w{4,}).*$", "$1")),
        house=street.str.extract_all(r"\b\d+[a-z]?\b").list.eval(pl.element().str.extract(r"(\d+)", 1)).list.unique(),
        road=road.str.replace_all(" +", " ").str.strip_chars(),
        postcode=pl.when(says_something).then(code).otherwise(pl.lit("")),
    )
