"""How long reading the whole knowledge takes, as it is and ten times as large, beside PyYAML reading the same files."""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import yaml

from bench.recognition import TEXTS
from bench.rows import Goal, Row
from knowledge.loading import DATA, GROUPS, load

TIMES = 10
ROUNDS = 5


def measure() -> Iterator[Row]:
    """Reading, and recognition over ten times as many product groups."""
    with tempfile.TemporaryDirectory() as place:
        ten = _ten_times(Path(place) / "kennis")
        for folder, name, goal in ((DATA, "the whole knowledge", 0.5), (ten, "ten times the knowledge", 3)):
            own, peer = _median(partial(load, folder)), _median(partial(_plain, folder))
            yield Row(f"reading and checking {name}", own, "s", goal=Goal("at most", goal))
            yield Row(f"reading and checking {name}, as a ratio", own, "s", "only PyYAML", peer)
        knowledge = load(ten)
    start = time.perf_counter()
    recogniser = knowledge.recogniser
    yield Row("making the recogniser of ten times the knowledge", time.perf_counter() - start, "s")
    took = []
    for number in range(ROUNDS * TIMES):
        for words in TEXTS:
            start = time.perf_counter()
            recogniser.recognise(f"{words} {number}")
            took.append((time.perf_counter() - start) * 1000)
    goal_of_ten = Goal("at most", 3)
    yield Row(
        "recognising among ten times the knowledge, median", statistics.median(took), "ms", goal=goal_of_ten
    )
    yield Row("recognising among ten times the knowledge, p99", statistics.quantiles(took, n=100)[98], "ms")


def _ten_times(folder: Path) -> Path:
    """The real knowledge with every product group ten times, each with ids and words of its own."""
    shutil.copytree(DATA, folder)
    for path in sorted((folder / GROUPS).glob("*.yaml")):
        content = path.read_text(encoding="utf-8")
        criteria, shared, rest = content.partition("\nalgemene_criteria:")
        for number in range(2, TIMES + 1):
            own = re.sub(r"^(\s+- id: .+)$", rf"\1-x{number}", criteria, flags=re.MULTILINE)
            copy = own.replace(f"id: {path.stem}\n", f"id: {path.stem}-x{number}\n", 1) + shared + rest
            words = re.compile(r"^zoekwoorden:\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
            copy = words.sub(lambda found: _words_of_its_own(found[1], number), copy)  # noqa: B023
            path.with_name(f"{path.stem}-x{number}.yaml").write_text(copy, encoding="utf-8")
    return folder


def _words_of_its_own(listed: str, number: int) -> str:
    """The same number of words, but other ones: each with a front that no word has."""
    front = "qxzvwjkybm"[number - 1]
    words = (word.strip().strip("\"'") for word in listed.split(","))
    return "zoekwoorden: [" + ", ".join(f'"{front}o{word}"' for word in words) + "]"


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _plain(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        yaml.load(path.read_bytes(), yaml.CSafeLoader)
