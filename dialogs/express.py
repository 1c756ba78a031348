"""The express card: the short route on one card, for people who know the way (PRODUCT §2 and §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.need import NOT_NEEDED
from dialogs.numbers import AmountQuestion
from dialogs.product import Product
from dialogs.questions import Choice, Question, Text, Unclear
from dialogs.what import DIALOG, product_examples
from knowledge.knowledge import Knowledge

NEED = "nodig"
SITUATIONS = ("kapot", "oud-maar-heel", "erbij", "nieuw", "loopt-af", "verplicht", "weet-niet", NOT_NEEDED)


def express_questions(knowledge: Knowledge) -> tuple[Question[Any], ...]:
    """The five questions of the short route: what, for what goal, is it needed, how much money, and when."""
    words = knowledge.words.question
    return (
        Product("wat", words(DIALOG, "wat"), knowledge.recognise, lambda: product_examples(knowledge)),
        Text("doel", words(DIALOG, "doel"), optional=True),
        Choice(NEED, words(DIALOG, NEED), only=SITUATIONS),
        AmountQuestion("waarde", words(DIALOG, "waarde"), optional=True),
        Choice("wanneer", words(DIALOG, "wanneer"), optional=True),
    )


def express_answers(knowledge: Knowledge, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the express card -> several answers at once. Raises Unclear when a field cannot be read.

    What the sentence already said is kept; a field of its own goes before it.
    """
    answers: dict[str, Any] = {}
    for question in express_questions(knowledge):
        typed = fields.get(question.key, "").strip()
        if not typed and question.optional:
            continue
        if not typed:
            raise Unclear(f"Vul nog in: {question.words.ask}")
        heard = question.hear(typed)
        if question.key == NEED:
            group = answers["wat"]["groep"]
            heard = {f"{NEED}/{group}": heard[NEED]} if group else {}
        answers |= heard
    return answers
