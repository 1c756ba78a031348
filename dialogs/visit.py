"""Every card of a dialog, each once: far fewer than every path, and enough to see what people get to read.

The walk (`dialogs/walk.py`) proves what must hold on all paths and takes minutes; this is for a running Moi and for
whoever edits the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine import Answers, Asking, Dialog, Finished, replay
from dialogs.questions import Choice
from dialogs.walk import fill, volunteer

MOST_OPTIONS = 8  # A list of categories or product groups is longer; of those the examples are enough.


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in a dialog: the answers that lead there, and what the dialog does with them."""

    answers: Mapping[str, Any]
    result: Asking | Finished[Any]


def visit(dialog: Dialog[Any], start: Answers | None = None, *, thorough: bool = False) -> Iterator[Stop]:
    """Every card after these answers, each with every answer to it, and ends that follow.

    What can be said unasked is said once, where it first can be. With `thorough` a card counts as another one when
    other choices lie before it, which takes some ten times as long.
    """
    todo: list[tuple[dict[str, Any], str]] = [(dict(start or {}), "")]
    taken: set[tuple[Any, ...]] = set()
    offered: set[str] = set()
    while todo:
        answers, last = todo.pop()
        result = replay(dialog, answers)
        yield Stop(answers, result)
        if isinstance(result, Finished):
            continue
        here = tuple(question.key for question in result.questions)
        new = [question for question in result.unsaid if question.key not in offered]
        offered |= {question.key for question in new}
        chosen = (
            tuple(one.kept for one in result.trail if isinstance(one.question, Choice)) if thorough else ()
        )
        for given in (*_ways(result), *volunteer(new)):
            # Near the end, where questions share a card, it is what came before that makes the difference.
            near_the_end = len(here) > 1 or len(result.question.examples) == 1
            way = (here, repr(given), last if near_the_end else "", chosen)
            if way not in taken:
                taken.add(way)
                todo.append(({**answers, **given}, repr(given)))


def _ways(asking: Asking) -> Iterator[dict[str, Any]]:
    """Ways to fill a card: every option of a single choice, as each may lead to other words; else every example."""
    question = asking.question
    if len(asking.questions) == 1 and isinstance(question, Choice) and len(question.options) <= MOST_OPTIONS:
        yield from ({question.key: option} for option in question.options)
    else:
        yield from fill(asking)
