"""The questions a dialog can await.

Every question has opposites side by side: `read` turns what a person typed into what is kept (plain JSON), `value`
turns what is kept into what the dialog works with. `examples` holds one kept answer for everything the dialog could
treat differently; the walk over every path is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from dialogs.hearing import choose, choose_several
from knowledge.amounts import Amount, euros, read_amount, read_quantity
from knowledge.recognition import Recognition
from knowledge.words import OptionWords, QuestionWords

V = TypeVar("V")
Kept = Any
UNKNOWN = "weet-niet"
JUST_ABOVE = 0.01


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
        self.options = {option: every[option] for option in only} if only else dict(every)
        self.examples = examples or tuple(self.options)

    def read(self, text: str) -> Kept:
        chosen = choose(text, self.options)
        if chosen is None:
            raise Unclear(
                "Kies een van deze: " + ", ".join(f"“{o.label}”" for o in self.options.values()) + "."
            )
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
        return list(self.value(picked))

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


@dataclass(frozen=True, slots=True)
class Value:
    """An amount of money as a person knows it: a range, or not known yet."""

    amount: Amount | None

    @property
    def known(self) -> bool:
        """Whether a person could say anything about it."""
        return self.amount is not None

    def __str__(self) -> str:
        if self.amount is None:
            return "nog niet bekend"
        # A band starts one cent above a limit; people say "meer dan € 200.000", not "vanaf € 200.000,01".
        above = self.amount.low != self.amount.high and round(self.amount.low % 1, 2) == JUST_ABOVE
        return euros(Amount(self.amount.low - JUST_ABOVE, self.amount.high)) if above else euros(self.amount)


class AmountQuestion(Question[Value]):
    """An amount in euro, excl. btw, over the whole term; kept as {"low", "high"}, or "weet-niet".

    The words may offer options, each an amount band in its id, such as "0-25000" or "200000.01-".
    """

    examples = (
        {"low": 0.0, "high": 0.0},
        {"low": 24_999.99, "high": 24_999.99},
        {"low": 25_000.0, "high": 25_000.0},
        {"low": 25_000.01, "high": 25_000.01},
        {"low": 20_000.0, "high": 30_000.0},
        {"low": 200_000.0, "high": 200_000.0},
        {"low": 200_000.01, "high": 200_000.01},
        {"low": 200_000.01, "high": None},
        {"low": 6_000_000.0, "high": 6_000_000.0},
        UNKNOWN,
    )

    def __init__(
        self,
        name: str,
        words: QuestionWords,
        *,
        about: str = "",
        examples: tuple[Kept, ...] = (),
        optional: bool = False,
    ) -> None:
        super().__init__(name, words, about=about, optional=optional)
        self.options = dict(words.options)
        if examples:
            self.examples = examples

    def read(self, text: str) -> Kept:
        amount = read_amount(text)
        if amount is not None and text.strip() not in self.options:
            return {"low": amount.low, "high": amount.high}
        chosen = choose(text, self.options)
        if chosen is None:
            raise Unclear(
                "Noem een bedrag, bijvoorbeeld 12.500 of “tussen 3 en 4 duizend”. Weet je het niet? Zeg dan “weet ik niet”."
            )
        return band(chosen)

    def value(self, kept: Kept) -> Value:
        if kept == UNKNOWN:
            return Value(None)
        low, high = float(kept["low"]), kept["high"]
        high = None if high is None else float(high)
        if not 0 <= low < 1e12 or (high is not None and not low <= high < 1e12):
            raise ValueError(f"{kept!r} is no amount")
        return Value(Amount(low, high))

    def show(self, value: Value) -> str:
        return str(value)


def band(option: str) -> Kept:
    """The id of an amount option ("0-25000", "200000.01-") -> what is kept; other ids stay as they are."""
    low, dash, high = option.partition("-")
    if not dash or not low.replace(".", "").isdigit():
        return option
    return {"low": float(low), "high": float(high) if high else None}


class Count(Question[int]):
    """A whole number from 1 to `most`; kept as a number."""

    def __init__(
        self, name: str, words: QuestionWords, *, most: int = 1_000_000, examples: tuple[Kept, ...] = (4,)
    ) -> None:
        super().__init__(name, words)
        self.most = most
        self.examples = examples

    def read(self, text: str) -> Kept:
        digits = text.strip().replace(".", "")
        number = int(digits) if digits.isdecimal() and len(digits) < 10 else read_quantity(text)
        if number is None or not 1 <= number <= self.most:
            raise Unclear("Noem een heel getal, bijvoorbeeld 8.")
        return number

    def value(self, kept: Kept) -> int:
        if isinstance(kept, bool) or not isinstance(kept, int) or not 1 <= kept <= self.most:
            raise ValueError(f"{kept!r} is no number")
        return kept

    def show(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants, as understood: the typed words, category and product group when sure, else suggestions
    (ids of product groups, or of categories)."""

    said: str
    category: str | None
    group: str | None
    suggestions: tuple[str, ...]
    ambiguous: str | None


REFUSES_MVOI = re.compile(r"\bmvoi\b[^.?]*\b(niet|geen|niks)\b|\b(geen|zonder)\s+mvoi\b", re.IGNORECASE)


class Product(Question[Request]):
    """What somebody wants to buy, in their own words.

    One sentence may hold the quantity, the amount and a refusal as well; `hear` gives those under keys of their own.
    What was recognised is kept, so that a replay never has to recognise again.
    """

    def __init__(
        self,
        name: str,
        words: QuestionWords,
        recognise: Callable[[str], Recognition],
        list_examples: Callable[[], tuple[Kept, ...]],
    ) -> None:
        super().__init__(name, words)
        self.recognise = recognise
        self.list_examples = list_examples

    @property
    def examples(self) -> tuple[Kept, ...]:  # type: ignore[override]
        """Kept requests, made only when a walk wants them."""
        return self.list_examples()

    def read(self, text: str) -> Kept:
        return self.keep(self.recognise(text))

    def keep(self, found: Recognition) -> Kept:
        """What is kept of a recognition. Raises Unclear when it is no purchase."""
        if not found.purchase:
            raise Unclear(self.words.explain or self.words.ask)
        certain = found.sure and not found.ambiguous
        return {
            "tekst": found.text[:500],
            "categorie": found.category if certain else None,
            "groep": found.group if certain else None,
            "suggesties": [suggestion.group or suggestion.category for suggestion in found.suggestions][:3],
            "dubbelzinnig": found.ambiguous.word if found.ambiguous else None,
        }

    def hear(self, text: str) -> dict[str, Kept]:
        found = self.recognise(text)
        heard: dict[str, Kept] = {self.key: self.keep(found)}
        if found.quantity is not None:
            heard["aantal"] = found.quantity
        if found.amount is not None:
            heard["waarde"] = {"low": found.amount.low, "high": found.amount.high}
        if REFUSES_MVOI.search(text):
            heard["mvoi"] = "nee"
        return heard

    def value(self, kept: Kept) -> Request:
        request = Request(
            kept["tekst"][:500],
            kept["categorie"],
            kept["groep"],
            tuple(kept["suggesties"]),
            kept["dubbelzinnig"],
        )
        if not all(isinstance(id_, str | None) for id_ in (request.said, request.category, request.group)):
            raise ValueError(f"{kept!r} is no request")
        return request

    def show(self, value: Request) -> str:
        return value.said
