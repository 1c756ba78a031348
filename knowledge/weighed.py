"""What a text turned out to say about categories and product groups, and by which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from knowledge.lexicon import Entry

_FIRST = 1.65  # what is named first is what is bought; the rest says for whom or where
_OVERRULED = 0.45  # what is left of the subject when the kind of work decides

_BESIDE = 1.3  # that two words belong together shows that they were understood
_SHIFTED = 1.3  # how far the group that a word beside the thing makes of it goes before the thing itself


class How(Enum):
    """How a word was understood; the value is Dutch, for whoever asks why."""

    LISTED = "staat in onze woorden"
    PART = "deel van een samenstelling"
    MISSPELT = "typefout"
    JOB = "naam van een functie"
    STREET = "straatnaam"
    CPV = "staat in de CPV-lijst"
    ALIKE = "lijkt op"
    MEANING = "betekenis volgt uit de andere woorden"
    BESIDE = "maakt er iets anders van"


NAMES = (
    How.LISTED,
    How.PART,
    How.MISSPELT,
    How.JOB,
)  # known for certain, so that being first means something
GUESSES = (How.CPV, How.ALIKE)  # no word of our own


@dataclass(frozen=True, slots=True)
class Clue:
    """A word of the text, what it speaks for, how strongly, and how it was understood.

    `known_as` is the known word behind it when the text has it otherwise: "rioleering" is known as "rioler".
    """

    word: str
    category: str
    group: str | None
    weight: float
    how: How
    known_as: str | None = None


@dataclass(slots=True)
class Weighed:
    """How strongly a text speaks for each category and group, and by which words."""

    categories: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    groups: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    clues: list[Clue] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    deciding: set[str] = field(default_factory=set)
    known: int = 0
    unknown: int = 0
    named: bool = False

    def add(
        self, found: Iterable[Entry], factor: float, word: str, how: How, known_as: str | None = None
    ) -> None:
        """Count what a word of the text speaks for, `factor` times as heavily as usual, and more when it comes first."""
        first = 1.0
        if how in NAMES:
            first = 1.0 if self.named else _FIRST
            self.named = True
        for entry in found:
            weight = entry.weight * factor
            self.categories[entry.category] += weight * first
            if entry.group is not None:
                self.groups[entry.category, entry.group] += weight * first
            self.clues.append(Clue(word, entry.category, entry.group, weight, how, known_as))

    def decide(self, found: Iterable[Entry]) -> None:
        """Remember which categories are settled by the kind of work that a word names."""
        self.deciding.update(entry.category for entry in found if entry.decides)

    def overrule(self) -> None:
        """Let the kind of work go before its subject: a course about asbestos is a course."""
        if not self.deciding:
            return
        for category in self.categories:
            if category not in self.deciding:
                self.categories[category] *= _OVERRULED

    def shift(self, groups: frozenset[str], to: tuple[str, str], word: str) -> None:
        """Let another product group go before the heaviest one when that is one of these, because of a word beside it."""
        ranked = self.ranked()
        if not ranked:
            return
        category, weight = ranked[0]
        within = {group: value for (owner, group), value in self.groups.items() if owner == category}
        heaviest = max(within, key=lambda group: within[group], default=None)
        if heaviest not in groups:
            return
        owner, group = to
        self.clues.append(Clue(word, owner, group, _BESIDE, How.BESIDE, heaviest))
        self.groups[to] = within[heaviest] * _SHIFTED
        if owner != category:
            self.categories[owner] = weight * _SHIFTED

    def ranked(self) -> list[tuple[str, float]]:
        """The categories with their weight, the heaviest first."""
        return sorted(self.categories.items(), key=lambda pair: -pair[1])

    def understood(self) -> float:
        """How heavily the best category weighs by words that are really known, not only alike."""
        weights: dict[str, float] = defaultdict(float)
        for clue in self.clues:
            if clue.how is not How.ALIKE:
                weights[clue.category] += clue.weight
        return max(weights.values(), default=0.0)
