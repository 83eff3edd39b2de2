"""The night runs by itself: a local Prefect server, the deployment of prefect.yaml, a run and its table of sources."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT

TRIGGER = """
import json, time
from prefect.artifacts import Artifact
from prefect.client.orchestration import get_client
from prefect.deployments import run_deployment

run = run_deployment("refresh/nightly", timeout=200, poll_interval=1)
artifact = Artifact.get("sources")
with get_client(sync_client=True) as client:
    for _ in range(60):
        scheduled = [r for r in client.read_flow_runs() if r.state_name == "Scheduled"]
        if scheduled:
            break
        time.sleep(0.5)
print(json.dumps({
    "state": run.state.type.value,
    "run": str(run.id) == str(artifact.flow_run_id),
    "sources": json.loads(artifact.data),
    "scheduled": len(scheduled),
}))
"""


@pytest.mark.slow
def test_serve_keeps_the_schedule_and_runs_the_night(tmp_path):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "METACLUSTERS_"))}
    environ |= {
        "METACLUSTERS_DATA": str(tmp_path),
        "METACLUSTERS_LOOK_EVERY": "1",
        "METACLUSTERS_SOURCES": "article,cordis,eccp",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            line = serving.stdout.readline()
            address = line.rsplit(" ", 1)[-1].strip()
            assert address.startswith("http://127.0.0.1:"), line
            done = subprocess.run(
                [sys.executable, "-c", TRIGGER],
                env=environ
                | {"PREFECT_API_URL": address, "PREFECT_HOME": str(tmp_path / "client"), "DO_NOT_TRACK": "1"},
                capture_output=True,
                text=True,
                timeout=280,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["state"] == "COMPLETED"
    assert found["run"]
    assert {row["source"]: row["outcome"] for row in found["sources"] if row["outcome"] != "off"} == {
        "article": "ok",
        "cordis": "ok",
        "eccp": "ok",
    }
    assert found["scheduled"] > 0
    assert (tmp_path / "sandbox" / "releases" / "current").is_symlink()
