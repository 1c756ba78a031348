"""How long it takes to run a whole dialog again with all its answers, on the longest way through it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from functools import partial

from bench.rows import Goal, Row
from dialogs.engine import replay
from dialogs.purchase import purchase
from dialogs.walk import walk
from knowledge.loading import load

ROUNDS = 7
REPLAYS = 300


def measure() -> Iterator[Row]:
    """The fastest round, as timeit does: what is slower is the machine."""
    knowledge = load()
    dialog = partial(purchase, knowledge, date(2026, 11, 24))
    longest = max(walk(dialog), key=lambda path: len(path.keys))
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(REPLAYS):
            replay(dialog, longest.answers)
        rounds.append((time.perf_counter() - start) / REPLAYS * 1_000_000)
    yield Row(
        f"replaying the longest path ({len(longest.keys)} answers)",
        min(rounds),
        "µs",
        goal=Goal("at most", 200),
    )
