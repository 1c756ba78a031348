"""The replay engine: a dialog is a function that is run again, from the top, with the answers so far.

A dialog is an `async def` that awaits questions and returns an outcome. Only the answers are kept, by question key, as
one flat JSON object. Going back deletes a key, changing sets one, resuming loads the row; the engine knows nothing of
channels, clocks or disks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
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
    run = _Run(answers)
    coroutine = dialog()
    try:
        return run.drive(coroutine)
    finally:
        coroutine.close()


class _Run:
    """One replay: the answers it may use, and what it has passed so far."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.trail: list[Answered] = []
        self.remarks: list[Remark] = []
        self.asked: set[str] = set()
        self.said: list[Answered] = []
        self.unsaid: list[Question[Any]] = []

    def drive(self, coroutine: Coroutine[Any, Any, Out]) -> Asking | Finished[Out]:
        value: Any = None
        for _ in range(MOST_STEPS):
            try:
                step = coroutine.send(value)
            except StopIteration as stop:
                return Finished(stop.value, tuple(self.trail), self.only_said())
            match step:
                case Question():
                    value = self.answer(step)
                    if value is None:
                        return self.asking((step,))
                case Remark():
                    self.remarks.append(step)
                    value = None
                case IfSaid(question):
                    value = self.known(question)
                    if value is None:
                        self.unsaid.append(question)
                    else:
                        self.said.append(Answered(question, self.answers[question.key], value))
                case Together(questions):
                    value = tuple(self.answer(question) for question in questions)
                    open_questions = tuple(
                        question for question, found in zip(questions, value, strict=True) if found is None
                    )
                    if any(not question.optional for question in open_questions):
                        return self.asking(open_questions)
                case _:
                    raise DialogError(f"a dialog may only await questions, not {step!r}")
        raise DialogError(f"more than {MOST_STEPS} steps: this dialog does not end")

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


def rename(answers: Answers, renamed: Mapping[str, str]) -> dict[str, Any]:
    """The same answers under their present keys. A key is a promise: only its name may change, never its meaning."""
    return {renamed.get(key, key): kept for key, kept in answers.items()}


def last_key(result: Asking | Finished[Any]) -> str | None:
    """The key that "terug" takes away: the last answer that was given, or None at the start."""
    return result.trail[-1].question.key if result.trail else None
