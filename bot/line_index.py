"""Finding in a list what somebody means: by its words, as a part of a compound, with a spelling mistake, or as something
of the same product group.

The words of the list are kept in memory and made again when the list, or the knowledge, is another one. What changes
without the list, such as what is free, is never kept here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection

from knowledge.dutch import fold, stem, words
from knowledge.knowledge import Knowledge
from knowledge.lexicon import empty_forms

T = TypeVar("T")

SAID, TAIL, HEAD, MISSPELT, SAME_GROUP = 1.0, 0.8, 0.5, 0.7, 0.3
CLOSE_TO_BEST = 0.6  # A line that fits much less well than the best one is not meant.
SHORTEST_PART, SHORTEST_MISSPELT, LONG = 4, 5, 9  # letters
MOST_WORDS = 12
LOOKED_AT = 500  # The most lines of which is seen at once whether they still hold.
LAST = chr(0x10FFFF)  # After every letter.

Words = tuple[str, str, str | None]
"""Of a line its id, what it is and its product group."""


class LineIndex:
    """The words of one version of the list, for one version of the knowledge."""

    def __init__(self, knowledge: Knowledge, lines: Iterable[tuple[str, str, str | None]]) -> None:
        self._knowledge = knowledge
        self._empty = empty_forms(knowledge.vocabulary)
        self._ids: list[str] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_group: dict[str, list[int]] = defaultdict(list)
        stems: dict[str, str] = {}
        for place, (id_, what, group) in enumerate(lines):
            self._ids.append(id_)
            if group:
                self._by_group[group].append(place)
            for word in dict.fromkeys(words(fold(what))):
                if word not in stems:
                    stems[word] = stem(word)
                self._by_word[stems[word]].append(place)
        # Numbers on stickers are found as they are, and are no part of a word.
        self._spellings = sorted(word for word in self._by_word if not word.isdecimal())
        self._backwards = sorted(word[::-1] for word in self._spellings)

    def telling(self, text: str) -> list[str]:
        """The words of a text that say what is meant; none in "voor de"."""
        return [word for word in words(fold(text)) if not word.isdecimal() and word not in self._empty]

    def find(self, text: str, close: float = CLOSE_TO_BEST) -> Sequence[str]:
        """The lines that fit, best first; all of them when nothing is named ("wat staat er in het depot").

        `close` is how near to the best one a line must fit, as a part of 1.
        """
        asked = self.telling(text)
        if not asked:
            return self._ids
        scores: dict[int, float] = defaultdict(float)
        for word in asked[:MOST_WORDS]:
            best: dict[int, float] = {}
            for known, weight in self._like(stem(word)):
                for place in self._by_word[known]:
                    best[place] = max(weight, best.get(place, 0.0))
            for place, weight in best.items():
                scores[place] += weight
        found = self._knowledge.recognise(f"koop {text}")
        if found.group and found.ambiguous is None:
            for place in self._by_group.get(found.group, ()):
                scores[place] += SAME_GROUP
        enough = close * max(scores.values(), default=0.0)
        # With words of its own a line must fit by those: of the same group is enough only when nothing has them.
        chosen = [place for place, score in scores.items() if score >= enough]
        return [self._ids[place] for place in sorted(chosen, key=lambda place: (-scores[place], place))]

    def like(self, group: str | None, but: str = "") -> Sequence[str]:
        """The lines of a product group, but for one."""
        return [id_ for place in self._by_group.get(group or "", ()) if (id_ := self._ids[place]) != but]

    def _like(self, asked: str) -> list[tuple[str, float]]:
        """The words of the list that this word is, is a part of, holds, or else may be a mistake for."""
        found = [(asked, SAID)] if asked in self._by_word else []
        if len(asked) >= SHORTEST_PART:
            ends = (known[::-1] for known in _beginning(self._backwards, asked[::-1]))
            begins = _beginning(self._spellings, asked)
            holds = (
                tail
                for at in range(1, len(asked) - SHORTEST_PART + 1)
                if (tail := asked[at:]) in self._by_word
            )
            for words_like_it, weight in ((ends, TAIL), (begins, HEAD), (holds, HEAD)):
                found += [(known, weight) for known in words_like_it if known != asked]
        if not found and len(asked) >= SHORTEST_MISSPELT:
            most = 2 if len(asked) >= LONG else 1
            near = process.extract(asked, self._spellings, scorer=OSA.distance, score_cutoff=most, limit=None)
            found = [(known, MISSPELT) for known, _, _ in near]
        return found


def _beginning(sorted_words: Sequence[str], start: str) -> Sequence[str]:
    """The words that begin with these letters."""
    return sorted_words[bisect_left(sorted_words, start) : bisect_left(sorted_words, start + LAST)]


class LineSearch:
    """The index of a list as it is now, made again when it has changed. May be used from many threads.

    `version` tells which version of the list a connection sees, and `lines` gives its lines, best known first.
    """

    def __init__(
        self, version: Callable[[Connection], Hashable], lines: Callable[[Connection], Iterable[Words]]
    ) -> None:
        self._version = version
        self._lines = lines
        self._made: tuple[tuple[str, Hashable], LineIndex] | None = None

    def index(self, connection: Connection, knowledge: Knowledge) -> LineIndex:
        """The words of the list as this connection sees it."""
        wanted = (knowledge.version, self._version(connection))
        made = self._made
        if made is None or made[0] != wanted:
            made = (wanted, LineIndex(knowledge, self._lines(connection)))
            self._made = made
        return made[1]


def first_of(ids: Sequence[str], most: int, hold: Callable[[Sequence[str]], list[T]]) -> tuple[list[T], bool]:
    """The first of these lines that `hold` still gives, at most so many, and whether there are more."""
    found: list[T] = []
    at, size = 0, most * 2
    while at < len(ids) and len(found) <= most:
        found += hold(ids[at : at + size])
        # Where much falls away, further on and in larger steps.
        at, size = at + size, min(size * 4, LOOKED_AT)
    return found[:most], len(found) > most
