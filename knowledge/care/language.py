"""Which sentences are harder than B1: what is hard about them, and what to write rather.

Reading ease is that of Flesch as Douma fitted it to Dutch (206.84 - 0.77 x syllables per hundred words - 0.93 x words
per sentence): 100 is very easy, 30 a legal text. A single long word is no mistake in Dutch, so a word only counts as
hard when it is long and not made of words that our own texts use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyphen  # type: ignore[import-untyped]

from knowledge.care.material import Finding, Material, Passage, passages
from knowledge.plain_words import PlainWords

LONGEST_SENTENCE = 25  # Words. B1 aims at fifteen; from here on a reader must read again.
HARD_TO_READ = 20.0  # Under 30 a text reads like a law; one sentence may be a little under that.
ENOUGH_WORDS = 10  # Reading ease says little about fewer words.
LONG_WORD = 17  # Letters; Dutch joins words, so shorter ones are rarely the trouble.
MANY_SYLLABLES = 5
KNOWN_FROM = 3  # A word in so many texts of ours is a word of the house.
SHORTEST_PART = 4
PASSIVE_FROM = 14  # Words; in a short sentence the passive hurts nobody.

SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"'*{])|\s*[|\n]\s*|(?<=[;:])\s+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
FILL_IN = re.compile(r"\{\w+\}")
MARKS = str.maketrans("", "", '*“”"')
PASSIVE = re.compile(r"\b(?:wordt|worden|werd|werden)\b", re.IGNORECASE)


def hard_to_read(material: Material, words: PlainWords) -> Iterator[Finding]:
    """Say of each hard sentence what is hard and what helps."""
    texts = list(passages(material.contents))
    reader = Reader(words, [passage.text for passage in texts], _names(material))
    for passage in texts:
        yield from _in_passage(material, reader, passage)


def _names(material: Material) -> list[str]:
    """Give the words that people type and the names of items: those are known, however long."""
    known = material.knowledge
    groups = known.groups.values()
    return [
        *(description for _, description in known.cpv),
        *(word for lists in known.vocabulary.words.values() for words in lists.values() for word in words),
        *(word for group in groups for word in (group.name, *group.search_words)),
        *(category.name for category in known.categories.values()),
        *(theme.name for theme in known.themes.values()),
        *(role.name for role in known.roles.values()),
        *(name for label in known.labels.values() for name in label.names),
        *(form.name for form in known.contract_forms.values()),
    ]


def _in_passage(material: Material, reader: Reader, passage: Passage) -> Iterator[Finding]:
    for sentence in sentences(passage.text):
        if trouble := reader.trouble(sentence, listing=passage.part == "bewijs"):
            said = "; ".join(one.said for one in trouble)
            message = f"'{sentence}' {said}."
            yield material.finding(
                "taal", passage.name, passage.path, message, sum(one.weight for one in trouble)
            )


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences, without marks; what Moi fills in is left as it is."""
    return [part for part in (part.strip() for part in SENTENCE.split(text.translate(MARKS))) if part]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that makes a sentence hard, with what to do about it."""

    said: str
    weight: float


class Reader:
    """Reads sentences as somebody at B1 does, who knows the words of our own texts."""

    def __init__(self, words: PlainWords, texts: Collection[str], names: Collection[str]) -> None:
        forms = {form.lower(): word.rather for word in words.words for form in (word.word, *word.also)}
        self._rather = forms
        self._officials = _any_of(forms)
        self._first = {WORD.findall(form)[0] for form in forms}
        self._terms = _any_of(term.lower() for term in words.terms)
        counted = Counter(word for text in texts for word in set(WORD.findall(text.lower())))
        named = {word for name in names for word in WORD.findall(name.lower())}
        self._known = {word for word, often in counted.items() if often >= KNOWN_FROM} | named
        self._parts = named | counted.keys()
        self._breaks = pyphen.Pyphen(lang="nl_NL", left=1, right=1)
        self._counted: dict[str, int] = {}

    def trouble(self, sentence: str, *, listing: bool = False) -> list[Trouble]:
        """List what is hard about a sentence; nothing when it reads well.

        A `listing` names documents, by the names they have, and is no sentence: only words of officials are found.
        """
        plain = FILL_IN.sub("iets", sentence)
        without_terms = self._terms.sub("iets", plain.lower())
        words = WORD.findall(without_terms)
        # Looking for hundreds of words takes long, and most sentences have none of their beginnings.
        official = [] if self._first.isdisjoint(words) else self._officials.findall(without_terms)
        found = [
            Trouble(f"Schrijf liever '{self._rather[form]}' dan '{form}'", 2.0)
            for form in dict.fromkeys(official)
        ]
        if listing:
            return found
        found += [
            Trouble(f"'{word}' is een lang woord. Knip het, of zeg het met een werkwoord", 1.0)
            for word in dict.fromkeys(words)
            if self._is_hard(word)
        ]
        if len(words) > LONGEST_SENTENCE:
            found.append(Trouble(f"De zin telt {len(words)} woorden. Maak er twee van", len(words) / 10))
        elif len(words) >= PASSIVE_FROM and len(PASSIVE.findall(plain)) > 1:
            found.append(Trouble("Twee keer 'wordt' of 'worden'. Zeg wie het doet", 1.0))
        if len(words) >= ENOUGH_WORDS and (ease := self.ease(words)) < HARD_TO_READ:
            found.append(
                Trouble(f"Leesbaarheid {ease:.0f} van 100. Gebruik kortere woorden", (40 - ease) / 10)
            )
        return found

    def ease(self, words: Collection[str]) -> float:
        """The Flesch-Douma reading ease of one sentence."""
        syllables = sum(map(self._syllables, words))
        return 206.84 - 77 * syllables / len(words) - 0.93 * len(words)

    def _syllables(self, word: str) -> int:
        if word not in self._counted:
            self._counted[word] = len(self._breaks.positions(word)) + 1
        return self._counted[word]

    def _is_hard(self, word: str) -> bool:
        if len(word) < LONG_WORD or "-" in word or word in self._known:
            return False
        if self._syllables(word) < MANY_SYLLABLES:
            return False
        return not self._is_made_of_known(word)

    def _is_made_of_known(self, word: str) -> bool:
        """Whether a word is two words of ours, with or without a letter between: "meubel" and "paspoort"."""
        return any(
            word[:at] in self._parts and word[at + joint :] in self._parts
            for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
            for joint in (0, 1, 2)
            if word[at : at + joint] in ("", "s", "e", "en")
        )


def _any_of(words: Collection[str] | Iterator[str]) -> re.Pattern[str]:
    listed = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed)) or '(?!)'})(?!\w)")
