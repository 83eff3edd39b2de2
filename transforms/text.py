"""Passages: readable text in, personal data out.

What a release quotes is searched for letter for letter in the passage, so the filter runs before
anything is quoted: e-mail addresses, telephone numbers, personal profile links and named persons
after a title or an office give way to `[contact]` and `[person]`.
"""

from __future__ import annotations

import re

import polars as pl

from transforms.names import trimmed

PARTICLE = r"(?:(?:van|von|de|di|der|den|du|la|le|del|da)\s+)*"
NAME = rf"\p{{Lu}}[\p{{L}}'’.-]+(?:\s+{PARTICLE}\p{{Lu}}[\p{{L}}'’-]+){{1,3}}"
CONTACTS = (
    r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+",
    r"[\w.+-]+\s?\[at\]\s?[\w.\[\] -]*\([^)]*\[at\][^)]*\)",
    r"[\w.+-]+\s?(?:\[at\]|\(at\))\s?[\w-]+(?:(?:\[dot\]|\(dot\)|\.)[\w-]+)*",
    r"(?:https?://)?(?:www\.)?(?:linkedin\.com/in|facebook\.com|x\.com|twitter\.com)/[\w./-]+",
    r"(?:\+|\b00)\d{1,3}[\s./()-]*\d(?:[\s./()-]*\d){6,12}",
    r"(?i)\b(?:tel|phone|fax|mobile|tél)\b\.?\s*:?\s*\(?\d(?:[\s./()-]*\d){5,12}",
)
NATIONAL_NUMBER = r"\b0\d{1,4}[\s./-]\d{2,4}(?:[\s./-]?\d{2,4}){1,3}\b"
OFFICE = (
    r"(?i:pr[ée]sidente?|managing director|director[a]?|chief executive|ceo|chairman|chairwoman|secretary[- ]general"
    r"|g[ée]sch[äa]ftsf[üu]hrer(?:in)?|vorsitzende[rn]?|directeur|directrice|diret(?:tore|trice))"
)
# What a short text must hold before the patterns are tried on it: they are many, and most texts are plain names.
SUSPECT = [
    *("@", "[at]", "(at)", "linkedin.com", "facebook.com", "+", " 0", "tel.", "tel:", "tel ", "phone", "fax"),
    *("contact", "submitted by", "dr.", "dr ", "prof", "mr ", "mr.", "mrs", "ms ", "herr ", "frau ", "mme", "sir "),
    *(
        "president",
        "président",
        "director",
        "directeur",
        "directrice",
        "diret",
        "chief exec",
        "ceo",
        "chairman",
        "chairwoman",
    ),
    *("geschäftsf", "vorsitz", "secretary"),
]
PERSONS = (
    rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Mme|Herr|Frau|Dott|Ing|Sir)\.?\s+(?:Dr\.?\s+)?{NAME}",
    rf"\b{OFFICE}\s*:?\s+{NAME}",
    rf"\b(?:Contact person|Submitted by|Contact|Ansprechpartner|Referent)\s*:\s*{NAME}",
)


def holds_contact(text: str) -> bool:
    """Whether a text of one line holds an address, a number to call or a personal profile."""
    return any(re.search(pattern, text) for pattern in (*CONTACTS, NATIONAL_NUMBER))


def without_persons(text: pl.Expr) -> pl.Expr:
    """Text with contacts and named persons replaced."""
    for pattern in (*CONTACTS, NATIONAL_NUMBER):
        text = text.str.replace_all(pattern, "[contact]")
    for pattern in PERSONS:
        text = text.str.replace_all(pattern, "[person]")
    return text


def without_persons_in(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Rows whose short texts hold no contact and no named person either; a website that is one is left out."""
    for column in columns:
        suspects = rows[column].str.contains_any(SUSPECT, ascii_case_insensitive=True).arg_true()
        if len(suspects):
            clean = rows.select(pl.col(column).gather(suspects)).select(without_persons(pl.col(column))).to_series()
            if column == "website":
                clean = clean.set(clean.str.contains("[contact]", literal=True).fill_null(False), None)
            rows = rows.with_columns(rows[column].scatter(suspects, clean))
    return rows


def passages(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Passage rows with `text` tidied and filtered; rows without text fall away."""
    return rows.with_columns(text=trimmed(without_persons(pl.col("text")))).filter(pl.col("text").is_not_null())
