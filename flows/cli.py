"""The command line. Heavy imports stay inside the commands that need them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.problems import Problem

app = typer.Typer(
    name="metaclusters",
    help="Europe's networks of clusters: harvested each night, classified with evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Profile = Annotated[str | None, typer.Option(help="sandbox (default) or live; or METACLUSTERS_PROFILE.")]
Data = Annotated[Path | None, typer.Option(help="Where data lie (default ./data); or METACLUSTERS_DATA.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def _settings(profile: str | None, data: Path | None, night: int = 1):  # type: ignore[no-untyped-def]
    from flows import settings

    return settings.read(profile, data, night)


@app.command(epilog="Example: metaclusters refresh --night 2")
def refresh(
    profile: Profile = None,
    data: Data = None,
    night: Annotated[int, typer.Option(help="The sandbox's night, 1 or 2.")] = 1,
    source: Annotated[str | None, typer.Option(help="Read this source alone.")] = None,
    file: Annotated[Path | None, typer.Option(help="A downloaded file of --source.")] = None,
    door: Annotated[
        str | None, typer.Option(help="Another way into --source, for instance cordis: bulk or det.")
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="Sandbox only: SOURCE=FAULT, for instance eccp=empty.")
    ] = None,
    facts: Annotated[Path | None, typer.Option(help="Sandbox only: a folder of other facts for the twins.")] = None,
    as_json: Json = False,
) -> None:
    """Harvest, build, check and publish one night."""
    from flows.run import run
    from flows.terminal import print_failure, print_report

    if (file or door) and not source:
        raise Problem("`--file` and `--door` need `--source`, the source that they are of.", code=2)
    conf = _settings(profile, data, night)
    _serve_facts(facts)
    try:
        report = run(conf, source, file, _faults(fault), quiet=as_json, door=door)
    except Problem as problem:
        if as_json:
            print_failure(conf, problem)
        raise
    print_report(report, as_json)
    raise typer.Exit(report["exit_status"])


def _faults(asked: list[str] | None) -> dict[str, str]:
    from spiders.sandbox.server import FAULTS

    faults = dict(item.partition("=")[::2] for item in asked or [])
    if wrong := [fault for fault in faults.values() if fault not in FAULTS]:
        raise Problem(f"There is no fault '{wrong[0]}'; take one of {', '.join(FAULTS)}.", code=2)
    return faults


def _serve_facts(folder: Path | None) -> None:
    """Let the twins serve another set of facts, in this process and its children."""
    import os

    from spiders.sandbox.facts import BadFacts, check

    if folder is None:
        return
    try:
        check(folder)
    except BadFacts as error:
        raise Problem(str(error), code=2) from None
    os.environ["METACLUSTERS_FACTS"] = str(folder.resolve())


@app.command(epilog="Example: metaclusters status")
def status(profile: Profile = None, data: Data = None, as_json: Json = False) -> None:
    """Say which release is in force, how the last run went and which sources are stale."""
    from flows.terminal import print_status

    print_status(_settings(profile, data), as_json)


@app.command(epilog="Example: metaclusters sources --check")
def sources(
    profile: Profile = None,
    data: Data = None,
    check: Annotated[
        bool, typer.Option("--check", help="Look at each portal: one or two pages, nothing is kept.")
    ] = False,
    live: Annotated[bool, typer.Option("--live", help="With --check: the real portals, not their twins.")] = False,
    source: Annotated[str | None, typer.Option(help="With --check: this source alone.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="With --check: SOURCE=FAULT of the twins.")] = None,
    as_json: Json = False,
) -> None:
    """List the sources of the release in force, with outcome, rows and terms; or look at the portals."""
    if (live or source or fault) and not check:
        raise Problem("`--live`, `--source` and `--fault` go with `sources --check`.", code=2)
    if check:
        from flows.check import print_checks

        raise typer.Exit(print_checks(_settings("live" if live else profile, data), source, _faults(fault), as_json))
    from flows.terminal import print_sources

    print_sources(_settings(profile, data), as_json)


@app.command(epilog="Example: metaclusters explain EDCA")
def explain(
    name: Annotated[str, typer.Argument(help="An ID, an acronym or an approximate name.")],
    profile: Profile = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a network's facets, each with its grade, rule and deciding evidence, and what speaks against it."""
    from flows.explain import print_explanation

    raise typer.Exit(print_explanation(_settings(profile, data), name, as_json))


