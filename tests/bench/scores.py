"""Scores of a classification, and tables to show them in."""

from __future__ import annotations

from typing import Any

NOTHING = {"", "unknown", "none_stated", "none", "None"}
Row = dict[str, Any]


def f1_macro(pairs: list[tuple[str, str]], values: list[str]) -> float:
    """The mean F1 of the values that the truth holds; an unknown lowers recall, not precision."""
    scores = []
    for value in values:
        real = sum(true == value for true, _ in pairs)
        if real:
            given = sum(said == value for _, said in pairs)
            scores.append(2 * sum(true == said == value for true, said in pairs) / (real + given))
    return sum(scores) / len(scores) if scores else 0.0


def scored(pairs: list[tuple[str, str]], values: list[str]) -> tuple[float, float, float]:
    """(macro-F1, right among the answered, answered)."""
    given = [(true, said) for true, said in pairs if said != "unknown"]
    right = sum(true == said for true, said in given)
    return f1_macro(pairs, values), right / max(len(given), 1), len(given) / max(len(pairs), 1)


def codes(value: object) -> set[str]:
    """The codes of a cell or list, without those that say nothing."""
    items = value if isinstance(value, list) else str("" if value is None else value).split("|")
    return {str(item).strip() for item in items} - NOTHING


def table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    body = ["| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings), *body]) + "\n"
