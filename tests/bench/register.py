"""The Transparency Register's file at its real size, read in pieces: `python -m tests.bench.register` prints seconds and memory.

The file is invented: 17,247 registrants and some 115 MB, XML 1.1 with references to control characters.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

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
    """Rows, seconds and the peak of memory in megabytes of a process that reads the file and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xml"
        write(path)
        size = path.stat().st_size / 2**20
        done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return {"file_megabytes": round(size), **found}


if __name__ == "__main__":
    print(measure())
