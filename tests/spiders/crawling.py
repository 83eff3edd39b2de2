"""Crawls for tests: as a task in its own process, or with a registry entry changed for the occasion."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from spiders.crawl import Crawl, crawl
from spiders.landing import Harvest, Landing, read_pages
from spiders.sandbox.server import NIGHTS, playing

HERE = """
import json, os, sys
from dataclasses import replace
from pathlib import Path
from scrapy.crawler import CrawlerProcess
from spiders.crawl import Crawl, settings
from spiders.landing import Landing
from spiders.registry import load
import importlib

told = json.loads(sys.argv[1])
source = load(told["source"])
source = replace(source, start={**source.start, **told["start"]})
if told["pages"]:
    source = replace(source, politeness=replace(source.politeness, pages=told["pages"]))
landing = Landing(Path(told["folder"]), Path(told["previous"]) if told["previous"] else None)
if source.hosts:
    os.environ.update(http_proxy=told["url"], no_proxy="")
task = Crawl(source=source.name, base_url=told["url"], folder=told["folder"], previous=None, previous_rows=0, now=told["now"], user_agent="metaclusters/test (sandbox@localhost)")
made = settings(source, task)
if told["pages"]:  # eight at a time would have asked for everything before the budget is seen
    made.set("CONCURRENT_REQUESTS", 1, priority="cmdline")
process = CrawlerProcess(made)
crawler = process.create_crawler(importlib.import_module(f"spiders.{source.name}.spider").Portal)
process.crawl(crawler, source=source, base_url=told["url"], landing=landing, now=told["now"])
process.start()
landing.close()
print(json.dumps({"faults": crawler.spider.faults, "notes": crawler.spider.notes, "rows": landing.rows}))
"""


def crawl_here(
    portal: type, source: str, previous: Path | None, start: dict[str, Any], pages: int = 0
) -> tuple[list, Landing, list]:
    """(faults, landing, notes) of a crawl whose registry entry starts otherwise, or has another budget of pages."""
    folder = Path(tempfile.mkdtemp(prefix="metaclusters-test-"))
    with playing(source, 1) as twin:
        told = {
            "source": source,
            "start": start,
            "pages": pages,
            "folder": str(folder),
            "url": twin.url,
            "now": NIGHTS[1],
        }
        told["previous"] = str(previous) if previous else None
        command = [sys.executable, "-c", HERE, json.dumps(told)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    landing = Landing.__new__(Landing)
    landing.folder, landing.pages, landing.rows = folder, read_pages(folder), said["rows"]
    return said["faults"], landing, said["notes"]


def crawl_task(source: str, folder: Path, previous: Harvest | None = None, **task: Any) -> Harvest:
    """A crawl of a source's twin, as the harvest runs it."""
    with playing(source, 1) as twin:
        return crawl(
            Crawl(
                source=source,
                base_url=twin.url,
                folder=str(folder),
                previous=previous.folder if previous else None,
                previous_rows=previous.rows if previous else 0,
                now=NIGHTS[1],
                user_agent="metaclusters/test (sandbox@localhost)",
                **task,
            )
        )
