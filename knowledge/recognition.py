"""From what somebody types to a category, a product group, an amount and a quantity, or to "this is no purchase".

It knows when it does not know: then there are suggestions, or a question back for a word with two meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.amounts import Amount, read_amount, read_quantity
from knowledge.dutch import fold, stem, words
from knowledge.evidence import WordIndex
from knowledge.intent import Purpose, Refusal
from knowledge.lexicon import Searchable
from knowledge.meanings import Ambiguous, Meanings
from knowledge.vocabulary import Vocabulary
from knowledge.weighed import GUESSES, NAMES, Clue, Weighed

MOST_SUGGESTIONS = 3
SURE = 0.6
_MOST_REASONS = 8  # of a long text, enough to see why

_LETTERS = re.compile(r"(?<!')\b[a-z]+\b(?!')")
_DOUBT = 0.5  # a word that could mean something else after all
_GUESSED = 1.0  # how heavily a guess must weigh to be asked about
_UNKNOWN_WORD = 0.3  # how much an unknown word takes away, beside what a known one gives


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What it could be: a product group when one fits, else only a category."""

    group: str | None
    category: str
    score: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised in a text, in ids; `sure` when one tap to confirm is enough."""

    text: str
    purchase: bool
    category: str | None = None
    group: str | None = None
    confidence: float = 0.0
    suggestions: tuple[Suggestion, ...] = ()
    amount: Amount | None = None
    quantity: int | None = None
    ambiguous: Any = None
    words: tuple[str, ...] = ()
    sure: bool = False
    refused: Refusal | None = None
    clues: tuple[Clue, ...] = ()

    @property
    def named(self) -> bool:
        """Whether a word of our own is in it, and not only one of the CPV list or one that looks alike."""
        return any(clue.how in NAMES for clue in self.clues)


class Recogniser:
    """Recognises purchases in Dutch text; everything is prepared once, nothing is kept between texts."""

    def __init__(
        self,
        groups: Iterable[Searchable],
        categories: Mapping[str, Any],
        ambiguous: Iterable[Ambiguous],
        vocabulary: Vocabulary | Mapping[str, Any],
        cpv: Sequence[tuple[str, str]],
    ) -> None:
        known = Vocabulary.model_validate(vocabulary)
        products = tuple(groups)
        self._regional = known.regional
        self._index = WordIndex(products, known, cpv)
        self._purpose = Purpose(known)
        self._meanings = Meanings(
            ambiguous, {product.id: product.category for product in products}, known.around
        )

    def recognise(self, text: str) -> Recognition:
        """Recognise one text; any text is allowed, and only its beginning is read."""
        folded = self._fold(text)
        said = words(folded)
        weighed = self._index.weigh(said)
        asked = None
        if (key := self._meanings.find(weighed)) is not None:
            weighed = self._index.weigh(said, without=key)
            asked = self._meanings.decide(key, [stem(word) for word in said], weighed)
        ranked = weighed.ranked()
        if (refused := self._purpose.refusal(folded, weighed)) is not None:
            return Recognition(text, purchase=False, refused=refused, clues=tuple(weighed.clues))
        suggestions = _suggestions(weighed)
        category = ranked[0][0] if ranked else None
        confidence = _confidence(weighed)
        return Recognition(
            text,
            purchase=True,
            category=category,
            group=suggestions[0].group if suggestions else None,
            confidence=confidence,
            suggestions=_likely(suggestions, weighed),
            amount=read_amount(text, bare=False),
            quantity=read_quantity(text),
            ambiguous=asked,
            words=tuple(dict.fromkeys(clue.word for clue in weighed.clues if clue.category == category)),
            sure=asked is None and confidence >= SURE,
            clues=tuple(weighed.clues),
        )

    def is_report(self, text: str) -> bool:
        """Whether somebody reports that something is broken or goes wrong; only asked of what is no purchase."""
        return self._purpose.is_report(self._fold(text))

    def _fold(self, text: str) -> str:
        """The text as it is compared, with words of the region as everybody writes them."""
        return _LETTERS.sub(lambda word: self._regional.get(word[0], word[0]), fold(text))


def _confidence(weighed: Weighed) -> float:
    """How far the best category is ahead, less when words of the text are unknown."""
    ranked = weighed.ranked()
    if not ranked:
        return 0.0
    best, second = ranked[0][1], ranked[1][1] if len(ranked) > 1 else 0.0
    understood = weighed.known / (weighed.known + _UNKNOWN_WORD * weighed.unknown) if weighed.known else 0.5
    return round(best / (best + second + _DOUBT) * understood, 3)


def _suggestions(weighed: Weighed) -> tuple[Suggestion, ...]:
    found = []
    for category, score in weighed.ranked()[:MOST_SUGGESTIONS]:
        groups = [(value, group) for (owner, group), value in weighed.groups.items() if owner == category]
        best, group = max(groups, default=(0.0, None), key=lambda pair: pair[0])
        found.append(Suggestion(group if best >= score / 3 else None, category, round(score, 3)))
    return tuple(found)


def _likely(suggestions: tuple[Suggestion, ...], weighed: Weighed) -> tuple[Suggestion, ...]:
    """Only what is worth asking about: what a known word speaks for, and the heaviest thing when that is a guess.

    Of our own examples a guess in second or third place was right once in 178 times.
    """
    known = {clue.category for clue in weighed.clues if clue.how not in GUESSES}
    return tuple(
        one
        for place, one in enumerate(suggestions)
        if one.category in known or (place == 0 and one.group and one.score >= _GUESSED)
    )


def as_json(recognition: Recognition, category_names: Mapping[str, str]) -> dict[str, Any]:
    """The recognition as one JSON object for the command line; categories by their full names.

    `because` says in plain words by what it was recognised, or why it was taken for no purchase.
    """
    amount = recognition.amount

    def name(category: str | None) -> str | None:
        return None if category is None else category_names[category]

    return {
        "text": recognition.text,
        "purchase": recognition.purchase,
        "category": name(recognition.category),
        "product_group": recognition.group,
        "confidence": recognition.confidence,
        "suggestions": [
            {"category": name(one.category), "product_group": one.group} for one in recognition.suggestions
        ],
        "amount": None if amount is None else {"low": amount.low, "high": amount.high},
        "quantity": recognition.quantity,
        "because": because(recognition, category_names),
    }


def because(recognition: Recognition, category_names: Mapping[str, str]) -> list[str]:
    """Why it was recognised as this, one plain Dutch line per word that counted, the heaviest first."""
    lines = [] if recognition.refused is None else [recognition.refused.value]
    for clue in sorted(recognition.clues, key=lambda clue: -clue.weight)[:_MOST_REASONS]:
        known = f": {clue.known_as}" if clue.known_as is not None and clue.known_as != clue.word else ""
        towards = category_names[clue.category] + (f", {clue.group}" if clue.group is not None else "")
        lines.append(f"{clue.word} ({clue.how.value}{known}): {towards}")
    return lines
