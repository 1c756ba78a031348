"""The questions a dialog can await.

Every question has opposites side by side: `read` turns what a person typed into what is kept (plain JSON), `value`
turns what is kept into what the dialog works with. `examples` holds one kept answer for everything the dialog could
treat differently; the walk over every path is made of them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from dialogs.hearing import choose, choose_several
from knowledge.words import OptionWords, QuestionWords

V = TypeVar("V")
Kept = Any
UNKNOWN = "weet-niet"
FACT = "_"
"""How the key of a fact begins."""
READ_OUT = 6


class Unclear(Exception):  # noqa: N818  it is said to a person, who made no error
    """What was typed or tapped could not be read; the message is for that person, in Dutch."""


class DialogError(Exception):
    """A mistake in a dialog itself; for the makers, never for a person."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something Moi says on the way to the next question; awaiting it asks nothing."""

    text: str

    def __await__(self) -> Generator[Remark, None, None]:
        yield self


class Question(Generic[V]):
    """Something to ask, under a key that is a promise: a new meaning gets a new key.

    `about` makes the key of a question that is asked about one subject ("anders/catering"), so that an answer about
    furniture is never taken for one about lunch. An `optional` question shares a card and never holds up the talk.
    """

    examples: tuple[Kept, ...] = ()
    detours: frozenset[str] = frozenset()
    """Answers that lead off the main road ("iets anders"); they are not counted in how many questions are left."""

    def __init__(self, name: str, words: QuestionWords, *, about: str = "", optional: bool = False) -> None:
        self.name = name
        self.key = f"{name}/{about}" if about else name
        self.words = words
        self.optional = optional

    def __await__(self) -> Generator[Question[V], V, V]:
        return (yield self)

    def __bool__(self) -> NoReturn:
        raise DialogError(f"the question {self.key!r} is used without await")

    def read(self, text: str) -> Kept:
        """Typed words -> what is kept. Raises Unclear, saying what can be answered."""
        raise NotImplementedError

    def value(self, kept: Kept) -> V:
        """What is kept -> what the dialog works with. Raises Unclear or ValueError when it no longer fits."""
        raise NotImplementedError

    def show(self, value: V) -> str:
        """The answer in words, for the summary."""
        raise NotImplementedError

    def hear(self, text: str) -> dict[str, Kept]:
        """All answers, by key, that these typed words give; more than one when somebody says two things at once."""
        return {self.key: self.read(text)}

    def take(self, fields: Mapping[str, str]) -> Kept:
        """The fields of a card -> what is kept. Raises Unclear."""
        if self.key not in fields:
            raise Unclear(f"Kies eerst een antwoord bij: {self.words.ask}")
        return self.read(fields[self.key])

    def if_said(self) -> IfSaid[V]:
        """The value when it was said already, else None; never asks."""
        return IfSaid(self)


class Fact(Question[V]):
    """Something that Moi finds or does itself, kept beside the answers; whoever says it is not heard."""

    def __init__(self, name: str, words: QuestionWords) -> None:
        super().__init__(name, words)
        self.key = f"{FACT}{name}"

    def read(self, text: str) -> NoReturn:
        raise Unclear(self.words.ask)


@dataclass(frozen=True, slots=True)
class IfSaid(Generic[V]):
    """Looks whether a question has an answer already, without asking it."""

    question: Question[V]

    def __await__(self) -> Generator[IfSaid[V], V | None, V | None]:
        return (yield self)


class Together:
    """Questions that share one card; in text they are asked one by one. Gives a tuple of their values."""

    __match_args__ = ("questions",)

    def __init__(self, *questions: Question[Any]) -> None:
        self.questions = questions

    def __await__(self) -> Generator[Together, tuple[Any, ...], tuple[Any, ...]]:
        return (yield self)


def one_of(options: Mapping[str, OptionWords]) -> str:
    """What to choose from, read out when it is not too much."""
    if len(options) > READ_OUT:
        return "Dat begreep ik niet. Kies uit de lijst."
    return (
        "Dat begreep ik niet. Kies een van deze: " + ", ".join(f"“{o.label}”" for o in options.values()) + "."
    )


class Choice(Question[str]):
    """One of a few options; kept and given as the option's id."""

    def __init__(
        self,
        name: str,
        words: QuestionWords,
        *,
        about: str = "",
        only: tuple[str, ...] = (),
        options: Mapping[str, OptionWords] | None = None,
        examples: tuple[Kept, ...] = (),
        optional: bool = False,
    ) -> None:
        super().__init__(name, words, about=about, optional=optional)
        every = words.options if options is None else options
        self.options = {option: every[option] for option in only} if only else every
        self.examples = examples or tuple(self.options)

    def read(self, text: str) -> Kept:
        chosen = choose(text, self.options)
        if chosen is None:
            raise Unclear(one_of(self.options))
        return chosen

    def value(self, kept: Kept) -> str:
        if kept not in self.options:
            raise ValueError(f"{kept!r} is no option of {self.key!r}")
        return str(kept)

    def show(self, value: str) -> str:
        return self.options[value].label


class YesNo(Choice):
    """Yes or no, in the labels of its words: the options "ja" and "nee"."""

    def __init__(self, name: str, words: QuestionWords, *, examples: tuple[Kept, ...] = ()) -> None:
        super().__init__(name, words, only=("ja", "nee"), examples=examples)


class Several(Question[tuple[str, ...]]):
    """Any number of options, also none; kept as a list of ids."""

    def __init__(
        self, name: str, words: QuestionWords, *, examples: tuple[Kept, ...] = (), optional: bool = False
    ) -> None:
        super().__init__(name, words, optional=optional)
        self.options = dict(words.options)
        self.examples = examples or ([], list(self.options))

    def read(self, text: str) -> Kept:
        chosen = choose_several(text, self.options)
        if chosen is None:
            raise Unclear(
                "Noem er een of meer: "
                + ", ".join(f"“{o.label}”" for o in self.options.values())
                + ", of “nee”."
            )
        return chosen

    def take(self, fields: Mapping[str, str]) -> Kept:
        picked = [part for part in fields.get(self.key, "").split(",") if part]
        if all(option in self.options for option in picked):
            return list(dict.fromkeys(picked))
        return self.read(fields[self.key])

    def value(self, kept: Kept) -> tuple[str, ...]:
        if not isinstance(kept, list) or any(option not in self.options for option in kept):
            raise ValueError(f"{kept!r} are no options of {self.key!r}")
        return tuple(dict.fromkeys(kept))

    def show(self, value: tuple[str, ...]) -> str:
        return ", ".join(self.options[option].label for option in value) or "nee"


class Text(Question[str]):
    """A line in somebody's own words; at most `most` characters are kept."""

    examples = ("Eigen woorden van een collega.",)

    def __init__(self, name: str, words: QuestionWords, *, optional: bool = False, most: int = 500) -> None:
        super().__init__(name, words, optional=optional)
        self.most = most

    def read(self, text: str) -> Kept:
        line = " ".join(text.split())[: self.most]
        if not line and not self.optional:
            raise Unclear("Schrijf het in een paar woorden.")
        return line

    def take(self, fields: Mapping[str, str]) -> Kept:
        return self.read(fields.get(self.key, ""))

    def value(self, kept: Kept) -> str:
        if not isinstance(kept, str):
            raise ValueError(f"{kept!r} is no text")
        return kept[: self.most]

    def show(self, value: str) -> str:
        return value
