"""Natural persons and sole traders among organisations: rows about them are counted, and not kept."""

from __future__ import annotations

from functools import cache

import polars as pl

from transforms.places import TABLES

# Words of law that stand for a sole trader, at the end or the beginning of a name.
SOLE_TRADER = (
    r"(?i:(?:^|\s)(?:e\.\s?v\.|egyéni vállalkozó|s\.\s?p\.|obrt|e\.\s?k\.|e\.\s?kfm\.|e\.\s?kfr\.|živnost|fyzická osoba|"
    r"auto-?entrepreneur|entrepreneur individuel|freelanc\w*|sole trader|self-employed|zasebnik)(?:[\s,.]|$))"
    r"|^(?:ЕТ|ЕТ\.|ET)\s|^(?i:[\"„]?ет\s)"
)
TITLED = r"^(?:Mr|Mrs|Ms|Dr|Prof|Mme|Herr|Frau|Ing|Mgr|Bc|Dipl|MUDr|PhDr|JUDr|RNDr)\.? \p{Lu}"
# A German association is `e.V.` with a capital V; the Hungarian sole trader is `e.v.`, small.
ASSOCIATION = r"e\.\s?V\.|e\.\s?V$|\beV\b"
COMPANY = r"(?i)\b(?:g?mbh|ag|kg|ohg|og|gbr|ug|ltd|llp|s\.?r\.?[lo]\.?|a\.\s?s|spa|s\.\s?p\.\s?a|sas|sarl|bv|nv|oy|ab|aps|plc|inc|stiftung|verein)\b"


# Bodies that bear the name of a person, or begin with a given name.
INSTITUTION = (
    r"(?i)universi|institut|hochschule|college|school|academy|akademi|centre|center|zentrum|hospital|klinik|foundation|fonda|"
    r"cluster|klast|netzwerk|network|allian|region|city|stadt|council|agency|agentur|bank|museum|park|s\.\s?p\.\s?a\b"
)


@cache
def _given_names() -> list[str]:
    return pl.read_csv(TABLES / "given_name.csv")["given_name"].to_list()


def individual(name: pl.Expr) -> pl.Expr:
    """Whether a name is that of a person or sole trader: a form of law, a title, or two words that begin with a given name."""
    bare = name.str.replace(r",.*$", "").str.strip_chars()
    words = bare.str.split(" ")
    person = (
        words.list.len().is_between(2, 3)
        & bare.str.contains(r"^\p{Lu}[\p{Ll}-]+(?: \p{Lu}\.)?(?: \p{Lu}[\p{L}-]+){1,2}$")
        & words.list.first().str.to_lowercase().is_in(_given_names())
        & ~bare.str.contains(COMPANY)
    )
    body = name.str.contains(ASSOCIATION) | name.str.contains(COMPANY) | name.str.contains(INSTITUTION)
    return (name.str.contains(SOLE_TRADER) | name.str.contains(TITLED) | person) & ~body
