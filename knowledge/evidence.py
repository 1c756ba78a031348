"""What the words of a text say about categories and product groups.

A word is looked up as it is, together with its neighbour ("bureau stoelen"), in its parts ("rioolrenovatie"), in the
CPV descriptions, and at last with a spelling mistake in it. What is known more surely weighs more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.dutch import stem
from knowledge.lexicon import STRONG, WEAK, Entry, Searchable, cpv_entries, empty_words, entries
from knowledge.vocabulary import Vocabulary

MOST_WORDS = 60  # looked at in one text
MOST_GUESSES = 6  # words of one text in which a spelling mistake is looked for

_MODIFIER, _PART_ONLY = 0.75, 0.7  # the first part of a compound; a known part of an unknown compound
_MISSPELT = 0.8
_LONG = 11  # letters from which a word may hold two spelling mistakes
_AFTER_PREPOSITION = 0.6
_PHRASE = 0.5  # added per extra word of a phrase: "openbare verlichting" says more than its words
_OVERRULED = 0.45  # what is left of the subject when the kind of work decides


@dataclass(slots=True)
class Weighed:
    """How strongly a text speaks for each category and group, and by which words."""

    categories: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    groups: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    words: list[tuple[str, str]] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    deciding: set[str] = field(default_factory=set)
    known: int = 0
    unknown: int = 0

    def add(self, found: Iterable[Entry], factor: float, word: str) -> None:
        """Count what a word of the text speaks for, `factor` times as heavily as usual."""
        for entry in found:
            self.categories[entry.category] += entry.weight * factor
            if entry.group is not None:
                self.groups[entry.category, entry.group] += entry.weight * factor
            self.words.append((entry.category, word))

    def overrule(self) -> None:
        """Let the kind of work go before its subject: a course about asbestos is a course."""
        if not self.deciding:
            return
        for category in self.categories:
            if category not in self.deciding:
                self.categories[category] *= _OVERRULED

    def ranked(self) -> list[tuple[str, float]]:
        """The categories with their weight, the heaviest first."""
        return sorted(self.categories.items(), key=lambda pair: -pair[1])


class WordIndex:
    """All words that speak for a category, made once and never changed."""

    def __init__(
        self, groups: Iterable[Searchable], vocabulary: Vocabulary, cpv: Iterable[tuple[str, str]]
    ) -> None:
        self._empty = empty_words(vocabulary)
        self._contexts = frozenset(vocabulary.contexts)
        self._phrases = entries(groups, vocabulary, self._empty)
        self._single = {phrase[0]: found for phrase, found in self._phrases.items() if len(phrase) == 1}
        self._cpv = cpv_entries(cpv, vocabulary.cpv, self._empty)
        self._longest: dict[str, int] = {}
        for phrase in self._phrases:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))
        self._jobs = {stem(word) for word in vocabulary.jobs.heads}
        self._job_endings = tuple(job for job in self._jobs if len(job) > 5)
        self._grades = {stem(word) for word in vocabulary.jobs.grades}
        self._job = Entry(vocabulary.jobs.category, vocabulary.jobs.group, 1.0)
        self._streets = tuple(stem(word) for word in vocabulary.streets.endings)
        self._street = Entry(vocabulary.streets.category, None, WEAK)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word in self._single:
            if len(word) >= 5:
                self._spellings[word[0]].append(word)

    def weigh(self, text: Sequence[str], without: str | None = None) -> Weighed:
        """Weigh the words of a folded text; the word with the stem `without` is left out."""
        content = [word for word in text[:MOST_WORDS] if without is None or stem(word) != without]
        keys = [stem(word) for word in content]
        result = Weighed()
        guesses, factor, i = MOST_GUESSES, 1.0, 0
        while i < len(content):
            word, key = content[i], keys[i]
            if word in self._contexts:
                factor = _AFTER_PREPOSITION if result.known else 1.0
                i += 1
                continue
            size, found = self._together(content, keys, i)
            if found is not None:
                result.add(found, factor * (1 + _PHRASE * (size - 1)), " ".join(content[i : i + size]))
                result.deciding.update(entry.category for entry in found if entry.decides and factor == 1)
                result.known += size
                i += size
                continue
            i += 1
            if key in self._single:
                result.add(self._single[key], factor, word)
                result.deciding.update(
                    entry.category for entry in self._single[key] if entry.decides and factor == 1
                )
                result.alone.append(key)
                result.known += 1
            elif not word[0].isalpha() or len(word) < 3:
                continue
            elif self._names_job(key) and not (key in self._empty and word != key):
                hired = factor == 1 and not result.deciding and result.known < 2
                result.add((self._job,), STRONG if hired else WEAK, word)
                result.deciding.update({self._job.category} if hired else ())
                result.known += 1
            elif key in self._empty:
                continue
            elif self._in_parts(result, word, factor):
                result.known += 1
            elif key in self._cpv:
                result.add(self._cpv[key], factor, word)
                result.known += bool(self._cpv[key])
            elif guesses and (guess := self._guess(key)) is not None:
                guesses -= 1
                result.add(self._single[guess], factor * _MISSPELT, word)
                result.alone.append(guess)
                result.known += 1
            else:
                guesses -= 1
                result.unknown += key not in self._grades
        result.overrule()
        return result

    def _together(
        self, content: Sequence[str], keys: Sequence[str], i: int
    ) -> tuple[int, tuple[Entry, ...] | None]:
        """The longest known phrase that starts here, also when a compound was written as two words."""
        for size in range(min(self._longest.get(keys[i], 0), len(keys) - i), 1, -1):
            found = self._phrases.get(tuple(keys[i : i + size]))
            if found is not None:
                return size, found
        if i + 1 < len(content) and len(content[i + 1]) > 2 and keys[i + 1] not in self._contexts:
            return 2, self._single.get(stem(content[i] + content[i + 1]))
        return 1, None

    def _names_job(self, key: str) -> bool:
        return key in self._jobs or key.endswith(self._job_endings)

    def _in_parts(self, result: Weighed, word: str, factor: float) -> bool:
        """Weigh a compound by its parts: the last one says what it is, the first one what it is for."""
        if len(word) < 6:
            return False
        if (key := self._before_empty_word(word)) is not None:
            result.add(self._single[key], factor, word)
            result.deciding.update(
                entry.category for entry in self._single[key] if entry.decides and factor == 1
            )
            return True
        tail_at, tail = next(
            ((at, key) for at in range(3, len(word) - 2) if (key := stem(word[at:])) in self._single),
            (len(word) - 2, None),
        )
        front = self._front(word, tail_at)
        if front is None and stem(word).endswith(self._streets):
            result.add((self._street,), factor, word)
            return True
        if tail is not None and (front is not None or len(word) - tail_at > 4):
            result.add(self._single[tail], factor * (1.0 if front else _PART_ONLY), word)
            result.deciding.update(
                entry.category for entry in self._single[tail] if entry.decides and factor == 1
            )
        elif front is None or len(front) < 4:
            return False
        if front is not None:
            result.add(self._single[front], factor * (_MODIFIER if tail else _PART_ONLY), word)
        return True

    def _before_empty_word(self, word: str) -> str | None:
        """The known word that makes up a compound with a word that says nothing: "deurwaardersdiensten"."""
        for at in range(4, len(word) - 4):
            key = stem(word[:at])
            if key in self._single and stem(word[at:]) in self._empty:
                return key
        return None

    def _front(self, word: str, end: int) -> str | None:
        """The longest known first part of a compound, before `end`; a short one must reach up to there."""
        for at in range(end, 2, -1):
            if at < end - 2 and at < 5:
                return None
            key = stem(word[:at])
            if len(key) > 2 and key in self._single:
                return key
        return None

    def _guess(self, key: str) -> str | None:
        if len(key) < 6 or not key.isalpha():
            return None
        mistakes = 1 if len(key) < _LONG else 2
        found = process.extractOne(
            key, self._spellings.get(key[0], ()), scorer=OSA.distance, score_cutoff=mistakes
        )
        return None if found is None else found[0]
