"""A crawl in a process of its own: settings, budgets, and the judgement whether it is whole.

Scrapy's reactor cannot be started twice in one process; a child also keeps a crash and its memory
away from the night's run.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from spiders.landing import Harvest, Landing, read_harvest
from spiders.registry import Floor, Source, load

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from spiders.portal import PortalSpider

FEW_GONE = 20  # one page in so many may be gone before a crawl is partial
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """What a child process is told. Times are ISO 8601 in UTC; folders are absolute."""

    source: str
    base_url: str
    folder: str
    previous: str | None
    previous_rows: int
    now: str
    user_agent: str
    delay: float | None = None
    probe: bool = False
    door: str | None = None  # another way in than the source's usual one
    subjects: str | None = None  # a file of what is to be looked up, for a source that is asked about others


def crawl(task: Crawl) -> Harvest:
    """Run one crawl in a child process; never raises: a crash is an outcome of its own."""
    source = load(task.source)
    folder = Path(task.folder)
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "spiders.crawl", json.dumps(asdict(task))]
    reason = "the crawl died without a word"
    # A key can stand in the addresses that Scrapy logs: the log is its owner's alone.
    with os.fdopen(os.open(folder / "crawl.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
        try:
            subprocess.run(command, stdout=log, stderr=log, check=False, timeout=source.politeness.minutes * 60 + 60)
        except subprocess.TimeoutExpired:
            reason = f"the crawl outran its budget of {source.politeness.minutes:g} minutes"
    try:
        return read_harvest(folder)
    except FileNotFoundError:
        harvest = Harvest(
            source=task.source,
            door=task.door or source.door,
            outcome="failed",
            reason=f"{reason}; see {folder / 'crawl.log'}",
            folder=str(folder),
            fetched_at=task.now,
            seconds=round(time.monotonic() - started, 2),
        )
        harvest.write()
        return harvest


def judge(
    faults: list[tuple[str, str]],
    rows: int,
    taken: int,
    announced: int,
    previous_rows: int,
    floor: Floor,
) -> tuple[str, str]:
    """(outcome, reason) of a crawl; anything but ok leaves the last good landing in force."""
    kinds = Counter(kind for kind, _ in faults)
    for kind in ("refused_by_robots", "opt_out", "login_required", "drifted"):
        if kinds[kind]:
            return kind, next(reason for found, reason in faults if found == kind)
    if missed := [reason for kind, reason in faults if kind in ("failed", "partial")]:
        return "partial" if rows else "failed", f"{len(missed)} pages missed, first: {missed[0]}"
    if taken < announced:
        return "partial", f"took {taken} of {announced} announced"
    fewest = max(floor.min, previous_rows * (1 - floor.largest_fall))
    if rows < fewest:
        return "drifted", f"{rows} rows; {previous_rows} last time, floor {fewest:g}"
    return "ok", f"{rows} rows"


def judged_probe(spider: PortalSpider, rows: int) -> tuple[str, str]:
    """(outcome, reason) of a look at one or two pages: the first fault, or whether anything was found at all."""
    if spider.faults:
        return spider.faults[0]
    if spider.closed_pages:
        return "login_required", "the page that was looked at asks for a log-in"
    return (
        ("ok", "shape as expected") if rows else ("drifted", "the pages answered, and nothing in them was recognised")
    )


def settings(source: Source, task: Crawl) -> Settings:
    """Scrapy's settings for one source: one connection a host and the source's delay, none against loopback."""
    from scrapy.settings import Settings

    local = task.base_url.startswith(LOOPBACK)
    delay = task.delay if task.delay is not None else 0.0 if local else source.politeness.delay
    made = Settings()
    made.setmodule("spiders.scrapy_settings", priority="project")
    made.update(
        {
            "USER_AGENT": task.user_agent,
            "AUTOTHROTTLE_START_DELAY": delay,
            "AUTOTHROTTLE_MAX_DELAY": max(60.0, delay),
            "DOWNLOAD_DELAY": delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if local else 1,
            "DOWNLOAD_MAXSIZE": source.politeness.answer * 2**20,
            "DOWNLOAD_TIMEOUT": source.politeness.timeout,
            "CLOSESPIDER_PAGECOUNT": source.politeness.pages,
            "CLOSESPIDER_TIMEOUT": int(source.politeness.minutes * 60),
        },
        priority="cmdline",
    )
    return made


def main(argument: str) -> None:
    """The child: crawl, judge, write `harvest.json`."""
    from scrapy.crawler import CrawlerProcess

    task = Crawl(**json.loads(argument))
    source = load(task.source)
    started = time.monotonic()
    landing = Landing(Path(task.folder), Path(task.previous) if task.previous else None)
    if source.hosts and task.base_url.startswith(LOOPBACK):
        os.environ.update(http_proxy=task.base_url, no_proxy="")  # the twin plays all hosts of the source
    spider_class = importlib.import_module(f"spiders.{source.name}.{task.door or 'spider'}").Portal
    process = CrawlerProcess(settings(source, task))
    crawler = process.create_crawler(spider_class)
    process.crawl(
        crawler,
        source=source,
        base_url=task.base_url,
        landing=landing,
        now=task.now,
        probe=task.probe,
        subjects=task.subjects,
    )
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    spider = cast("PortalSpider | None", crawler.spider)
    checksums = landing.close()
    if spider is None:
        raise RuntimeError(f"the spider of {source.name} did not start")
    outcome, reason = (
        judged_probe(spider, landing.rows)
        if task.probe
        else judge(
            spider.faults,
            landing.rows,
            len(landing.pages) + spider.closed_pages + min(spider.gone_pages, spider.announced // FEW_GONE),
            spider.announced,
            task.previous_rows,
            Floor(min=1, largest_fall=1.0) if source.landed_whole or task.door else source.rows,
        )
    )
    if spider.closed_pages and not landing.pages:
        outcome, reason = "login_required", "every page asked for a log-in"
    if (
        outcome == "ok"
        and not task.probe
        and landing.pages
        and landing.unchanged == len(landing.pages) == len(landing.known)
    ):
        outcome = "unchanged"
    prefix = "downloader/response_status_count/"
    Harvest(
        source=source.name,
        door=task.door or source.door,
        outcome=outcome,
        reason=reason,
        folder=task.folder,
        rows=landing.rows,
        pages=len(landing.pages),
        unchanged_pages=landing.unchanged,
        requests=int(stats.get("downloader/request_count", 0)),
        bytes=int(stats.get("downloader/response_bytes", 0)),
        seconds=round(time.monotonic() - started, 2),
        announced=spider.announced,
        fetched_at=task.now,
        closed_pages=spider.closed_pages,
        gone_pages=spider.gone_pages,
        statuses={key.removeprefix(prefix): n for key, n in stats.items() if key.startswith(prefix)},
        unknown_labels=dict(spider.unknown_labels),
        notes=spider.notes,
        checksums=checksums,
    ).write()


if __name__ == "__main__":
    logging.captureWarnings(True)
    main(sys.argv[1])