@app.command(epilog='Example: metaclusters query "select name, kind from network limit 5"')
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT over the tables of the release.")],
    profile: Profile = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Ask the release in force in SQL."""
    from flows.terminal import print_query

    print_query(_settings(profile, data), sql, as_json)


@app.command(epilog="Example: metaclusters export --to snapshot")
def export(
    to: Annotated[Path, typer.Option(help="A folder that does not exist yet.")],
    profile: Profile = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy the release in force, whole, to a folder: DuckDB file, CSV, Parquet and their description."""
    from flows.terminal import print_export

    print_export(_settings(profile, data), to, as_json)


@app.command(epilog="Example: metaclusters match partners.csv -o matched.csv")
def match(
    file: Annotated[Path, typer.Argument(metavar="IN", help="CSV with record_id, name and what else is known.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV: record_id, entity_id, matched_name, probability.")],
    profile: Profile = None,
    data: Data = None,
) -> None:
    """Find the double rows of your own list of organisations, and link it to the release."""
    from flows.match import match_list

    raise typer.Exit(match_list(_settings(profile, data), file, out))


@app.command(epilog="Example: metaclusters classify mine.csv -o classified.csv")
def classify(
    file: Annotated[Path, typer.Argument(metavar="IN", help="CSV or JSON Lines with id, name and what else is known.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV: id, and value, grade and evidence of each facet.")],
) -> None:
    """Classify your own list of networks by the rules of the code book, with the deciding sentence of each value."""
    from flows.classify import classify as classify_list

    raise typer.Exit(classify_list(file, out))


