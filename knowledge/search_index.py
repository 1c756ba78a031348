"""The words by which inspiration packages are found, and what one typed word says about them.

A word counts in its plain form, as a part of a compound, with a spelling mistake, or where a package says it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.dutch import fold, stem, words
from knowledge.package import Kind

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge
    from knowledge.model import ProductGroup

How = Literal["naam", "zoekwoord", "deel", "lijkt-op", "tekst", "herkend", "thema"]
Key = tuple[str, ...]
Target = tuple[Kind, str]

MOST_WORDS = 24  # looked at in one question
MOST_LIKE_IT = 3
NAME, WORD = 5.0, 3.0

_PART_OF_NAME, _SAID = 2.0, 1.0
_TAIL, _HEAD, _BEGUN, _MISSPELT = 0.8, 0.5, 0.6, 0.7
_COMMON = 12  # groups; a word that more of them say tells nothing
_SHORTEST_COMPOUND, _SHORTEST_PART, _SHORTEST_MISSPELT, _LONG = 6, 4, 5, 9


@dataclass(frozen=True, slots=True)
class Match:
    """Why something was found: the typed word, how it counted, and the word of ours that it is or resembles."""

    word: str
    how: How
    ours: str


@dataclass(slots=True)
class Heard:
    """What one word or phrase of a question speaks for, with how strongly; `every` theme for words like "duurzaam"."""

    themes: dict[str, Match] = field(default_factory=dict)
    targets: dict[Target, tuple[float, Match]] = field(default_factory=dict)
    every: bool = False

    def add(self, target: Target, weight: float, match: Match) -> None:
        """Count what the word speaks for; of two reasons for the same the stronger one stays."""
        if target[0] == "thema":
            self.themes.setdefault(target[1], match)
        elif weight > self.targets.get(target, (0.0, match))[0]:
            self.targets[target] = (weight, match)

    @property
    def empty(self) -> bool:
        """Whether the word is not known."""
        return not (self.themes or self.targets or self.every)

    @property
    def is_subject(self) -> bool:
        """Whether the word names what is bought and no theme."""
        return bool(self.targets) and not self.themes and not self.every


@dataclass(frozen=True, slots=True)
class _Entry:
    target: Target
    weight: float
    how: How
    ours: str


class SearchIndex:
    """All words of all packages, made once and never changed."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._stems: dict[str, str] = {}
        spoken = knowledge.finding_words
        self._ignored = frozenset(key for text in spoken.ignored for key in self._key(text))
        self._every = frozenset(self._key(text) for text in spoken.every)
        self._phrases: dict[Key, list[_Entry]] = defaultdict(list)
        for theme in knowledge.themes.values():
            self._add(("thema", theme.id), (theme.short, *spoken.themes.get(theme.id, ())), WORD, "thema")
        for category in knowledge.categories.values():
            self._add_name(("categorie", category.id), category.name)
            self._add(("categorie", category.id), spoken.categories.get(category.id, ()), NAME, "zoekwoord")
        for group in knowledge.groups.values():
            self._add_name(("productgroep", group.id), group.name)
            self._add(("productgroep", group.id), group.search_words, WORD, "zoekwoord")
        self._longest: dict[str, int] = {}
        for phrase in (*self._phrases, *self._every):
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))
        self._single = {phrase[0]: found for phrase, found in self._phrases.items() if len(phrase) == 1}
        self._spellings = sorted(key for key in self._single if len(key) >= _SHORTEST_PART)
        self._said = self._texts(knowledge)
        self._stems.clear()

    def hear(self, text: str) -> tuple[list[Heard], tuple[str, ...]]:
        """What the words of a text speak for, and which words are not known; empty words are left out."""
        said = words(fold(text))[:MOST_WORDS]
        keys = [stem(word) for word in said]
        heard: list[Heard] = []
        unknown: list[str] = []
        i = 0
        while i < len(said):
            size = self._together(keys, i)
            if size == 1 and (keys[i] in self._ignored or len(said[i]) < 2):
                i += 1
                continue
            word = " ".join(said[i : i + size])
            one = self._weigh(word, tuple(keys[i : i + size]))
            if one.empty:
                unknown.append(word)
            else:
                heard.append(one)
            i += size
        return heard, tuple(unknown)

    def _together(self, keys: Sequence[str], i: int) -> int:
        """How many words from here on make the longest known phrase."""
        for size in range(min(self._longest.get(keys[i], 1), len(keys) - i), 1, -1):
            phrase = tuple(keys[i : i + size])
            if phrase in self._phrases or phrase in self._every:
                return size
        return 1

    def _weigh(self, word: str, key: Key) -> Heard:
        one = Heard(every=key in self._every)
        for entry in self._phrases.get(key, ()):
            one.add(entry.target, entry.weight, Match(word, entry.how, entry.ours))
        if len(key) > 1:
            return one
        if one.empty:
            self._in_parts(one, word)
        if one.empty:
            self._begun_or_misspelt(one, word, key[0])
        for group in self._said.get(key[0], ()):
            one.add(("productgroep", group), _SAID, Match(word, "tekst", word))
        return one

    def _in_parts(self, one: Heard, word: str) -> None:
        """A compound by its parts: the last one says what it is, the first one what it is for."""
        if len(word) < _SHORTEST_COMPOUND:
            return
        tails = (word[at:] for at in range(3, len(word) - _SHORTEST_PART + 1))
        heads = (word[:end] for end in range(len(word) - 2, _SHORTEST_PART - 1, -1))
        for parts, factor in ((tails, _TAIL), (heads, _HEAD)):
            for entry in next(
                (self._single[key] for part in parts if (key := stem(part)) in self._single), ()
            ):
                one.add(entry.target, entry.weight * factor, Match(word, "deel", entry.ours))

    def _begun_or_misspelt(self, one: Heard, word: str, key: str) -> None:
        """A word that was not typed to its end, or with one or two mistakes."""
        likely, factor = self._begun(key), _BEGUN
        if not likely and len(key) >= _SHORTEST_MISSPELT:
            most = 2 if len(key) >= _LONG else 1
            found = process.extract(
                key, self._spellings, scorer=OSA.distance, score_cutoff=most, limit=MOST_LIKE_IT
            )
            likely = [known for known, mistakes, _ in found if mistakes == found[0][1]]
            factor = _MISSPELT
        for known in likely[:MOST_LIKE_IT]:
            for entry in self._single[known]:
                one.add(entry.target, entry.weight * factor, Match(word, "lijkt-op", entry.ours))

    def _begun(self, key: str) -> list[str]:
        """The first known words that begin with these letters."""
        if len(key) < _SHORTEST_PART:
            return []
        at = bisect_left(self._spellings, key)
        return [known for known in self._spellings[at : at + MOST_LIKE_IT] if known.startswith(key)]

    def _key(self, text: str) -> Key:
        found = []
        for word in words(fold(text)):
            if word not in self._stems:
                self._stems[word] = stem(word)
            found.append(self._stems[word])
        return tuple(found)

    def _add(self, target: Target, texts: Iterable[str], weight: float, how: How) -> None:
        for text in texts:
            if key := self._key(text):
                self._phrases[key].append(_Entry(target, weight, how, text))

    def _add_name(self, target: Target, name: str) -> None:
        self._add(target, (name,), NAME, "naam")
        parts = [word for word in words(fold(name)) if stem(word) not in self._ignored]
        if len(parts) > 1:
            self._add(target, parts, _PART_OF_NAME, "naam")

    def _texts(self, knowledge: Knowledge) -> Mapping[str, Collection[str]]:
        """Which product groups say a word in what they advise; words that many of them say are left out."""
        said: dict[str, dict[str, None]] = defaultdict(dict)
        for group in knowledge.groups.values():
            for text in _sentences(knowledge, group):
                for key in self._key(text):
                    if len(key) >= 3 and key not in self._ignored:
                        said[key][group.id] = None
        return {key: tuple(groups) for key, groups in said.items() if len(groups) <= _COMMON}


def _sentences(knowledge: Knowledge, group: ProductGroup) -> Iterator[str]:
    yield from (chance.text for chance in group.chances)
    yield from (alternative.text for alternative in group.alternatives)
    for criterion in group.criteria:
        yield from (criterion.text, criterion.proof)
    yield from (name for id_ in group.labels for name in knowledge.labels[id_].names)
    for id_ in group.examples:
        yield from (knowledge.examples[id_].name, knowledge.examples[id_].text)
