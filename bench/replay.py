"""How long it takes to run a whole dialog again with all its answers, on the longest way through it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from bench.rows import Goal, Row
from dialogs.engine import Answers, Asking, Dialog, Finished, replay
from dialogs.purchase import purchase
from dialogs.walk import fill
from knowledge.loading import load

ROUNDS = 7
REPLAYS = 300


def measure() -> Iterator[Row]:
    """The fastest round, as timeit does: what is slower is the machine."""
    dialog = partial(purchase, load(), date(2026, 11, 24))
    answers, finished = longest(dialog, {})
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(REPLAYS):
            replay(dialog, answers)
        rounds.append((time.perf_counter() - start) / REPLAYS * 1_000_000)
    label = f"replaying the longest path ({len(finished.trail)} answers)"
    yield Row(label, min(rounds), "µs", goal=Goal("at most", 200))


def longest(dialog: Dialog[Any], answers: Answers) -> tuple[Answers, Finished[Any]]:
    """The way from these answers on with the most questions; ways that ask the same next are taken for one."""
    result = replay(dialog, answers)
    if isinstance(result, Finished):
        return answers, result
    ahead: dict[tuple[str, ...], Answers] = {}
    for filled in fill(result):
        further = {**answers, **filled}
        following = replay(dialog, further)
        names = [question.name for question in following.questions] if isinstance(following, Asking) else []
        ahead.setdefault(tuple(names), further)
    return max((longest(dialog, further) for further in ahead.values()), key=lambda way: len(way[1].trail))
