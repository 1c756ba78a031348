"""The replay engine: a dialog is a function that is run again, from the top, with the answers so far.

A dialog is an `async def` that awaits questions and returns an outcome. Only the answers are kept, by question key, as
one flat JSON object. Going back deletes a key, changing sets one, resuming loads the row; the engine knows nothing of
channels, clocks or disks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dialogs.questions import DialogError, IfSaid, Question, Remark, Together, Unclear

Out = TypeVar("Out")
Dialog = Callable[[], Coroutine[Any, Any, Out]]
Answers = Mapping[str, Any]

MOST_STEPS = 200  # A dialog that asks more than this is a loop, not a talk.


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that has its answer: what is kept, and what it means to the dialog."""

    question: Question[Any]
    kept: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """The dialog waits: the open questions (the first is asked in text; a card may show all), what was answered, and what
    Moi has to say before it asks."""

    questions: tuple[Question[Any], ...]
    trail: tuple[Answered, ...]
    remarks: tuple[Remark, ...]
    said: tuple[Answered, ...]
    unsaid: tuple[Question[Any], ...]

    @property
    def question(self) -> Question[Any]:
        """The question that is asked now."""
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class Finished(Generic[Out]):
    """The dialog has its outcome."""

    outcome: Out
    trail: tuple[Answered, ...]
    said: tuple[Answered, ...]


def replay(dialog: Dialog[Out], answers: Answers) -> Asking | Finished[Out]:
    """Run the dialog with these answers, to its next open question or its outcome.

    An answer that no longer fits its question (the content was changed meanwhile) is asked again. Raises DialogError
    when the dialog awaits something that is no question, or asks the same key twice.
    """
    with closing(Replay(dialog, answers)) as run:
        return run.result


class Replay(Generic[Out]):
    """One replay: the answers it may use, what it has passed so far, and the `result` of that.

    It can `go_on` from where it stopped: that gives what a replay with all answers gives, for less work.
    """

    def __init__(self, dialog: Dialog[Out], answers: Answers) -> None:
        self.answers = answers
        self.trail: list[Answered] = []
        self.remarks: list[Remark] = []
        self.asked: set[str] = set()
        self.said: list[Answered] = []
        self.unsaid: list[Question[Any]] = []
        self._steps = 0
        self._coroutine = dialog()
        try:
            self.result = self._drive(None)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the dialog where it is."""
        self._coroutine.close()

    def go_on(self, answers: Answers) -> bool:
        """Go on with all answers so far and new ones to what is asked now. False, with nothing done, when the dialog has
        looked in vain whether one of these was said: only another replay shows what it makes of that."""
        step, passed = self._waits
        keys = {question.key for question in _questions(step)}
        if not keys.isdisjoint(question.key for question in self.unsaid):
            return False
        self.answers = answers
        del self.trail[passed:]
        self.asked -= keys
        value, still_open = self._ask(step)
        self.result = self.asking(still_open) if still_open else self._drive(value)
        return True

    def _drive(self, value: Any) -> Asking | Finished[Out]:
        """Give the dialog what it waits for, and go on until it asks something or ends."""
        while self._steps < MOST_STEPS:
            self._steps += 1
            try:
                step = self._coroutine.send(value)
            except StopIteration as stop:
                return Finished(stop.value, tuple(self.trail), self.only_said())
            match step:
                case Question() | Together():
                    value, still_open = self._ask(step)
                    if still_open:
                        return self.asking(still_open)
                case Remark():
                    self.remarks.append(step)
                    value = None
                case IfSaid(question):
                    value = self.known(question)
                    if value is None:
                        self.unsaid.append(question)
                    else:
                        self.said.append(Answered(question, self.answers[question.key], value))
                case _:
                    raise DialogError(f"a dialog may only await questions, not {step!r}")
        raise DialogError(f"more than {MOST_STEPS} steps: this dialog does not end")

    def _ask(self, step: Question[Any] | Together) -> tuple[Any, tuple[Question[Any], ...]]:
        """What is given back for what the dialog asks, and what of that must be asked of a person first."""
        self._waits = step, len(self.trail)
        if isinstance(step, Question):
            value = self.answer(step)
            return value, (step,) if value is None else ()
        values = tuple(self.answer(question) for question in step.questions)
        still_open = tuple(
            question for question, found in zip(step.questions, values, strict=True) if found is None
        )
        return values, still_open if any(not question.optional for question in still_open) else ()

    def answer(self, question: Question[Any]) -> Any:
        """The value of the kept answer, which goes into the trail; None when there is none that still fits."""
        if question.key in self.asked:
            raise DialogError(f"the key {question.key!r} is asked twice")
        self.asked.add(question.key)
        value = self.known(question)
        if value is not None:
            self.trail.append(Answered(question, self.answers[question.key], value))
            self.remarks.clear()
        return value

    def known(self, question: Question[Any]) -> Any:
        """The value of a kept answer, or None when there is none or it no longer fits."""
        if question.key not in self.answers:
            return None
        try:
            return question.value(self.answers[question.key])
        except (Unclear, LookupError, TypeError, ValueError, OverflowError):
            return None

    def asking(self, questions: tuple[Question[Any], ...]) -> Asking:
        ordered = sorted(questions, key=lambda question: question.optional)
        return Asking(
            tuple(ordered), tuple(self.trail), tuple(self.remarks), self.only_said(), tuple(self.unsaid)
        )

    def only_said(self) -> tuple[Answered, ...]:
        """What was said unasked and has not been asked since."""
        asked = {answered.question.key for answered in self.trail}
        return tuple(answered for answered in self.said if answered.question.key not in asked)


def _questions(step: Question[Any] | Together) -> tuple[Question[Any], ...]:
    return (step,) if isinstance(step, Question) else step.questions


def rename(answers: Answers, renamed: Mapping[str, str]) -> dict[str, Any]:
    """The same answers under their present keys. A key is a promise: only its name may change, never its meaning."""
    return {renamed.get(key, key): kept for key, kept in answers.items()}


def last_key(result: Asking | Finished[Any]) -> str | None:
    """The key that "terug" takes away: the last answer that was given, or None at the start."""
    return result.trail[-1].question.key if result.trail else None
