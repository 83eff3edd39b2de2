"""A Prefect server of our own on loopback, and an environment in which nothing leaves the machine.

Prefect freezes its settings when it is imported: set the environment first.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.problems import Problem

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
PATIENCE = 120.0  # seconds that a server may take to answer for the first time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, port: int) -> dict[str, str]:
    """Prefect's settings: its own home, loopback only, every kind of telemetry off."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "ERROR",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
        "NO_PROXY": ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1,localhost"))),
    }


@contextmanager
def server(home: Path, *, scheduling: bool = False) -> Iterator[Callable[[], None]]:
    """Run a server while the block runs and point this process at it; yields a function that waits for it.

    `scheduling` turns the services on that start runs by the clock; a single run does not need them.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    os.environ.update(environment(home, port))
    mode = "PREFECT__SERVER_FINAL" if scheduling else "PREFECT__SERVER_EPHEMERAL"
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"),
                *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on"),
            ],
            env={**os.environ, mode: "1"},
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C goes to the run first, not to its server
            preexec_fn=_die_with_parent,
        )
    try:
        yield lambda: _wait(process, f"http://127.0.0.1:{port}/api/health", home / "server.log")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    """On Linux, a server whose run was killed ends too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with opener.open(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise Problem(f"The local Prefect server did not start; {log} says why.")