@app.command(epilog="Example: metaclusters review --limit 5")
def review(
    limit: Annotated[int, typer.Option(help="How many to print.", min=1)] = 20,
    profile: Profile = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what a person may want to decide: facet values that are doubtful, and pairs that may be one."""
    from flows.review import print_review

    raise typer.Exit(print_review(_settings(profile, data), limit, as_json))


@app.command(
    epilog="Examples: metaclusters override different O1A2B3C4D5 O6F7A8B9C0 --why 'two departments'; "
    "metaclusters override set EDCA integration_level 3 --why 'catalogue of services since 2020' --by R7"
)
def override(
    decision: Annotated[str, typer.Argument(help="same, different, back (two records); set, unset (a facet).")],
    left: Annotated[str, typer.Argument(metavar="A", help="An ID, also a retired one, or source:id; or a network.")],
    right: Annotated[str, typer.Argument(metavar="B", help="The other one; or the facet.")],
    value: Annotated[str | None, typer.Argument(help="With set: the code, several by |, or unknown.")] = None,
    why: Annotated[str, typer.Option(help="The reason, for those who ask later.")] = "",
    by: Annotated[str, typer.Option(help="Who decides: a code, not a name.")] = "",
    profile: Profile = None,
    data: Data = None,
) -> None:
    """Decide that two records are the same or different, or what value a facet has; each refresh replays it."""
    conf = _settings(profile, data)
    if any(letter.isspace() for letter in by.strip()):
        raise Problem(f"--by takes a code, not a name: '{by}' has a blank; take one such as C1.", code=2)
    if decision in ("same", "different", "back") and value is None:
        from flows.override import decide

        pairs, file = decide(conf, decision, left, right, why, by)
        typer.echo(
            f"{pairs:,} pair{'s' if pairs != 1 else ''} of records: {decision}; "
            f"written to {file}, it holds from the next `metaclusters refresh`."
        )
    elif (decision == "unset" and value is None) or (decision == "set" and value is not None):
        from flows import facet_decisions

        file = facet_decisions.decide(conf, left, right, value, why, by)
        said = f"{right} of {left} is {value}" if value else f"nothing is decided of {right} of {left} any more"
        typer.echo(f"{said}; written to {file}, it holds from the next `metaclusters refresh`.")
    else:
        raise Problem(
            f"'{decision}' is no decision that fits; say same, different or back with two records, "
            "set NETWORK FACET VALUE, or unset NETWORK FACET.",
            code=2,
        )


@app.command(epilog="Example: metaclusters agreement codes.csv")
def agreement(
    file: Annotated[Path, typer.Argument(metavar="CODES", help="CSV: unit_id, facet, coder, code.")],
    as_json: Json = False,
) -> None:
    """Say how well two or more coders agree: per cent, Krippendorff's alpha with its interval, AC1, confusion table."""
    from flows.agreement import print_agreement

    raise typer.Exit(print_agreement(file, as_json))


@app.command(epilog="Example: metaclusters releases")
def releases(profile: Profile = None, data: Data = None, as_json: Json = False) -> None:
    """List the releases that are kept."""
    from flows.terminal import print_releases

    print_releases(_settings(profile, data), as_json)


@app.command(epilog="Example: metaclusters rollback 2026-11-02T020500Z")
def rollback(
    release: Annotated[str, typer.Argument(help="A release that `metaclusters releases` lists.")],
    profile: Profile = None,
    data: Data = None,
) -> None:
    """Put an earlier release in force again; the next refresh publishes anew."""
    from flows.lock import only_one
    from flows.shelf import releases as kept
    from flows.shelf import switch

    conf = _settings(profile, data)
    if release not in kept(conf):
        raise Problem(f"There is no release {release}; `metaclusters releases` lists them.", code=2)
    with only_one(conf):
        switch(conf, release)
    typer.echo(f"Release {release} is in force.")


@app.command(epilog="Example: metaclusters serve --profile live")
def serve(profile: Profile = None, data: Data = None) -> None:
    """Keep the nightly schedule of prefect.yaml on this machine until stopped."""
    from flows.serve import serve as keep_schedule

    keep_schedule(_settings(profile, data))


@app.command(epilog="Example: metaclusters sandbox --night 2")
def sandbox(
    night: Annotated[int, typer.Option(help="The sample night, 1 or 2.")] = 1,
    fault: Annotated[list[str] | None, typer.Option(help="SOURCE=FAULT, for instance eccp=robots_5xx.")] = None,
    facts: Annotated[
        Path | None, typer.Option(help="Serve the facts of this folder, in the columns of the own tables.")
    ] = None,
    generate: Annotated[
        int | None, typer.Option(help="Serve so many invented networks with members, for load.")
    ] = None,
) -> None:
    """Play the portals' twins on loopback until stopped, for a look with a browser."""
    import time

    from spiders.registry import load, names
    from spiders.sandbox.server import sandbox as play

    if night not in (1, 2):
        raise Problem("The sandbox has nights 1 and 2.", code=2)
    if generate is not None:
        facts = _generated(generate, facts)
    _serve_facts(facts)
    crawled = [name for name in names() if load(name).crawled]
    with play(crawled, night, _faults(fault)) as addresses:
        for source, address in addresses.items():
            hosts = " (a proxy for its hosts)" if load(source).hosts else ""
            typer.echo(f"{source:22} {address}{hosts}", err=False)
        sys.stdout.flush()
        typer.echo("Ctrl-C stops.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


def _generated(networks: int, folder: Path | None) -> Path:
    """A folder of invented facts: the one that was named, which must be new or empty, or one of its own."""
    import tempfile

    from spiders.sandbox.generate import generate

    if networks < 1:
        raise Problem("Generate at least one network.", code=2)
    if folder and folder.exists() and any(folder.iterdir()):
        raise Problem(f"{folder} is not empty; name a new folder for the generated facts.", code=2)
    target = folder or Path(tempfile.mkdtemp(prefix="metaclusters-facts-"))
    generate(networks, target)
    typer.echo(f"{networks:,} networks in {target}; `metaclusters refresh --facts {target}` refreshes from them.")
    return target


def main() -> Any:
    """Run the command line; problems go to stderr in one sentence."""
    try:
        app()
    except Problem as problem:
        print(f"metaclusters: {problem}", file=sys.stderr)
        sys.exit(problem.code)


if __name__ == "__main__":
    main()
