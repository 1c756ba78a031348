"""Walk every path of a dialog: over all examples of all questions, from the start to every end.

The walk is how house rules become ordinary tests, how Moi knows that "nog 2 tot 4 vragen" is true, and where the
diagrams in `docs/` come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from dialogs.engine import Answers, Asking, Dialog, Finished, Replay, replay
from dialogs.questions import FACT, Question


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a dialog: the answers that were given, the cards they were asked on, and the end."""

    answers: Mapping[str, Any]
    cards: tuple[tuple[str, ...], ...]
    finished: Finished[Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all answers, in the order in which the dialog used them."""
        return tuple(answered.question.key for answered in self.finished.trail)

    def decisions(self, part_of: Mapping[str, str]) -> tuple[str, ...]:
        """What was decided on the way: one for each card, and one for the cards that are `part_of` the same ("": none)."""
        found = (part_of.get(names[0], names[0]) for names in self.cards)
        return tuple(decision for decision in dict.fromkeys(found) if decision)


def walk(dialog: Dialog[Any], start: Answers | None = None) -> Iterator[Path]:
    """Every path from these answers on, over all examples of all questions that are asked.

    What lies beside the road is taken once at every place, after the road itself, and from there on every path: a
    detour, and an answer that is given unasked. Places are the same when the same questions lie behind them and the
    same are open; without this, what may be said at any moment would multiply the paths by a hundred.
    """
    yield from _Walk(dialog).paths(Replay(dialog, dict(start or {})), (), frozenset())


class _Walk:
    """One walk, with the side ways that it has taken so far."""

    def __init__(self, dialog: Dialog[Any]) -> None:
        self.dialog = dialog
        self.taken: set[Any] = set()

    def paths(
        self, run: Replay[Any], cards: tuple[tuple[str, ...], ...], offered: frozenset[str]
    ) -> Iterator[Path]:
        answers, result = run.answers, run.result
        if isinstance(result, Finished):
            yield Path(answers, cards, result)
            return
        here = place(result)
        new = [question for question in result.unsaid if question.key not in offered]
        offered |= {question.key for question in new}
        names = tuple(question.name for question in result.questions)
        fresh = True
        for filled in fill(result):
            if not detour(result, filled) or self.first_time(here, filled):
                further = {**answers, **filled}
                # From a place one way can be gone on with; the others are replayed up to there.
                ahead = run if fresh and run.go_on(further) else Replay(self.dialog, further)
                fresh = False
                yield from self.paths(ahead, (*cards, names), offered)
        for unasked in volunteer(new):
            if self.first_time(here, unasked):
                yield from self.paths(Replay(self.dialog, {**answers, **unasked}), cards, offered)
        run.close()

    def first_time(self, here: Any, given: Mapping[str, Any]) -> bool:
        """Whether this side way was not taken yet at such a place."""
        # What Moi finds out itself says only what there is, so it leads the same way however one came to this card.
        facts = [key for key in given if key.startswith(FACT)]
        said = [(key.partition("/")[0], kept) for key, kept in given.items() if key not in facts]
        way = (here[-1] if facts else here, repr((facts, said)))
        if way in self.taken:
            return False
        self.taken.add(way)
        return True


def place(asking: Asking) -> tuple[tuple[str, ...], ...]:
    """Where a talk is: the names of what was asked, and of what is open."""
    return (
        tuple(answered.question.name for answered in asking.trail),
        tuple(question.name for question in asking.questions),
    )


def volunteer(questions: list[Question[Any]]) -> Iterator[dict[str, Any]]:
    """Ways to say something unasked: every example of every question alone, then all questions at once."""
    for question in questions:
        yield from ({question.key: example} for example in question.examples)
    if len(questions) > 1:
        yield {question.key: question.examples[0] for question in questions}


def detour(asking: Asking, filled: Mapping[str, Any]) -> bool:
    """Whether this way to fill the card leads off the main road."""
    return any(
        isinstance(filled.get(question.key), str) and filled[question.key] in question.detours
        for question in asking.questions
    )


def fill(asking: Asking) -> Iterator[dict[str, Any]]:
    """Ways to fill one card: every example of every question on it once, the others at their first; then all at once."""
    required = [question for question in asking.questions if not question.optional]
    first = {question.key: question.examples[0] for question in required}
    yield first
    for question in required:
        yield from ({**first, question.key: example} for example in question.examples[1:])
    if optional := {q.key: q.examples[0] for q in asking.questions if q.optional}:
        yield {**first, **optional}


def remaining(dialog: Dialog[Any], answers: Answers) -> tuple[int, int]:
    """How many cards come after the one that is asked now, at least and at most.

    Answers that lead to the same next card count as one, which keeps this to a few dozen replays.
    """
    result = replay(dialog, answers)
    if isinstance(result, Finished):
        return (0, 0)
    ahead: dict[tuple[str, ...], tuple[int, int]] = {}
    for filled in fill(result):
        if detour(result, filled):
            continue
        further = {**answers, **filled}
        following = replay(dialog, further)
        if isinstance(following, Finished):
            ahead[()] = (0, 0)
            continue
        names = tuple(question.name for question in following.questions)
        if names not in ahead:
            low, high = remaining(dialog, further)
            ahead[names] = (low + 1, high + 1)
    return min(low for low, _ in ahead.values()), max(high for _, high in ahead.values())


@dataclass
class Summary:
    """What a walk found: how many paths there are, the most decisions on one, how often each end is reached, and from
    which card one comes to which other card or end, in the order in which that was seen."""

    paths: int = 0
    longest: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    arrows: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, path: Path, outcome: Callable[[Any], str], part_of: Mapping[str, str]) -> None:
        """Count one path, which ends in an outcome of this name, and note its way."""
        self.paths += 1
        self.longest = max(self.longest, len(path.decisions(part_of)))
        end = outcome(path.finished.outcome)
        self.outcomes[end] = self.outcomes.get(end, 0) + 1
        stops = [" + ".join(names) for names in path.cards] + [end]
        self.arrows.update(dict.fromkeys(pairwise(stops)))


def summary(
    dialog: Dialog[Any],
    outcome: Callable[[Any], str],
    part_of: Mapping[str, str],
    progress: Callable[[], None] = lambda: None,
) -> Summary:
    """Walk the whole dialog once, count and note the way; `progress` is called once a path."""
    found = Summary()
    for path in walk(dialog):
        found.add(path, outcome, part_of)
        progress()
    return found


def diagram(walked: Summary) -> str:
    """A Mermaid flowchart of all cards and the ways between them."""
    stops = list(dict.fromkeys(stop for arrow in walked.arrows for stop in arrow))
    ends = {stop for _, stop in walked.arrows} - {stop for stop, _ in walked.arrows}
    names = {stop: f"n{number}" for number, stop in enumerate(stops)}
    boxes = [
        f"    {names[stop]}(({stop}))" if stop in ends else f"    {names[stop]}[{stop}]" for stop in stops
    ]
    lines = [f"    {names[here]} --> {names[there]}" for here, there in walked.arrows]
    return "\n".join(["flowchart TD", *boxes, *lines, ""])
