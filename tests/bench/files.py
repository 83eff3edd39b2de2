"""Reads every real file beside the checkout and says what became of its rows: `python -m tests.bench.files` writes docs/files.md."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from transforms.landing import LandingFolder, Origin, UnreadableFile
from transforms.stage import stage

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
REPORT = ROOT / "docs" / "files.md"
MYSQL, WEB, SF, REGISTER = (
    "cordis_fp7_mysql/bia-",
    "cordis_fp7_web/FP7_",
    "structural_funds/",
    "eu_transparency_register/",
)
FILES = [
    ("cordis", "cordis_horizon_xml/cordis-HORIZONprojects-xml.clusters_start_2021-2023.2025-11-16.zip"),
    ("cordis", "cordis_horizon_xml/cordis-HORIZONprojects-xml.clusters_start_2021-2023.2025-12-06.zip"),
    ("cordis", "cordis_horizon_xml/organization.derived_from_xml.2025-12-06.csv.xz"),
    *(
        ("cordis", f"{MYSQL}{name}.sql.gz")
        for name in (
            "warehouse_project",
            "warehouse_assign_fact",
            "reconciled_database_organization",
            "reconciled_database_organization0",
            "reconciled_database_brief0",
        )
    ),
    *(
        ("cordis", f"{WEB}{name}")
        for name in (
            "Energy_water_to-2012.json",
            "Environment_water_to-2012.json",
            "Environment_water_to-2012.csv",
            "ICT_water_to-2012.csv",
            "ICT_water_to-2012.yaml",
            "ICT_URLs.csv",
        )
    ),
    ("eccp", "eccp/eccp_clusters_AL-HU_13_countries.csv"),
    ("keep", "interreg_keep/interregbarometern_rawdata.7programmes.json"),
    ("kohesio", "kohesio/kohesio-data-export.BG_HR_CZ_HU_LT_SI_etc.tsv.gz"),
    ("transparency_register", f"{REGISTER}network_entities.csv.gz"),
    ("transparency_register", f"{REGISTER}unregistered-companies.csv"),
    *(
        ("structural_funds", SF + name)
        for name in (
            "AT22_Steiermark-ERDF-2007-2013.csv",
            "BE3_Region_Wallone_all_funds_2014-2020.json",
            "CZ_ERDF_2014-2020.xlsx",
            "DE1_ERDF_BaWue_2007-2013.csv",
            "DE7_Hessen-ERDF-2007_2013.csv",
            "DEA_nrw_ERDF_NRW_2014-2020.json",
            "DED_FP_14-20_Verzeichnis_der_Beguenstigten_Stand_30-06-2016.csv",
            "DK_ERDF_Denmark_2014-2020.original.csv",
            "FI_projektilista-csv-final.original.csv",
            "FR_20160711_listeoperations_FEDER_FSE_14-20.xls",
            "SK_all_funds_Slovakia_2014-2020.json",
        )
    ),
]
# Reference lists and aggregates: they hold no record, and are refused in one sentence.
REFUSED = [
    ("cordis", "cordis_fp7_mysql/cordisref-FP7programmes.csv.gz"),
    ("cordis", "cordis_fp7_mysql/cordisref-countries.csv"),
    ("cordis", "cordis_fp7_mysql/cordisref-projectFundingSchemeCategory.csv"),
    ("keep", "interreg_keep/keep_eu_NUTS3_2014-2020_NOOFPROJECTS_3.js.gz"),
]


@dataclass
class Account:
    """What became of one file's finest records."""

    read: int = 0
    loaded: int = 0
    set_aside: int = 0
    seconds: float = 0.0
    refused: str = ""
    reasons: Counter[str] = field(default_factory=Counter)


def account(source: str, file: Path, folder: Path) -> Account:
    """Land and stage one file as `--file` does; raises what the stage raises where rows are lost."""
    started = time.monotonic()
    try:
        door = importlib.import_module(f"transforms.{source}").detect(file)
    except UnreadableFile as error:
        return Account(refused=str(error))
    landing = folder / "landing"
    (landing / "files").mkdir(parents=True)
    (landing / "files" / file.name).symlink_to(file)
    origin = Origin(source, f"file-{door}", "file", "2026-11-01T02:00:00Z")
    staged = stage(LandingFolder(landing, origin), folder / "staged")
    reasons = pl.read_parquet(folder / "staged" / "rejected.parquet")["reason"].to_list()
    # One sentence with figures of its own row in it stands for all of its kind.
    kinds = Counter(reason.partition(":")[0] for reason in reasons)
    return Account(staged.read, staged.loaded, staged.set_aside, round(time.monotonic() - started, 2), reasons=kinds)


def report() -> str:
    """The accounts of all files as a page."""
    lines = [
        "<!-- Made by `python -m tests.bench.files`, which reads the real files beside the checkout. -->",
        "# Real files",
        "",
        "Every row of the files at hand is loaded or set aside with its reason: read = loaded + set aside, where what is",
        "read is counted apart from the reading (tags, line ends outside quotes, brackets). One row is the finest record of",
        "its file: an organisation in a project, a project, a beneficiary, a membership.",
        "",
        "| source | file | read | loaded | set aside | why set aside | seconds |",
        "|---|---|---:|---:|---:|---|---:|",
    ]
    total = Account()
    for source, name in FILES:
        with tempfile.TemporaryDirectory() as folder:
            found = account(source, SHARED / name, Path(folder))
        why = "; ".join(f"{reason} ({times:,})" for reason, times in found.reasons.most_common())
        lines.append(
            f"| {source} | {Path(name).name} | {found.read:,} | {found.loaded:,} | {found.set_aside:,} | {why} | {found.seconds} |"
        )
        total.read, total.loaded = total.read + found.read, total.loaded + found.loaded
        total.set_aside += found.set_aside
    lines += [
        "",
        f"In all {total.read:,} read, {total.loaded:,} loaded, {total.set_aside:,} set aside.",
        "",
        "Refused, for they hold no records:",
        "",
    ]
    for source, name in REFUSED:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(f"- {source}: {account(source, SHARED / name, Path(folder)).refused}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    if not SHARED.is_dir():
        sys.exit("The real data are not beside the checkout (../shared/data): there is nothing to read.")
    REPORT.write_text(report(), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))
