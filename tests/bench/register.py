"""The Transparency Register's file at its real size, read in pieces: `python -m tests.bench.register` prints seconds and memory.

The file is invented: 17,247 registrants and some 115 MB, XML 1.1 with references to control characters.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

from tests.spiders.crawling import crawl_task

REGISTRANTS = 17_247
READ = """
import json, re, sys, time
from pathlib import Path
from transforms.transparency_register import registrants
started = time.monotonic()
rows = len(registrants(Path(sys.argv[1])))
# The peak of this program alone: getrusage counts the process that it was forked from.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"rows": rows, "seconds": round(time.monotonic() - started, 2), "megabytes": round(peak)}))
"""


def write(path: Path) -> None:
    """An invented register of the real one's size."""
    with path.open("wb") as file:
        file.write(
            b"<?xml version='1.1' encoding='UTF-8'?>\n<ListOfIRPublicDetail xmlns=\"http://x\"><resultList xmlns=\"\">"
        )
        goals = "Goals of an example&#x2; association. " * 170
        for number in range(REGISTRANTS):
            file.write(
                f"<interestRepresentative><identificationCode>{number:012d}-11</identificationCode><name><originalName>"
                f"Example {number}</originalName></name><registrationCategory>Other</registrationCategory><headOffice>"
                f"<country>BELGIUM</country></headOffice><goals>{goals}</goals><structure><isMemberOf>Example Alliance "
                f"{number % 50}</isMemberOf></structure></interestRepresentative>\n".encode()
            )
        file.write(b"</resultList></ListOfIRPublicDetail>")


def measure() -> dict[str, float]:
    """Rows, seconds and the peaks of memory in megabytes: of a crawl that fetches the file, of a process that reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xml"
        write(path)
        size = path.stat().st_size / 2**20
        done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
        crawled = fetched(path.read_bytes(), Path(folder) / "landing")
    found: dict[str, float] = json.loads(done.stdout)
    return {"file_megabytes": round(size), **found, "crawl_megabytes": crawled}


def fetched(body: bytes, folder: Path) -> int:
    """The peak of memory of the crawl's own process, looked at twenty times a second."""
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if b"spiders.crawl" in (process / "cmdline").read_bytes():
                        status = (process / "status").read_text()
                        peak = max(peak, int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024)  # type: ignore[index]
                except (OSError, TypeError):
                    continue  # it has just ended

    watcher = threading.Thread(target=watch)
    watcher.start()
    with patch("spiders.transparency_register.twin.register", lambda rows, night: body):
        landed = crawl_task("transparency_register", folder)
    done.set()
    watcher.join()
    assert landed.good, landed.reason
    return peak


if __name__ == "__main__":
    print(measure())
