"""Words with two meanings: bank, kraan, camera. The words around them decide, or Moi asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from knowledge.lexicon import STRONG, Entry, phrase_of
from knowledge.weighed import How, Weighed

_OTHER_SUBJECT = (
    2.0  # the weight from which a text is about something else, whatever the ambiguous word means
)

_UNDECIDED = 0.5  # what each meaning weighs as long as it is not clear


class Meaning(Protocol):
    """One meaning, by its product group."""

    @property
    def group(self) -> str: ...


class Ambiguous(Protocol):
    """A word with several meanings."""

    @property
    def word(self) -> str: ...
    @property
    def also(self) -> Sequence[str]: ...
    @property
    def choices(self) -> Sequence[Meaning]: ...


A = TypeVar("A", bound=Ambiguous)


@dataclass(frozen=True, slots=True)
class _Known(Generic[A]):
    item: A
    meanings: tuple[Entry, ...]
    around: Mapping[str, frozenset[str]]


class Meanings(Generic[A]):
    """The ambiguous words, by stem, with the words that decide between their meanings."""

    def __init__(
        self,
        items: Iterable[A],
        category_of: Mapping[str, str],
        around: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        self._known: dict[str, _Known[A]] = {}
        for item in items:
            meanings = tuple(
                Entry(category_of[choice.group], choice.group, STRONG)
                for choice in item.choices
                if choice.group in category_of
            )
            deciding = {
                group: frozenset(key for text in listed for key in phrase_of(text))
                for group, listed in around.get(item.word, {}).items()
            }
            for form in (item.word, *item.also):
                for key in phrase_of(form):
                    self._known[key] = _Known(item, meanings, deciding)

    def find(self, weighed: Weighed) -> str | None:
        """The stem of an ambiguous word that was used on its own."""
        return next((key for key in weighed.alone if key in self._known), None)

    def decide(self, key: str, stems: Iterable[str], rest: Weighed) -> A | None:
        """Add the meaning to the weighed `rest` when it is clear; else give the word, for the question back."""
        known = self._known[key]
        around = {
            group: sum(stem.startswith(tuple(words)) for stem in stems if stem != key)
            for group, words in known.around.items()
        }
        said = {meaning: around.get(meaning.group or "", 0) for meaning in known.meanings}
        if not any(said.values()):
            said = {
                meaning: int(rest.groups.get((meaning.category, meaning.group or ""), 0) > 0)
                for meaning in said
            }
        best = max(said.values(), default=0)
        clear = [meaning for meaning, count in said.items() if count == best]
        if best and len(clear) == 1:
            rest.add(clear, 1.0, key, How.MEANING)
            return None
        ranked = rest.ranked()
        if (
            ranked
            and ranked[0][1] >= _OTHER_SUBJECT
            and ranked[0][0] not in {m.category for m in known.meanings}
        ):
            return None
        for meaning in known.meanings:
            rest.add((meaning,), _UNDECIDED, key, How.LISTED)
        return known.item
