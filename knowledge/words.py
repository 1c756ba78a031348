"""The texts of the dialogs, which are kept in `data/woorden/` so that they can be changed without a programmer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from knowledge.model import Item, Line

SENTENCES = "zinnen"
FILL_INS = "invulwoorden"


class MissingWordsError(LookupError):
    """A text that the program asks for is not there, or a value to fill it in with is missing; says so in Dutch."""

    def __init__(self, message: str, dialog: str = "") -> None:
        super().__init__(message)
        self.dialog = dialog


@lru_cache(maxsize=4096)
def placeholders(text: str) -> frozenset[str]:
    """List the names between braces in a text; ValueError when a brace or a name is not right."""
    names = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        names.add(name)
    return frozenset(names)


def filled(text: str, values: Mapping[str, Any]) -> str:
    """Put values in the places between braces; MissingWordsError when a value is missing."""
    missing = placeholders(text) - values.keys()
    if missing:
        raise MissingWordsError(
            f"{{{'}, {'.join(sorted(missing))}}} vult Moi hier niet in. Haal het weg uit: “{text}”"
        )
    return text.format_map(values)


def _with_label(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


class OptionText(Item):
    """An option as it is written in YAML; just a text is its label."""

    label: Line
    said: tuple[Line, ...] = Field(default=(), alias="woorden")
    explain: Line | None = Field(default=None, alias="uitleg")


class QuestionText(Item):
    """A question as it is written in YAML."""

    ask: Line = Field(alias="vraag")
    short: Line | None = Field(default=None, alias="kort")
    explain: Line | None = Field(default=None, alias="uitleg")
    why: Line | None = Field(default=None, alias="waarom")
    options: Mapping[str, Annotated[OptionText, BeforeValidator(_with_label)]] = Field(
        default_factory=dict, alias="opties"
    )


@dataclass(frozen=True, slots=True)
class OptionWords:
    """What is on a button, by which other words people say it, and what it means."""

    label: str
    said: tuple[str, ...] = ()
    explain: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of one question: what is asked, what it means, why it is asked, its options, and how its answer is
    called in an overview."""

    ask: str
    explain: str | None
    why: str | None
    options: Mapping[str, OptionWords]
    short: str | None = None

    def filled(self, **values: Any) -> QuestionWords:
        """Give the same question with values in the places between braces; MissingWordsError when one is missing."""

        def fill(text: str | None) -> str | None:
            return None if text is None else filled(text, values)

        options = {
            key: replace(option, label=filled(option.label, values), explain=fill(option.explain))
            for key, option in self.options.items()
        }
        return QuestionWords(
            filled(self.ask, values), fill(self.explain), fill(self.why), options, self.short
        )


@dataclass(frozen=True, slots=True)
class DialogWords:
    """All texts of one dialog: its questions, its sentences, and what may be filled in."""

    questions: Mapping[str, QuestionWords]
    sentences: Mapping[str, str]
    fill_ins: Mapping[str, str]


def dialog_words(
    questions: Mapping[str, QuestionText], sentences: Mapping[str, str], fill_ins: Mapping[str, str]
) -> DialogWords:
    """Make the words of a dialog from what was read in YAML."""
    asked = {}
    for key, text in questions.items():
        options = {
            name: OptionWords(option.label, option.said, option.explain)
            for name, option in text.options.items()
        }
        asked[key] = QuestionWords(text.ask, text.explain, text.why, MappingProxyType(options), text.short)
    return DialogWords(
        MappingProxyType(asked), MappingProxyType(dict(sentences)), MappingProxyType(dict(fill_ins))
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of all dialogs, by the name of their file."""

    dialogs: Mapping[str, DialogWords]

    def question(self, dialog: str, key: str) -> QuestionWords:
        """Give the words of a question; MissingWordsError when there are none."""
        try:
            return self.dialogs[dialog].questions[key]
        except KeyError:
            raise MissingWordsError(
                f"de vraag '{key}' ontbreekt in woorden/{dialog}.yaml. Zet die terug.", dialog
            ) from None

    def sentence(self, dialog: str, key: str) -> str:
        """Give a sentence with its braces still in it; MissingWordsError when there is none."""
        try:
            return self.dialogs[dialog].sentences[key]
        except KeyError:
            raise MissingWordsError(
                f"de zin '{key}' ontbreekt in woorden/{dialog}.yaml. Zet die terug.", dialog
            ) from None

    def say(self, dialog: str, key: str, **values: Any) -> str:
        """Give a sentence with its values filled in; MissingWordsError when the sentence or a value is missing."""
        try:
            return filled(self.sentence(dialog, key), values)
        except MissingWordsError as error:
            raise MissingWordsError(str(error), dialog) from None

    def placeholders(self, dialog: str, key: str) -> frozenset[str]:
        """List what must be given to `say` this sentence."""
        return placeholders(self.sentence(dialog, key))
