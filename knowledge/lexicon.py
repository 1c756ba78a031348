"""The lists of words behind recognition, turned once into what a word speaks for.

The words of `herkenning.yaml` go before the search words of the product groups, and both before the CPV descriptions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from knowledge.dutch import fold, stem, words
from knowledge.vocabulary import Vocabulary

GENERAL = "algemeen"  # the list of words of a category that belong to no product group in particular
STRONG, PLAIN, WEAK = 3.2, 2.0, 0.7

_CPV_WEIGHT, _CLEAR_SHARE, _SHORTEST_CPV_WORD = 1.1, 0.6, 5

Phrase = tuple[str, ...]


class Searchable(Protocol):
    """What recognition reads of a product group."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def search_words(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A word speaks for this category, and for this product group in it when one is named.

    `decides` marks a kind of work ("cursus", "onderzoek") that settles the matter whatever it is about.
    """

    category: str
    group: str | None
    weight: float
    decides: bool = False


def phrase_of(text: str) -> Phrase:
    """The stems of the words of a text."""
    return tuple(stem(word) for word in words(fold(text)))


def empty_forms(vocabulary: Vocabulary) -> frozenset[str]:
    """Words that say nothing about what is bought, in the form in which they are listed."""
    wants, refusal = vocabulary.intent, vocabulary.refusal
    lists = (
        vocabulary.ignored,
        vocabulary.places,
        vocabulary.contexts,
        wants.verbs,
        wants.wishes,
        wants.own,
        refusal.question_words,
        refusal.asking_verbs,
        refusal.subjects,
        refusal.telling_verbs,
        refusal.orders,
        refusal.orders_with_object,
        refusal.persons,
        refusal.chat,
        refusal.errands,
        vocabulary.jobs.grades,
    )
    return frozenset(word for listed in lists for text in listed for word in words(fold(text)))


def own_forms(groups: Iterable[Searchable], vocabulary: Vocabulary) -> frozenset[str]:
    """The words that stand on their own in the lists of what is bought, in the form in which they are listed."""
    listed = [text for lists in vocabulary.words.values() for texts in lists.values() for text in texts]
    searched = [text for product in groups for text in (product.name, *product.search_words)]
    parts = (words(fold(text)) for text in (*listed, *searched))
    return frozenset(part[0] for part in parts if len(part) == 1)


def entries(
    groups: Iterable[Searchable], vocabulary: Vocabulary, empty: frozenset[str]
) -> dict[Phrase, tuple[Entry, ...]]:
    """Every word and phrase with what it speaks for."""
    spoken: dict[Phrase, set[tuple[str, str | None]]] = defaultdict(set)
    for category, lists in vocabulary.words.items():
        for group, listed in lists.items():
            for text in listed:
                spoken[phrase_of(text)].add((category, None if group == GENERAL else group))
    hired = {key for text in vocabulary.jobs.heads if len(key := phrase_of(text)) > 1}
    for key in hired:
        spoken[key] = {(vocabulary.jobs.category, vocabulary.jobs.group)}
    own = {key: {category for category, _ in pairs} for key, pairs in spoken.items()}
    jobs = {phrase_of(text) for text in vocabulary.jobs.heads}
    for product in groups:
        for text in (product.name, *product.search_words):
            key = phrase_of(text)
            if key not in own and (key in jobs or empty.issuperset(key)):
                continue
            if product.category in own.get(key, {product.category}):
                spoken[key].add((product.category, product.id))
    weights = _Weights(vocabulary)
    found: dict[Phrase, tuple[Entry, ...]] = {}
    for key, pairs in spoken.items():
        if not key:
            continue
        grouped = {category for category, group in pairs if group is not None}
        kept = sorted((pair for pair in pairs if pair[1] is not None or pair[0] not in grouped), key=str)
        weight, decides = (STRONG, True) if key in hired else weights.of(key)
        found[key] = tuple(
            Entry(category, group, weight / sqrt(len(kept)), decides) for category, group in kept
        )
    return found


class _Weights:
    """How much a phrase weighs, by the lists of strong, weak and deciding words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._strong = {phrase_of(text) for text in vocabulary.strong}
        self._weak = {phrase_of(text) for text in vocabulary.weak}
        self._deciding = {phrase_of(text) for text in vocabulary.deciding}

    def of(self, key: Phrase) -> tuple[float, bool]:
        decides = self._has(self._deciding, key)
        if key in self._weak:
            return WEAK, False
        return (STRONG if decides or self._has(self._strong, key) else PLAIN), decides

    def _has(self, listed: set[Phrase], key: Phrase) -> bool:
        """Listed itself, or one word that ends in a listed one: "rioolonderzoek" weighs as "onderzoek"."""
        if key in listed:
            return True
        return len(key) == 1 and any((key[0][at:],) in listed for at in range(3, len(key[0]) - 4))


def cpv_entries(
    cpv: Iterable[tuple[str, str]], categories: Mapping[str, str], empty: Collection[str]
) -> dict[str, tuple[Entry, ...]]:
    """For every word of the CPV descriptions the category in which most of its codes fall; nothing when none does."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    stems: dict[str, str] = {}
    lengths = sorted({len(prefix) for prefix in categories}, reverse=True)
    for code, description in cpv:
        category = next((categories[code[:size]] for size in lengths if code[:size] in categories), None)
        if category is None:
            continue
        for word in words(fold(description)):
            if len(word) < _SHORTEST_CPV_WORD:
                continue
            key = stems.get(word)
            if key is None:
                key = stems[word] = stem(word)
            counts[key][category] += 1
    found: dict[str, tuple[Entry, ...]] = {}
    for key, shares in counts.items():
        category, most = shares.most_common(1)[0]
        share = most / shares.total()
        clear = key not in empty and share >= _CLEAR_SHARE
        found[key] = (Entry(category, None, _CPV_WEIGHT * share),) if clear else ()
    return found
