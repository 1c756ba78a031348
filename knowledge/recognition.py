"""From what somebody types to a category, a product group, an amount and a quantity, or to "this is no purchase".

It knows when it does not know: then there are suggestions, or a question back for a word with two meanings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from knowledge.amounts import Amount, read_amount, read_quantity
from knowledge.dutch import fold, stem, words
from knowledge.evidence import Searchable, Weighed, WordIndex
from knowledge.intent import Purpose
from knowledge.vocabulary import Vocabulary

MOST_SUGGESTIONS = 3
SURE = 0.6


class Ambiguous(Protocol):
    """A word with two meanings, each with its product group."""

    @property
    def word(self) -> str: ...


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
        self._index = WordIndex(groups, known, cpv)
        self._purpose = Purpose(known)
        self._ambiguous = {stem(fold(item.word)): item for item in ambiguous}

    def recognise(self, text: str) -> Recognition:
        """Recognise one text; any text is allowed, and only its beginning is read."""
        folded = fold(text)
        said = words(folded)
        weighed = self._index.weigh(said)
        ranked = weighed.categories.most_common(2)
        strength = ranked[0][1] if ranked else 0.0
        if not self._purpose.is_purchase(folded, said, strength, weighed.known):
            return Recognition(text, purchase=False)
        suggestions = _suggestions(weighed)
        category = ranked[0][0] if ranked else None
        confidence = 0.0
        if ranked:
            second = ranked[1][1] if len(ranked) > 1 else 0.0
            confidence = round(strength / (strength + second + 0.5), 3)
        return Recognition(
            text,
            purchase=True,
            category=category,
            group=suggestions[0].group if suggestions else None,
            confidence=confidence,
            suggestions=suggestions,
            amount=read_amount(text, bare=False),
            quantity=read_quantity(text),
            ambiguous=next((self._ambiguous[key] for word in said if (key := stem(word)) in self._ambiguous), None),
            words=tuple(dict.fromkeys(word for owner, word in weighed.words if owner == category)),
            sure=confidence >= SURE,
        )


def _suggestions(weighed: Weighed) -> tuple[Suggestion, ...]:
    found = []
    for category, score in weighed.categories.most_common(MOST_SUGGESTIONS):
        groups = [(value, group) for (owner, group), value in weighed.groups.items() if owner == category]
        best, group = max(groups, default=(0.0, None), key=lambda pair: pair[0])
        found.append(Suggestion(group if best >= score / 3 else None, category, round(score, 3)))
    return tuple(found)


def as_json(recognition: Recognition, category_names: Mapping[str, str]) -> dict[str, Any]:
    """The recognition as one JSON object for the command line; categories by their full names."""
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
    }
