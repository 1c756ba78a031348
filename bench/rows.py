"""One line of the table: what was measured, beside what, and what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must be at most, or at least; about the ratio when there is something beside it."""

    word: Literal["at most", "at least"]
    figure: float

    def met(self, figure: float) -> bool:
        """Whether a figure reaches the goal."""
        return figure <= self.figure if self.word == "at most" else figure >= self.figure


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its unit, and where it applies another figure in the same unit with their ratio."""

    measure: str
    figure: float
    unit: str
    beside: str = ""
    other: float | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """The figure divided by the one beside it."""
        return self.figure / self.other if self.other else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None when there is none."""
        judged = self.figure if self.other is None else self.figure / self.other
        return self.goal.met(judged) if self.goal else None
