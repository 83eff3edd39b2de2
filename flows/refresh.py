"""The night: harvest → normalise → gate → scope → identify → model → gates → release, as a Prefect flow.

Each task calls one plain function; Prefect orders them, retries harvests and records the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from prefect import flow, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from flows import pipeline, settings
from flows.harvest import check, harvest, off, take_file
from flows.lock import only_one
from flows.problems import Problem
from flows.release import publish
from flows.report import record_run
from spiders.landing import Harvest
from spiders.registry import load, names

RETRIES = 2
PAUSE = {"live": 300.0, "sandbox": 0.2}  # seconds before a failed harvest is tried again


SIDE_BY_SIDE: Any = ThreadPoolTaskRunner(max_workers=4)


class TryAgain(Exception):
    """A harvest that failed and may go better in a while."""


@task(task_run_name="harvest {source}", retries=RETRIES, cache_policy=NO_CACHE, persist_result=False)
def harvest_source(conf: settings.Settings, source: str, base_url: str | None, door: str | None) -> Harvest:
    """Crawl one source; a failure is tried again, then it is an outcome like others."""
    result = harvest(conf, source, base_url, door)
    if result.outcome == "failed" and (runtime.task_run.run_count or 1) <= RETRIES:
        raise TryAgain(result.reason)
    return result


def as_task(stage: Callable[[pipeline.Night], None]) -> Any:
    """A stage as a task of its own name."""
    return task(task_run_name=stage.__name__, cache_policy=NO_CACHE, persist_result=False)(stage)


# In this order; each reads what the one before wrote, and is tested without Prefect.
STAGES = tuple(
    as_task(stage)
    for stage in (
        pipeline.normalise,
        pipeline.fill,
        pipeline.gate_landing,
        pipeline.scope,
        pipeline.recognise,
        pipeline.classify,
        pipeline.gate_warehouse,
        publish,
    )
)


@flow(name="refresh", task_runner=SIDE_BY_SIDE, persist_result=False, validate_parameters=False)
def refresh(
    profile: str | None = None,
    data: str | None = None,
    night: int = 1,
    source: str | None = None,
    file: str | None = None,
    faults: dict[str, str] | None = None,
    door: str | None = None,
) -> dict[str, Any]:
    """Run one night; returns the report of the run, and raises Problem where nothing could be published."""
    conf = settings.read(profile, Path(data) if data else None, night)
    check(source, Path(file) if file else None, door)
    conf.user_agent()  # before anything runs: a live refresh without a contact address does not start
    preload()
    with only_one(conf), pipeline.building(conf) as tonight:
        try:
            if source and file:
                tonight.harvests = [take_file(conf, source, Path(file))]
            else:
                tonight.harvests = _harvest(conf, source, door, faults)
            preload().join()
            for stage in STAGES:
                stage(tonight)
        except Exception as error:  # a night that breaks off is recorded as well, whatever broke it
            problem = error if isinstance(error, Problem) else broken_off(error)
            pipeline.put_back(tonight)
            _artifact(record_run(tonight, problem))
            raise problem from error
        report = record_run(tonight, None)
        _artifact(report)
        return report


def broken_off(error: Exception) -> Problem:
    """A defect of ours, in one sentence; the traceback stays in Prefect's log of the run."""
    first_line = (str(error).strip() or "no reason given").splitlines()[0]
    return Problem(f"Nothing was published: the refresh broke off ({type(error).__name__}: {first_line}).")


def _harvest(
    conf: settings.Settings, source: str | None, door: str | None, faults: dict[str, str] | None
) -> list[Harvest]:
    """One source, or all that are on, side by side; against the twins in the sandbox."""
    on = [name for name in settings.chosen(list(names())) if not load(name).on_demand]
    wanted = [source] if source else on
    left_out = [] if source else [off(conf, name) for name in names() if name not in on]
    with ExitStack() as stack:
        addresses: dict[str, str] = {}
        if conf.profile == "sandbox":
            from spiders.sandbox.server import sandbox

            crawled = [name for name in wanted if load(name).crawled]
            addresses = stack.enter_context(sandbox(crawled, conf.night, faults))
        tries = harvest_source.with_options(retry_delay_seconds=PAUSE[conf.profile])
        futures = [tries.submit(conf, name, addresses.get(name), door) for name in wanted]
        wait(futures)
        return [*(future.result() for future in futures), *left_out]


@cache
def preload() -> Thread:
    """Great Expectations and dbt take seconds to import: begin, once, while the server starts and crawls run.

    One thread imports both, and is joined before they are used: imports that cross can fail by chance.
    """

    def heavy() -> None:
        for module in ("dbt.cli.main", "expectations.validate"):
            import_module(module)

    thread = Thread(target=heavy, daemon=True)
    thread.start()
    return thread


def _artifact(report: dict[str, Any]) -> None:
    """The run's table of sources, kept by Prefect beside the run."""
    keys = ("source", "door", "outcome", "reason", "read", "loaded", "set_aside")
    table = [{key: row.get(key) for key in keys} for row in report["sources"]]
    create_table_artifact(key="sources", table=json.loads(json.dumps(table)), description=report["sentence"])
