"""Whether a text is about buying something at all.

Most of what people say to an assistant is no purchase: a greeting, a question, a report that a lamp is broken.
"""

from __future__ import annotations

from knowledge.vocabulary import Vocabulary


class Purpose:
    """Tells a purchase from everything else by the form of the sentence."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._buying = frozenset(vocabulary.intent.verbs)

    def is_purchase(self, folded: str, text: list[str], strength: float, known: float) -> bool:
        """True when somebody wants to buy; `strength` is the weight of the best category."""
        return strength > 0
