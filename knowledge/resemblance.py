"""What an unknown word could be about, by the known words that begin or end as it does.

Dutch writes a new thing as a new compound: "verkeersregeltechnisch" is in no list, but begins as "verkeersregelinstallatie";
"biebmeubilair" ends as "kantoormeubilair". What looks most alike is in the neighbourhood in two sorted lists, so that
this costs nothing to make and hardly anything to ask, however many words are known.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.lexicon import PLAIN, Entry

_NEAR = 8  # neighbours looked at on either side
_LEAST, _SHORTEST = 4, 6  # letters in common; letters of the word
_LEAST_SHARE = 0.4  # of the likeness that must be for one category, else the word says nothing
_CLOSE = 0.6  # of the letters in common from which a word is as good as known
_CPV = 0.3  # a word of the CPV list says less than one of our own


@dataclass(frozen=True, slots=True)
class Alike:
    """A category that a word could belong to, with its share of the likeness and the known word most like it."""

    category: str
    group: str | None
    share: float
    known: str


def _heaviest(groups: Mapping[str, float]) -> str | None:
    return max(groups, key=lambda group: groups[group], default=None)


class Resemblance:
    """Known words by their beginning and by their end."""

    def __init__(self, own: Mapping[str, tuple[Entry, ...]], cpv: Mapping[str, tuple[Entry, ...]]) -> None:
        self._own, self._cpv = own, cpv
        known = own.keys() | {word for word, found in cpv.items() if found}
        self._by_beginning = sorted(known)
        self._by_end = sorted(word[::-1] for word in known)
        # A text is weighed more than once, and people name the same things.
        self.ranked = lru_cache(maxsize=1024)(self._ranked)

    def of(self, word: str) -> tuple[tuple[Entry, ...], str | None]:
        """What an unknown word speaks for, as one category and group at most, and the known word most like it."""
        found = self.ranked(word)
        if not found or found[0].share < _LEAST_SHARE:
            return (), None
        best = found[0]
        same = max(_same(best.known, word), _same(best.known[::-1], word[::-1]))
        close = min(1.0, same / len(word) / _CLOSE)
        return (Entry(best.category, best.group, PLAIN * best.share * close),), best.known

    def _ranked(self, word: str) -> tuple[Alike, ...]:
        """The categories of the words that begin or end as this one does, the likeliest first."""
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        categories: dict[str, float] = defaultdict(float)
        groups: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        nearest: dict[str, tuple[float, str]] = {}
        for alike, known in self._neighbours(word):
            for entry in self._own.get(known) or self._cpv.get(known, ()):
                value = alike * entry.weight / PLAIN * (1.0 if known in self._own else _CPV)
                categories[entry.category] += value
                if entry.group is not None:
                    groups[entry.category][entry.group] += value
                nearest[entry.category] = max(nearest.get(entry.category, (0.0, "")), (value, known))
        total = sum(categories.values())
        return tuple(
            Alike(category, _heaviest(groups[category]), value / total, nearest[category][1])
            for category, value in sorted(categories.items(), key=lambda pair: -pair[1])
        )

    def _neighbours(self, word: str) -> Iterable[tuple[float, str]]:
        """How much each neighbour is like the word, with the neighbour."""
        for listed, key, backwards in ((self._by_beginning, word, False), (self._by_end, word[::-1], True)):
            at = bisect(listed, key)
            # Further away there is ever less in common.
            for side in (range(at - 1, max(-1, at - _NEAR - 1), -1), range(at, min(len(listed), at + _NEAR))):
                for place in side:
                    near = listed[place]
                    same = _same(near, key)
                    if same < _LEAST:
                        break
                    yield same * same * same / max(len(near), len(key)), near[::-1] if backwards else near


def _same(one: str, other: str) -> int:
    """How many letters two words have in common from the beginning."""
    same = 0
    for letter, beside in zip(one, other, strict=False):
        if letter != beside:
            break
        same += 1
    return same
