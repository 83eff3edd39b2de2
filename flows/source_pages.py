"""The pages of the sources under `docs/sources/`, made from their registry entries: `make docs` writes them anew."""

from __future__ import annotations

from pathlib import Path

from spiders.registry import Source, load, names

DOCS = Path(__file__).parent.parent / "docs" / "sources"
WAYS = {
    "search": "pages or an interface, read page by page",
    "bulk": "files, landed as they are",
}


def page(source: Source) -> str:
    """One source as a page: what it is, how and how politely it is read, what to mind."""
    lines = [
        "<!-- Made from the registry entry by `make docs`; change spiders/" + source.name + "/source.yml instead. -->",
        f"# {source.name}",
        "",
        f"{source.title}. Publisher: {source.publisher}.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {label} | {value} |" for label, value in _facts(source) if value),
        "",
    ]
    if source.caveats:
        lines += ["**Mind:** " + source.caveats.strip(), ""]
    return "\n".join(lines)


def _facts(source: Source) -> list[tuple[str, str]]:
    polite = source.politeness
    budget = f"{polite.pages:,} pages, {polite.megabytes:,} MB, {polite.minutes:g} minutes a night"
    curated = not source.crawled
    return [
        ("Address", f"<{source.base_url}>"),
        ("Hosts", f"{len(source.hosts)}: " + ", ".join(sorted(source.hosts)) if len(source.hosts) > 1 else ""),
        ("Access", source.access),
        ("Usual door", "a curated table" if curated else f"`{source.door}`: {WAYS[source.door]}"),
        ("Further doors", ", ".join(f"`--door {door}`" for door in source.doors)),
        ("Key", f"`{source.key}`, where one is held" if source.key else ""),
        ("`--file` takes", source.files),
        ("Off", "until asked for by name" if source.on_demand else ""),
        ("Cadence of the publisher", source.cadence),
        ("Licence", source.licence),
        ("Credit", source.attribution),
        ("Grade of its evidence", source.grade),
        ("Trust", f"{source.trust} (1 first, where sources disagree on a name or a place)"),
        ("Robots", source.robots),
        ("Pause between requests", "" if curated else f"{polite.delay:g} s, longer where robots.txt asks for it"),
        ("Budget", "" if curated else budget),
        (
            "Fewest rows",
            f"{source.rows.min}; a fall of more than {source.rows.largest_fall:.0%} is reported as drifted",
        ),
        ("Release shows", "what has to do with clusters" if source.universe else "all of it"),
    ]


def index() -> str:
    """The list of all sources."""
    rows = [
        f"| [{name}]({name}.md) | {load(name).title} | {load(name).access} | {load(name).grade} |" for name in names()
    ]
    head = [
        "<!-- Made from the registry by `make docs`. -->",
        "# Sources",
        "",
        "| source | what it is | access | grade |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {"README.md": index(), **{f"{name}.md": page(load(name)) for name in names()}}


def write() -> None:
    DOCS.mkdir(parents=True, exist_ok=True)
    for old in DOCS.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
