"""How well records of one organisation are recognised: `python -m tests.bench.identity` writes docs/identity-report.md.

Needs the real data and their tools beside the checkout.  Weights are fitted on other organisations than
those scored (five folds), but for rows that say `as shipped`.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from transforms.identity import train
from transforms.identity.blocking import block
from transforms.identity.clusters import cluster
from transforms.identity.matcher import Matched, match
from transforms.identity.score import JOIN
from transforms.identity.spelling import spelled
from transforms.legal_forms import name_key
from transforms.names import folded
from transforms.places import country

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
DATA = SHARED / "data"
REPORT = ROOT / "docs" / "identity-report.md"
LABELLED = Path(__file__).parent / "eccp_pairs.csv"
TASKS = ("fp7", "spellings", "participations")
RUN = """
import json, re, sys, time
from pathlib import Path
from flows.match import match_list
from flows.settings import read
started = time.monotonic()
match_list(read("sandbox", Path(sys.argv[3])), Path(sys.argv[1]), Path(sys.argv[2]))
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"seconds": round(time.monotonic() - started, 2), "megabytes": round(peak)}))
"""
JOIN_BY_NAME = """
import json, sys, time
import polars as pl
from transforms.legal_forms import name_key
started = time.monotonic()
rows = pl.read_csv(sys.argv[1], infer_schema=False)
words = name_key(pl.col("name")).str.split(" ").list.sort().list.join(" ")
rows = rows.with_columns(entity_id=pl.concat_str(words, pl.col("country").fill_null(""), separator="|"))
rows.select("record_id", "entity_id").write_csv(sys.argv[2])
print(json.dumps({"seconds": round(time.monotonic() - started, 2)}))
"""


@cache
def tools() -> Any:
    """The scorer that lies beside the data."""
    spec = importlib.util.spec_from_file_location("score_pairs", SHARED / "tools" / "score_pairs.py")
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@contextmanager
def lists() -> Iterator[Path]:
    """A folder with the test sets: fp7, spellings, participations."""
    with tempfile.TemporaryDirectory(prefix="metaclusters-identity-") as folder:
        for task in TASKS:
            command = [sys.executable, str(SHARED / "tools" / "make_pairs.py"), task, f"{folder}/{task}"]
            subprocess.run([*command, "--root", str(SHARED.parent)], check=True, capture_output=True)
        yield Path(folder)


def development() -> pl.DataFrame:
    """The list of two registers that weights are fitted on."""
    with lists() as folder:
        return train.read(folder / "fp7" / "in.csv")


def score(entities: dict[str, str], truth: Path) -> dict[str, float]:
    """Precision, recall and F1 of all pairs and of those whose names differ."""
    told = tools().read(str(truth), "record_id", "truth_id")
    found = {record: {"entity_id": entity} for record, entity in entities.items()}
    every, hard = tools().score(found, told), tools().score(found, told, ("name_key",))
    return {
        "precision": every["precision"],
        "recall": every["recall"],
        "f1": every["f1"],
        "false": every["predicted_pairs"] - every["correct_pairs"],
        "hard_precision": hard["precision"],
        "hard_recall": hard["recall"],
        "hard_f1": hard["f1"],
    }


def entities(units: pl.DataFrame, pairs: pl.DataFrame, log_odds: Any) -> dict[str, str]:
    """record -> entity, by the clusters of scored pairs."""
    left, right = (pairs[side].cast(pl.Int64).to_numpy() for side in ("l", "r"))
    group = cluster(len(units), left, right, log_odds.astype(np.float64) - JOIN)
    rows = units.select("records", entity=pl.Series(group)).explode("records")
    return {record: str(entity) for record, entity in rows.iter_rows()}


def written(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["record_id"]: row["entity_id"] for row in csv.DictReader(file)}


# Yardsticks ---------------------------------------------------------------------------------------
def out_of_fold(folder: Path) -> list[tuple[str, dict[str, float]]]:
    """fp7 and spellings, with their sources and without, by models that saw neither organisation of a pair."""
    sets = []
    for task in ("fp7", "spellings"):
        records, truth = train.read(folder / task / "in.csv"), train.read(folder / task / "truth_clean.csv")
        sets.append(train.labelled(task, records, truth))
        sets.append(train.labelled(f"{task}, no source", train.without_source(records), truth))
    rows = []
    alone = train.across_folds(sets, rivals=False)[0]
    found = entities(sets[0].units, sets[0].pairs, alone)
    truth_clean = folder / "fp7" / "truth_clean.csv"
    rows.append(("fp7, comparisons without rivals", {**score(found, truth_clean), "pairs": len(sets[0].pairs)}))
    for one, log_odds in zip(sets, train.across_folds(sets), strict=True):
        found = entities(one.units, one.pairs, log_odds)
        for truth in ("truth_clean", "truth"):
            row = score(found, folder / one.name.split(",")[0] / f"{truth}.csv")
            rows.append((f"{one.name} ({truth})", {**row, "pairs": len(one.pairs)}))
    return rows


def baselines(folder: Path) -> list[tuple[str, dict[str, float]]]:
    """What plain keys do on fp7, and Splink 5 as its tutorial would have it."""
    truth = folder / "fp7" / "truth_clean.csv"
    rows = train.read(folder / "fp7" / "in.csv").with_columns(pl.col("country").fill_null(""))
    sorted_words = name_key(pl.col("name")).str.split(" ").list.sort().list.join(" ")
    found = []
    for name, key in (
        ("exact name and country", folded(pl.col("name"))),
        ("words without legal form and country", sorted_words),
    ):
        keyed = rows.select("record_id", pl.concat_str(key, "country", separator="|"))
        found.append((name, score(dict(keyed.iter_rows()), truth)))
    found.append(("Splink 5 (name, country, place), trained by EM", score(by_splink(rows, sorted_words), truth)))
    return found


def by_splink(rows: pl.DataFrame, words: pl.Expr) -> dict[str, str]:
    """record -> cluster by a plain Splink model at probability 0.5."""
    import logging

    import duckdb
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    empty = [
        pl.when(pl.col(column) != "").then(column).alias(column) for column in ("country", "city", "street", "postcode")
    ]
    table = rows.with_columns(*empty).select(
        "country", "street", "postcode", city=folded(pl.col("city")), name_key=words, first=words.str.head(8),
        unique_id="record_id",
    ).to_arrow()  # fmt: skip
    connection = duckdb.connect()
    connection.register("rows", table)
    connection.execute("create table organisation as from rows")
    api = DuckDBAPI(connection=connection)
    rules = [block_on("name_key"), block_on("country", "postcode"), block_on("country", "first")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name_key", [0.96, 0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("country"),
            cl.CustomComparison(
                output_column_name="place",  # street, postcode and city are one fact
                comparison_levels=[
                    cll.CustomLevel("city_l is null or city_r is null", "missing").configure(is_null_level=True),
                    cll.CustomLevel("street_l = street_r and city_l = city_r", "street"),
                    cll.CustomLevel("postcode_l = postcode_r", "postcode"),
                    cll.CustomLevel("city_l = city_r", "city"),
                    cll.ElseLevel(),
                ],
            ),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(api.register("organisation"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("name_key", "country")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name_key"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("country", "postcode"))
    predicted = linker.inference.predict(threshold_match_probability=0.05).as_duckdbpyrelation().pl()
    # Grouped as ours are: by connected components one doubtful pair joins two groups.
    number = {record: at for at, record in enumerate(rows["record_id"])}
    left, right = (predicted[f"unique_id_{side}"].replace_strict(number).to_numpy() for side in ("l", "r"))
    group = cluster(len(rows), left, right, predicted["match_weight"].to_numpy() * np.log(2))
    return dict(zip(rows["record_id"], map(str, group), strict=True))


def as_shipped(folder: Path, task: str) -> dict[str, float]:
    """What the command makes of a list, in a process of its own: seconds and megabytes by its own count."""
    path, out = folder / task / "in.csv", folder / "out.csv"
    ours = _told([sys.executable, "-c", RUN, str(path), str(out), str(folder)])
    return {**score(written(out), folder / task / "truth_clean.csv"), **ours}


def whole_processes(folder: Path) -> dict[str, float]:
    """Seconds of the command on the participations and of a join by normalised name, start to end."""
    path, out = folder / "participations" / "in.csv", folder / "out.csv"
    seconds = {}
    for name, program, arguments in (("join", JOIN_BY_NAME, [path, out]), ("ours", RUN, [path, out, folder])):
        started = time.monotonic()
        _told([sys.executable, "-c", program, *map(str, arguments)])
        seconds[name] = round(time.monotonic() - started, 2)
    return seconds


def _told(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def clusters_elsewhere() -> list[dict[str, Any]]:
    """Labelled pairs of ECCP clusters with CORDIS and Kohesio bodies, and what was found of each."""
    with LABELLED.open(encoding="utf-8") as file:
        wanted = list(csv.DictReader(file))
    found = match(elsewhere())
    names = found.units.select("unit", "source", "label")
    pairs = found.pairs.select("l", "r").with_columns(log_odds=pl.Series(found.log_odds))
    pairs = pairs.join(names, left_on="l", right_on="unit").join(names, left_on="r", right_on="unit", suffix="_r")
    best: dict[frozenset[str], float] = {}
    for one, other, log_odds in pairs.select("label", "label_r", "log_odds").iter_rows():
        key = frozenset((one, other))
        best[key] = max(best.get(key, -99.0), log_odds)
    for row in wanted:
        row["log_odds"] = best.get(frozenset((row["eccp_name"], row["other_name"])), -99.0)
    return wanted


def elsewhere() -> pl.DataFrame:
    """ECCP clusters, Kohesio beneficiaries and CORDIS organisations as one list."""
    (eccp,) = (DATA / "eccp").glob("*.csv")
    (kohesio,) = (DATA / "kohesio").glob("*.tsv.gz")
    clusters = pl.read_csv(eccp, infer_schema=False).select(
        "name", "city", source=pl.lit("eccp"), country=country(pl.col("country"))
    )
    with gzip.open(kohesio) as file:
        bodies = pl.read_csv(file.read(), separator="\t", quote_char=None, infer_schema=False)
    bodies = bodies.select(name="Beneficiary Name", source=pl.lit("kohesio"), country=country(pl.col("Country")))
    with lists() as folder:
        cordis = train.read(folder / "spellings" / "in.csv").drop("record_id").with_columns(source=pl.lit("cordis"))
    whole = pl.concat([clusters, bodies, cordis], how="diagonal")
    return whole.with_columns(record=pl.int_range(pl.len()).cast(pl.String))


def opensanctions() -> dict[str, float]:
    """Labelled pairs of names without any place: a pair is joined where its log-odds say so."""
    rows = pl.read_csv(DATA / "er_benchmarks" / "opensanctions_name_bench_cases.csv", infer_schema=False)
    rows = rows.filter(pl.col("schema").is_in(["Company", "Organization", "LegalEntity"])).with_row_index("n")
    sides = [rows.select(record=pl.format("{}-" + side, "n"), name=f"name{side}") for side in ("1", "2")]
    joined = {frozenset(pair) for pair in _joined(match(pl.concat(sides)))}
    hit = [frozenset((f"{n}-1", f"{n}-2")) in joined for n in rows["n"]]
    return _rates(hit, (rows["is_match"] == "true").to_list())


def _joined(found: Matched) -> Iterator[tuple[str, str]]:
    """Pairs of records that are joined, those that are the same in all fields among them."""
    records = found.units["records"].to_list()
    for first, *others in records:
        yield from ((first, other) for other in others)
    for left, right, log_odds in zip(found.pairs["l"], found.pairs["r"], found.log_odds, strict=True):
        if log_odds > JOIN:
            yield from ((one, other) for one in records[left] for other in records[right])


def _rates(hit: list[bool], true: list[bool]) -> dict[str, float]:
    both = sum(h and t for h, t in zip(hit, true, strict=True))
    precision, recall = both / max(sum(hit), 1), both / max(sum(true), 1)
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {"pairs": len(hit), "true": sum(true), "precision": precision, "recall": recall, "f1": f1}


def affiliations() -> dict[str, float]:
    """Affiliation strings of one ROR number as one organisation: pairs within the list."""
    with gzip.open(DATA / "er_benchmarks" / "ror_crossref_affiliations_train.csv.gz") as file:
        rows = pl.read_csv(file.read(), infer_schema=False, encoding="utf8-lossy")
    rows = rows.rename({rows.columns[0]: "name"}).with_row_index("n").with_columns(record=pl.col("n").cast(pl.String))
    found = match(rows.select("record", "name"))
    of = entities(found.units, found.pairs, found.log_odds)
    told = {record: {"truth_id": ror} for record, ror in rows.select("record", "ror_id").iter_rows()}
    row = tools().score({record: {"entity_id": entity} for record, entity in of.items()}, told)
    return {
        "pairs": len(found.pairs),
        "true": row["true_pairs"],
        "precision": row["precision"],
        "recall": row["recall"],
        "f1": row["f1"],
    }


def blocking(folder: Path) -> list[tuple[str, int, float]]:
    """Pairs that blocking finds and the share of the true ones among them."""
    rows = []
    for task in ("fp7", "spellings"):
        units = spelled(train.read(folder / task / "in.csv").rename({"record_id": "record"}))
        pairs = block(units).pairs
        truth = train.read(folder / task / "truth_clean.csv").filter(pl.col("truth_id").fill_null("") != "")
        told = units.select("unit", record_id=pl.col("records").list.first()).join(truth, on="record_id")
        true = told.join(told, on="truth_id", suffix="_r").filter(pl.col("unit") < pl.col("unit_r"))
        kept = true.join(pairs, left_on=["unit", "unit_r"], right_on=["l", "r"], how="semi")
        rows.append((task, len(pairs), len(kept) / len(true)))
    return rows


# Report -------------------------------------------------------------------------------------------
def report() -> str:
    with lists() as folder:
        scored = [*baselines(folder), *out_of_fold(folder)]
        shipped = [(task, as_shipped(folder, task)) for task in TASKS]
        seconds = whole_processes(folder)
        blocks = blocking(folder)
    labelled = clusters_elsewhere()
    hit = [row["log_odds"] > JOIN for row in labelled]
    ours = _rates(hit, [row["label"] == "same" for row in labelled])
    lines = [
        "# How well organisations are recognised",
        "",
        "Made by `python -m tests.bench.identity`; see [identity.md](identity.md) for the method and a reading of the errors.",
        "Scored on truth without PICs that share name and country or VAT with another (truth_clean) unless said.",
        "",
        "## Two registers seven years apart, and spellings within one",
        "",
        "| | pairs compared | precision | recall | F1 | false joins | names differ: precision | recall | F1 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(_row(name, row) for name, row in scored),
        "",
        "## Blocking",
        "",
        "| list | pairs | true pairs among them |",
        "|---|---:|---:|",
        *(f"| {task} | {pairs:,} | {share:.3f} |" for task, pairs, share in blocks),
        "",
        "## As shipped",
        "",
        "The weights were fitted on fp7 and on these spellings: figures of size and speed, not of quality.",
        "",
        "| list | precision | recall | F1 | false joins | seconds | megabytes |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {task} | {row['precision']:.4f} | {row['recall']:.4f} | {row['f1']:.4f} | {row['false']:,.0f} | {row['seconds']:.1f} | {row['megabytes']:.0f} |"
            for task, row in shipped
        ),
        "",
        f"On the 115,851 participations the whole process takes {seconds['ours']:.1f} s, one that joins by normalised name "
        f"{seconds['join']:.1f} s: {seconds['ours'] / seconds['join']:.1f} times.",
        "",
        "## Clusters of the ECCP in CORDIS and Kohesio",
        "",
        f"{len(labelled)} labelled pairs, {ours['true']} of them the same (tests/bench/eccp_pairs.csv): precision "
        f"{ours['precision']:.2f}, recall {ours['recall']:.2f}. Not as labelled:",
        "",
        *(
            f"- {row['eccp_name']} ({row['country']}) / {row['other_name']} ({row['other_source']}): {row['label']}, "
            + ("not compared" if row["log_odds"] < -90 else f"log-odds {row['log_odds']:+.1f}")
            for row, joined in zip(labelled, hit, strict=True)
            if joined != (row["label"] == "same")
        ),
        "",
        "## Other people's tests, as they come",
        "",
        "| | pairs | true | precision | recall | F1 |",
        "|---|---:|---:|---:|---:|---:|",
        _rate("OpenSanctions pairs of names, no place given", opensanctions()),
        _rate("ROR affiliation strings (train half), no place given", affiliations()),
        "",
    ]
    return "\n".join(lines)


def _row(name: str, row: dict[str, float]) -> str:
    pairs = f"{row['pairs']:,.0f}" if "pairs" in row else ""
    cells = [f"{row[key]:.4f}" for key in ("precision", "recall", "f1")]
    hard = [f"{row[f'hard_{key}']:.3f}" for key in ("precision", "recall", "f1")]
    return f"| {name} | {pairs} | {' | '.join(cells)} | {row['false']:,.0f} | {' | '.join(hard)} |"


def _rate(name: str, row: dict[str, float]) -> str:
    return f"| {name} | {row['pairs']:,.0f} | {row['true']:,.0f} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"


if __name__ == "__main__":
    REPORT.write_text(report(), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))
