"""The question what somebody wants to buy, which may be answered with everything at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dialogs.questions import Kept, Question, Unclear
from knowledge.recognition import Recognition
from knowledge.words import QuestionWords


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants, as understood: the typed words, category and product group when sure, else suggestions
    (ids of product groups, or of categories)."""

    said: str
    category: str | None
    group: str | None
    suggestions: tuple[str, ...]
    ambiguous: str | None


REFUSES_MVOI = re.compile(r"\bmvoi\b[^.?]*\b(niet|geen|niks)\b|\b(geen|zonder)\s+mvoi\b", re.IGNORECASE)


class Product(Question[Request]):
    """What somebody wants to buy, in their own words.

    One sentence may hold the quantity, the amount and a refusal as well; `hear` gives those under keys of their own.
    What was recognised is kept, so that a replay never has to recognise again.
    """

    def __init__(
        self,
        name: str,
        words: QuestionWords,
        recognise: Callable[[str], Recognition],
        list_examples: Callable[[], tuple[Kept, ...]],
    ) -> None:
        super().__init__(name, words)
        self.recognise = recognise
        self.list_examples = list_examples

    @property
    def examples(self) -> tuple[Kept, ...]:  # type: ignore[override]
        """Kept requests, made only when a walk wants them."""
        return self.list_examples()

    def read(self, text: str) -> Kept:
        return self.keep(self.recognise(text))

    def keep(self, found: Recognition) -> Kept:
        """What is kept of a recognition. Raises Unclear when it is no purchase."""
        if not found.purchase:
            raise Unclear(self.words.explain or self.words.ask)
        certain = found.sure and not found.ambiguous and bool(found.group or found.named)
        return {
            "tekst": found.text[:500],
            "categorie": found.category if certain else None,
            "groep": found.group if certain else None,
            "suggesties": [suggestion.group or suggestion.category for suggestion in found.suggestions][:3],
            "dubbelzinnig": found.ambiguous.word if found.ambiguous else None,
        }

    def hear(self, text: str) -> dict[str, Kept]:
        found = self.recognise(REFUSES_MVOI.sub(" ", text))
        heard: dict[str, Kept] = {self.key: {**self.keep(found), "tekst": text[:500]}}
        if found.quantity is not None:
            heard["aantal"] = found.quantity
        if found.amount is not None:
            heard["waarde"] = {"low": found.amount.low, "high": found.amount.high}
        if REFUSES_MVOI.search(text):
            heard["mvoi"] = "nee"
        return heard

    def value(self, kept: Kept) -> Request:
        request = Request(
            kept["tekst"][:500],
            kept["categorie"],
            kept["groep"],
            tuple(kept["suggesties"]),
            kept["dubbelzinnig"],
        )
        ids = request.said, request.category, request.group, *request.suggestions
        if not all(isinstance(id_, str | None) for id_ in ids):
            raise ValueError(f"{kept!r} is no request")
        return request

    def show(self, value: Request) -> str:
        return value.said


NOTHING_SAID: dict[str, Kept] = {
    "tekst": "",
    "categorie": None,
    "groep": None,
    "suggesties": [],
    "dubbelzinnig": None,
}
"""What is kept of a request that is chosen from the list instead of said."""
