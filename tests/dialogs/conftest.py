"""What the tests of the dialogs share: one day, and one walk over every path of the purchase dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import pytest

from dialogs.advice import Advice
from dialogs.engine import Dialog
from dialogs.purchase import PART_OF, purchase
from dialogs.questions import Question
from dialogs.walk import Path, Summary, walk
from knowledge.knowledge import Knowledge
from tests.dialogs.promises import PROMISES

DAY = date(2026, 11, 23)
ENOUGH = 3  # Broken paths to keep per promise: more do not help whoever mends it.


@dataclass
class Walked:
    """What one walk found: its summary, which promises were broken where, and every question by key."""

    summary: Summary = field(default_factory=Summary)
    broken: dict[str, list[Any]] = field(default_factory=dict)
    questions: dict[str, Question[Any]] = field(default_factory=dict)

    def add(self, path: Path, knowledge: Knowledge, promises: tuple[Callable[..., bool], ...]) -> None:
        """Count a path, and hold it to the promises."""
        self.summary.add(path, lambda advice: str(advice.outcome), PART_OF)
        for answered in (*path.finished.trail, *path.finished.said):
            self.questions.setdefault(answered.question.key, answered.question)
        for promise in promises:
            broken = self.broken.setdefault(promise.__name__, [])
            if len(broken) < ENOUGH and not promise(path, path.finished.outcome, knowledge):
                broken.append(dict(path.answers))


@pytest.fixture(scope="session")
def dialog(knowledge: Knowledge) -> Dialog[Advice]:
    """The talk before a purchase, on a day in 2026."""
    return partial(purchase, knowledge, DAY)


@pytest.fixture(scope="session")
def walked(dialog: Dialog[Advice], knowledge: Knowledge) -> Walked:
    """Every path of the talk before a purchase, walked once for all tests."""
    found = Walked()
    for path in walk(dialog):
        found.add(path, knowledge, PROMISES)
    return found
