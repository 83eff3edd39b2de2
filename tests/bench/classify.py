"""Seconds that `classify` takes for 100,000 networks: `python -m tests.bench.classify`.

Once with the networks of tests/typology/described over and over, once with their texts under names that all differ, once with seven
sentences of theirs drawn by chance for each network and a word changed in every one, so that hardly a sentence comes twice.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.described import DESCRIBED, OWN, lines

NETWORKS = 100_000
KNOWN = ("name", "acronym", "description", "known_members", "known_countries", "member_count_stated")


def drawn(rows: list[dict[str, Any]], number: int) -> str:
    """Seven sentences of anywhere, a word of each changed."""
    chance = random.Random(number)
    sentences = []
    for _ in range(7):
        words = chance.choice(re.split(r"(?<=[.!?])\s+", chance.choice(rows)["description"])).split()
        words[chance.randrange(len(words))] = f"{chance.choice(words)}{number}"
        sentences.append(" ".join(words))
    return " ".join(sentences)


def seconds(rows: list[dict[str, Any]], names: bool = False, sentences: bool = False) -> float:
    """The whole command on a list of so many networks, whose names or sentences differ."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.jsonl"
        with asked.open("w", encoding="utf-8") as file:
            for number in range(NETWORKS):
                row = {key: rows[number % len(rows)].get(key) for key in KNOWN}
                row["id"] = str(number)
                if names:
                    row["name"] = f"{row['name']} {number}"
                if sentences:
                    row["description"] = drawn(rows, number)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        started = time.monotonic()
        command = [sys.executable, "-m", "flows.cli", "classify", str(asked), "-o", str(Path(folder) / "out.csv")]
        subprocess.run(command, check=True, capture_output=True)
        return time.monotonic() - started


def main() -> None:
    """Print the figures."""
    rows = [row for name in OWN for row in lines(DESCRIBED / f"{name}.jsonl")]
    print(f"{NETWORKS:,} networks, {len(rows)} of them different: {seconds(rows):.0f} s")
    print(f"{NETWORKS:,} networks, {len(rows)} texts, every name another: {seconds(rows, names=True):.0f} s")
    print(f"{NETWORKS:,} networks, every sentence another: {seconds(rows, names=True, sentences=True):.0f} s")


if __name__ == "__main__":
    main()
