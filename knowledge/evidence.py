"""What the words of a text say about categories and product groups.

A word is looked up as it is, together with its neighbour ("bureau stoelen"), in its parts ("rioolrenovatie"), in the
CPV descriptions, and at last with a spelling mistake in it. What is known more surely weighs more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.dutch import stem
from knowledge.lexicon import STRONG, WEAK, Entry, Searchable, cpv_entries, empty_forms, entries, own_forms
from knowledge.resemblance import Resemblance
from knowledge.vocabulary import Vocabulary
from knowledge.weighed import How, Weighed

MOST_WORDS = 60  # looked at in one text
MOST_GUESSES = 6  # words of one text in which a spelling mistake is looked for

_MODIFIER, _PART_ONLY = 0.6, 0.5  # the first part of a compound; a known part of an unknown compound
_MISSPELT = 0.8
_LONG = 11  # letters from which a word may hold two spelling mistakes
_AFTER_PREPOSITION = 0.6
_PHRASE = 0.5  # added per extra word of a phrase: "openbare verlichting" says more than its words
_ALIKE = 0.8  # a word that is only like known ones


@dataclass(slots=True)
class _Reading:
    """How far the reading of one text is."""

    result: Weighed
    factor: float = 1.0
    guesses: int = MOST_GUESSES

    def after_preposition(self) -> None:
        self.factor = _AFTER_PREPOSITION if self.result.known else 1.0

    def take(
        self,
        found: tuple[Entry, ...],
        factor: float,
        word: str,
        how: How,
        size: int = 1,
        known_as: str | None = None,
    ) -> None:
        """Count a word of the text, and let it settle the kind of work when it stands in front."""
        self.result.add(found, factor * self.factor, word, how, known_as)
        self.result.known += size
        if self.factor == 1:
            self.result.decide(found)


class WordIndex:
    """All words that speak for a category, made once and never changed."""

    def __init__(
        self, groups: Iterable[Searchable], vocabulary: Vocabulary, cpv: Iterable[tuple[str, str]]
    ) -> None:
        groups = tuple(groups)
        category_of = {group.id: group.category for group in groups}
        said_of_nothing = empty_forms(vocabulary)
        # "laten" has the stem of "latten", but is never a lath.
        listed = own_forms(groups, vocabulary)
        self._shown = {stem(word): word for word in sorted(listed, key=len, reverse=True)}
        self._never = said_of_nothing - listed
        self._empty = frozenset(stem(word) for word in said_of_nothing)
        self._contexts = frozenset(vocabulary.contexts)
        self._phrases = entries(groups, vocabulary, self._empty)
        self._single = {phrase[0]: found for phrase, found in self._phrases.items() if len(phrase) == 1}
        self._cpv = cpv_entries(cpv, vocabulary.cpv, self._empty)
        self._resemblance = Resemblance(self._single, self._cpv)
        self._longest: dict[str, int] = {}
        for phrase in self._phrases:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))
        self._jobs = {stem(word) for word in vocabulary.jobs.heads}
        self._job_endings = tuple(job for job in self._jobs if len(job) > 5)
        self._beside = tuple(
            (frozenset(stem(word) for word in one.words), frozenset(one.of), (category_of[one.to], one.to))
            for one in vocabulary.beside
        )
        self._workers = vocabulary.jobs.endings
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
        reading, i = _Reading(Weighed()), 0
        while i < len(content):
            if content[i] in self._contexts:
                reading.after_preposition()
                i += 1
                continue
            size, found = self._together(content, keys, i)
            if found is not None:
                phrase = " ".join(content[i : i + size])
                reading.take(found, 1 + _PHRASE * (size - 1), phrase, How.LISTED, size)
            else:
                graded = i > 0 and keys[i - 1] in self._grades and content[i].endswith(self._workers)
                self._weigh_one(reading, content[i], keys[i], graded=graded)
            i += size if found is not None else 1
        reading.result.overrule()
        for stems, groups, to in self._beside:
            if (
                beside := next((word for word, key in zip(content, keys, strict=True) if key in stems), None)
            ) is not None:
                reading.result.shift(groups, to, beside)
        return reading.result

    def _weigh_one(self, reading: _Reading, word: str, key: str, *, graded: bool) -> None:
        """Weigh a word that is no part of a known phrase; `graded` when it is somebody senior, junior or experienced."""
        result = reading.result
        if word in self._never and not self._names_job(key):
            return
        if key in self._single and not graded:
            reading.take(self._single[key], 1.0, word, How.LISTED)
            result.alone.append(key)
        elif not word[0].isalpha() or len(word) < 3:
            return
        elif graded or (self._names_job(key) and not (key in self._empty and word != key)):
            hired = reading.factor == 1 and not result.deciding and result.known < 2
            result.add((self._job,), STRONG if hired else WEAK, word, How.JOB)
            result.deciding.update({self._job.category} if hired else ())
            result.known += 1
        elif key in self._empty:
            return
        elif not self._weigh_unlisted(reading, word, key):
            result.unknown += key not in self._grades

    def _weigh_unlisted(self, reading: _Reading, word: str, key: str) -> bool:
        """Weigh a word by its parts, the CPV list, a mistake in it, or what it looks like; False when nothing helps."""
        result = reading.result
        if (same := self._same_work(key)) is not None:
            reading.take(self._single[same], 1.0, word, How.LISTED, known_as=self._shown.get(same))
            return True
        if reading.guesses and key not in self._cpv and (guess := self._guess(key)) is not None:
            reading.guesses -= 1
            reading.take(self._single[guess], _MISSPELT, word, How.MISSPELT, known_as=self._shown.get(guess))
            result.alone.append(guess)
            return True
        if self._in_parts(reading, word):
            self._resemble(reading, word, key)
            return True
        if key in self._cpv:
            reading.take(self._cpv[key], 1.0, word, How.CPV, bool(self._cpv[key]))
            self._resemble(reading, word, key)
            return True
        reading.guesses -= 1
        self._resemble(reading, word, key)
        return False

    def _resemble(self, reading: _Reading, word: str, key: str) -> None:
        found, known = self._resemblance.of(key)
        shown = None if known is None else self._shown.get(known, known)
        reading.result.add(found, _ALIKE * reading.factor, word, How.ALIKE, shown)

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

    def _in_parts(self, reading: _Reading, word: str) -> bool:
        """Weigh a compound by its parts: the last one says what it is, the first one what it is for."""
        if len(word) < 6:
            return False
        if (key := self._before_empty_word(word)) is not None:
            reading.take(self._single[key], 1.0, word, How.PART, known_as=self._shown.get(key))
            return True
        tail_at, tail = next(
            ((at, key) for at in range(3, len(word) - 2) if (key := stem(word[at:])) in self._single),
            (len(word) - 2, None),
        )
        front = self._front(word, tail_at)
        if front is None and stem(word).endswith(self._streets):
            reading.take((self._street,), 1.0, word, How.STREET)
            return True
        if tail is not None and (front is not None or (len(tail) > 3 and len(word) - tail_at > 4)):
            reading.take(
                self._single[tail], 1.0 if front else _PART_ONLY, word, How.PART, 0, self._shown.get(tail)
            )
        elif front is None or len(front) < 4:
            return False
        if front is not None:
            factor = (_MODIFIER if tail else _PART_ONLY) * reading.factor
            reading.result.add(self._single[front], factor, word, How.PART, self._shown.get(front))
        reading.result.known += 1
        return True

    def _same_work(self, key: str) -> str | None:
        """The known name of the same work: "inzamelen" and "inzameling", "bestraten" and "bestrating"."""
        other = stem(key[:-3] + "en") if key.endswith("ing") else key + "ing"
        return other if len(key) > 5 and other in self._single else None

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
