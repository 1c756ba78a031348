"""What the words of a text say about categories and product groups: an index of words, and the weighing of a text.

A word is looked up as it is, together with its neighbour ("bureau stoelen"), in its parts ("rioolrenovatie"), in the
CPV descriptions, and at last with a spelling mistake in it. What is known more surely weighs more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.dutch import fold, stem, words
from knowledge.vocabulary import Vocabulary

GENERAL = "algemeen"  # the list of words of a category that belong to no product group in particular
MOST_WORDS = 60  # looked at in one text
MOST_GUESSES = 6  # words of one text in which a spelling mistake is looked for

_STRONG, _PLAIN, _WEAK = 3.2, 2.0, 0.7
_MODIFIER, _PART_ONLY = 0.75, 0.7  # the first part of a compound; a known part of an unknown compound
_MISSPELT = 0.8
_CPV = 1.1
_AFTER_PREPOSITION = 0.6
_PHRASE = 0.5  # added per extra word of a phrase: "openbare verlichting" says more than its words


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
    """A word speaks for this category, and for this product group in it when one is named."""

    category: str
    group: str | None
    weight: float


@dataclass(slots=True)
class Weighed:
    """How strongly a text speaks for each category and group, and by which words."""

    categories: Counter[str] = field(default_factory=Counter)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)
    words: list[tuple[str, str]] = field(default_factory=list)
    known: int = 0
    unknown: int = 0

    def add(self, entries: Iterable[Entry], factor: float, word: str) -> None:
        for entry in entries:
            self.categories[entry.category] += entry.weight * factor  # type: ignore[assignment]
            if entry.group is not None:
                self.groups[entry.category, entry.group] += entry.weight * factor  # type: ignore[assignment]
            self.words.append((entry.category, word))


class WordIndex:
    """All words that speak for a category, made once and never changed."""

    def __init__(
        self, groups: Iterable[Searchable], vocabulary: Vocabulary, cpv: Iterable[tuple[str, str]]
    ) -> None:
        self._ignored = {stem(word) for text in (*vocabulary.ignored, *vocabulary.places) for word in words(fold(text))}
        self._contexts = frozenset(vocabulary.contexts)
        self._jobs = {stem(word) for word in vocabulary.jobs.heads}
        self._grades = {stem(word) for word in vocabulary.jobs.grades}
        self._job = Entry(vocabulary.jobs.category, vocabulary.jobs.group, 1.0)
        self._phrases = _phrases(groups, vocabulary)
        self._longest: dict[str, int] = {}
        for phrase in self._phrases:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))
        self._single = {phrase[0]: entries for phrase, entries in self._phrases.items() if len(phrase) == 1}
        self._cpv = _cpv_words(cpv, vocabulary.cpv, self._ignored)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word in self._single:
            if len(word) >= 5:
                self._spellings[word[0]].append(word)

    def __contains__(self, word: str) -> bool:
        return stem(word) in self._single

    def weigh(self, text: Sequence[str], without: str | None = None) -> Weighed:
        """Weigh the words of a folded text; the word `without` is left out of it."""
        result = Weighed()
        content = [word for word in text[:MOST_WORDS] if word != without]
        keys = [stem(word) for word in content]
        guesses, factor, i = MOST_GUESSES, 1.0, 0
        while i < len(content):
            word, key = content[i], keys[i]
            if word in self._contexts:
                factor = _AFTER_PREPOSITION if result.categories else 1.0
                i += 1
                continue
            if (size := self._phrase_at(keys, i)) > 1:
                entries = self._phrases[tuple(keys[i : i + size])]
                result.add(entries, factor * (1 + _PHRASE * (size - 1)), " ".join(content[i : i + size]))
                result.known += size
                i += size
                continue
            if i + 1 < len(content) and (joined := self._single.get(stem(word + content[i + 1]))) is not None:
                result.add(joined, factor * (1 + _PHRASE), f"{word} {content[i + 1]}")
                result.known += 2
                i += 2
                continue
            i += 1
            if key in self._single:
                result.add(self._single[key], factor, word)
                result.known += 1
            elif key in self._ignored or not word[0].isalpha() or len(word) < 3:
                continue
            elif self._names_job(key, word):
                first = not result.known
                result.add((self._job,), _STRONG * 1.25 if first else _WEAK, word)
                result.known += 1
                factor = _AFTER_PREPOSITION if first else factor
            elif self._in_parts(result, word, factor):
                result.known += 1
            elif (shares := self._cpv.get(key)) is not None:
                result.add(shares, factor, word)
                result.known += bool(shares)
            elif guesses and (guess := self._guess(key)) is not None:
                guesses -= 1
                result.add(self._single[guess], factor * _MISSPELT, word)
                result.known += 1
            else:
                guesses -= 1
                result.unknown += key not in self._grades
        return result

    def _phrase_at(self, keys: Sequence[str], i: int) -> int:
        for size in range(min(self._longest.get(keys[i], 0), len(keys) - i), 1, -1):
            if tuple(keys[i : i + size]) in self._phrases:
                return size
        return 0

    def _names_job(self, key: str, word: str) -> bool:
        return key in self._jobs or any(len(word) > len(head) + 2 and key.endswith(head) for head in self._jobs if len(head) > 5)

    def _in_parts(self, result: Weighed, word: str, factor: float) -> bool:
        if len(word) < 6:
            return False
        tail_at, tail = next(
            ((at, key) for at in range(3, len(word) - 2) if (key := stem(word[at:])) in self._single),
            (len(word), None),
        )
        front = self._front(word, tail_at)
        if tail is not None and (front is not None or len(tail) > 3):
            result.add(self._single[tail], factor * (1.0 if front else _PART_ONLY), word)
            if front is not None:
                result.add(self._single[front], factor * _MODIFIER, word)
            return True
        front = self._front(word, len(word) - 2)
        if front is not None and len(front) > 3:
            result.add(self._single[front], factor * _PART_ONLY, word)
            return True
        return False

    def _front(self, word: str, end: int) -> str | None:
        """The longest known first part of a compound, before `end`."""
        return next(
            (key for at in range(end, 2, -1) if (key := stem(word[:at])) in self._single and len(key) > 2), None
        )

    def _guess(self, key: str) -> str | None:
        if len(key) < 6 or not key.isalpha():
            return None
        mistakes = 1 if len(key) < 9 else 2
        found = process.extractOne(key, self._spellings.get(key[0], ()), scorer=OSA.distance, score_cutoff=mistakes)
        return None if found is None else found[0]


def _phrases(groups: Iterable[Searchable], vocabulary: Vocabulary) -> dict[tuple[str, ...], tuple[Entry, ...]]:
    """Every word and phrase with what it speaks for; the vocabulary overrules the search words of a group."""
    strong, weak = ({_key(word) for word in listed} for listed in (vocabulary.strong, vocabulary.weak))

    def weight(key: tuple[str, ...]) -> float:
        return _STRONG if key in strong else _WEAK if key in weak else _PLAIN

    spoken: dict[tuple[str, ...], set[tuple[str, str | None]]] = defaultdict(set)
    for category, lists in vocabulary.words.items():
        for group, listed in lists.items():
            for word in listed:
                spoken[_key(word)].add((category, None if group == GENERAL else group))
    own = {key: {category for category, _ in entries} for key, entries in spoken.items()}
    for product in groups:
        for word in (product.name, *product.search_words):
            key = _key(word)
            if key and product.category in own.get(key, {product.category}):
                spoken[key].add((product.category, product.id))
    found: dict[tuple[str, ...], tuple[Entry, ...]] = {}
    for key, pairs in spoken.items():
        if not key:
            continue
        with_group = {category for category, group in pairs if group is not None}
        pairs = {(category, group) for category, group in pairs if group is not None or category not in with_group}
        found[key] = tuple(
            Entry(category, group, weight(key) / len(pairs)) for category, group in sorted(pairs, key=str)
        )
    return found


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(fold(phrase)))


def _cpv_words(
    cpv: Iterable[tuple[str, str]], categories: Mapping[str, str], ignored: set[str]
) -> dict[str, tuple[Entry, ...]]:
    """For every word of the CPV descriptions the category in which most of its codes fall, if one does."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    stems: dict[str, str] = {}
    lengths = sorted({len(prefix) for prefix in categories}, reverse=True)
    for code, description in cpv:
        category = next((categories[code[:size]] for size in lengths if code[:size] in categories), None)
        if category is None:
            continue
        for word in words(fold(description)):
            if len(word) < 4:
                continue
            key = stems.get(word)
            if key is None:
                key = stems[word] = stem(word)
            counts[key][category] += 1
    found = {}
    for key, shares in counts.items():
        category, most = shares.most_common(1)[0]
        share = most / shares.total()
        clear = key not in ignored and share >= 0.6
        found[key] = (Entry(category, None, _CPV * share),) if clear else ()
    return found
