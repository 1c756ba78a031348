"""The lines of a message with several requests: what was asked, and what is meant by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dialogs.numbers import Value
from dialogs.product import NOTHING_SAID, Product, Request
from dialogs.questions import Choice, Kept, Question
from dialogs.what import DIALOG as PURCHASE
from dialogs.what import OTHER, Subject, ambiguous_word, suggestion_options
from knowledge.amounts import Amount
from knowledge.knowledge import Knowledge
from knowledge.recognition import Recognition
from knowledge.requests import LONGEST, MOST_LINES, Part, requests
from knowledge.words import OptionWords, QuestionWords

DIALOG = "klein"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message: its number, what is kept of its words, and when it is wanted, as that was said."""

    number: int
    kept: Mapping[str, Any]
    request: Request
    when: str
    quantity: int | None
    amount: Amount | None
    earlier: Mapping[str, str]
    """What the same person answered the last time, to propose; empty when that is not asked for."""

    @property
    def answers(self) -> dict[str, Kept]:
        """What the line says already, as answers to the purchase dialog."""
        answers: dict[str, Kept] = {"wat": dict(self.kept)}
        if self.quantity is not None:
            answers["aantal"] = self.quantity
        if self.amount is not None:
            answers["waarde"] = {"low": self.amount.low, "high": self.amount.high}
        return answers


class Requests(Question[tuple[Line, ...]]):
    """A message with several requests; what was recognised is kept, so that a replay never has to part it again."""

    def __init__(self, words: QuestionWords, recognise: Callable[[str], Recognition]) -> None:
        super().__init__("regels", words)
        self.recognise = recognise
        self.product = Product("wat", words, recognise, lambda: ())

    def read(self, text: str) -> Kept:
        if parts := requests(text, self.recognise):
            return self.gather(text, parts)
        found = self.recognise(text)
        self.product.keep(found)
        return self.gather(text, (Part(text, "", found),))

    def gather(self, text: str, parts: tuple[Part, ...]) -> Kept:
        """What is kept of a message and its parts; what does not fit on a card is kept to go on with."""
        rest = ", ".join(part.text for part in parts[MOST_LINES:])
        lines = [self.keep(part) for part in parts[:MOST_LINES]]
        return {"tekst": text[:LONGEST], "regels": lines, "rest": rest}

    def keep(self, part: Part) -> Kept:
        """What is kept of one line."""
        found = part.found
        known = self.product.keep(found) if found.purchase and found.words else dict(NOTHING_SAID)
        amount = found.amount and {"low": found.amount.low, "high": found.amount.high}
        return {
            "wat": {**known, "tekst": part.text[:500]},
            "wanneer": part.when,
            "aantal": found.quantity,
            "waarde": amount,
        }

    def value(self, kept: Kept) -> tuple[Line, ...]:
        return tuple(
            Line(
                number,
                line["wat"],
                self.product.value(line["wat"]),
                str(line["wanneer"]),
                line["aantal"],
                line["waarde"] and Amount(**line["waarde"]),
                line.get("eerder", {}),
            )
            for number, line in enumerate(kept["regels"], 1)
        )

    def show(self, value: tuple[Line, ...]) -> str:
        return ", ".join(line.request.said for line in value)


class Meant(Choice):
    """What is meant by the words of a line that are not clear; `key_there` is the same question of the purchase dialog."""

    def __init__(self, knowledge: Knowledge, line: Line, suggested: Mapping[str, OptionWords]) -> None:
        words = knowledge.words.question(DIALOG, "bedoeld")
        word = ambiguous_word(knowledge, line.request)
        asked = f"{line.number}. {word.question}" if word else words.filled(nummer=line.number).ask
        if not word and len(suggested) == 1:
            asked = f"{line.number}. {knowledge.words.say(PURCHASE, 'bedoel-je')}"
        options = {**suggested, OTHER: words.options[OTHER]}
        super().__init__(
            "bedoeld",
            replace(words, ask=asked),
            about=f"{line.number}-{'-'.join(suggested)}",
            options=options,
            examples=(next(iter(suggested)), OTHER),
        )
        self.line = line
        self.key_there = f"welke/{word.word}" if word else "welke"


def suggested(knowledge: Knowledge, line: Line) -> Mapping[str, OptionWords]:
    """What a line could be when Moi is not sure; nothing when it is, or has no idea: a category alone is no idea."""
    sure = line.request.group in knowledge.groups or line.request.category in knowledge.categories
    options = {} if sure else suggestion_options(knowledge, line.request)
    return options if options.keys() & knowledge.groups.keys() else {}


def subject_of(knowledge: Knowledge, line: Line, meant: Mapping[int, Mapping[str, str]]) -> Subject | None:
    """What a line is about: recognised, or chosen; None when nobody knows yet."""
    found = next(iter(meant.get(line.number, {}).values()), line.request.group or line.request.category or "")
    group = knowledge.groups.get(found)
    category = knowledge.categories.get(group.category if group else found)
    estimate = Value(line.amount) if line.amount else None
    return Subject(line.request, category, group, line.quantity, estimate) if category else None
