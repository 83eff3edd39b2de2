"""`serve`: a Prefect server on loopback and a runner beside it that keep the schedule of prefect.yaml."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from flows.prefect_server import server
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

ROOT = Path(__file__).parent.parent
LOOK_EVERY = 10.0  # seconds between two looks for runs that are due


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """The deployments of prefect.yaml, for one profile's data."""
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    stated = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    made = []
    for deployment in stated:
        file, function = deployment["entrypoint"].rsplit(":", 1)
        parameters = {**deployment["parameters"], "profile": settings.profile, "data": str(settings.home)}
        schedules = [Cron(s["cron"], timezone=s["timezone"]) for s in deployment["schedules"]]
        made.append(
            RunnerDeployment.from_entrypoint(
                f"{ROOT / file}:{function}",
                name=deployment["name"],
                description=deployment["description"],
                parameters=parameters,
                schedules=schedules,
                concurrency_limit=deployment["concurrency_limit"],
            )
        )
    return made


def serve(settings: Settings) -> None:
    """Keep the schedule until stopped (Ctrl-C or SIGTERM)."""
    settings.user_agent()  # a live schedule without a contact address does not start
    try:
        asyncio.run(_serve(settings, lambda address: print(f"Schedule kept; Prefect answers on {address}", flush=True)))
    except KeyboardInterrupt:
        return


async def _serve(settings: Settings, ready: Callable[[str], Any]) -> None:
    with server(settings.prefect_home, scheduling=True) as wait_for_server:
        from prefect.runner import Runner

        await asyncio.to_thread(wait_for_server)

        class Stoppable(Runner):
            def handle_sigterm(self, *_: Any, **__: Any) -> None:
                os.kill(os.getpid(), signal.SIGINT)

        every = float(os.environ.get("METACLUSTERS_LOOK_EVERY", LOOK_EVERY))
        runner = Stoppable(name="metaclusters", query_seconds=every, limit=1, pause_on_shutdown=False)
        for deployment in deployments(settings):
            await runner.aadd_deployment(deployment)
        ready(os.environ["PREFECT_API_URL"])
        await runner.start()
