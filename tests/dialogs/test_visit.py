"""Visiting a dialog shows every card once, and is much quicker than walking every path."""

from __future__ import annotations

from datetime import date
from functools import partial

from dialogs.advice import ENDS
from dialogs.engine import Asking, Finished
from dialogs.product import NOTHING_SAID
from dialogs.purchase import purchase
from dialogs.visit import visit
from knowledge.knowledge import Knowledge

TODAY = date(2026, 11, 23)
CHAIRS = {"wat": {**NOTHING_SAID, "groep": "kantoormeubilair"}, "klopt/kantoormeubilair": "ja"}


def test_every_question(knowledge: Knowledge) -> None:
    """Every question that has words is asked on some card, except what is only said unasked."""
    stops = list(visit(partial(purchase, knowledge, TODAY)))
    asked = {
        question.name
        for stop in stops
        if isinstance(stop.result, Asking)
        for question in (*stop.result.questions, *stop.result.unsaid)
    }
    ends = {stop.result.outcome.outcome for stop in stops if isinstance(stop.result, Finished)}

    assert asked == set(knowledge.words.dialogs["koop"].questions)
    assert ends == set(ENDS)


def test_thorough(knowledge: Knowledge) -> None:
    """A thorough visit comes to every other way than buying, and an ordinary one is a part of it."""
    dialog = partial(purchase, knowledge, TODAY)
    quick, thorough = (
        {repr(sorted(stop.answers.items())) for stop in visit(dialog, CHAIRS, thorough=thorough)}
        for thorough in (False, True)
    )
    ways = {
        stop.result.outcome.way
        for stop in visit(dialog, CHAIRS, thorough=True)
        if isinstance(stop.result, Finished)
    }

    assert len(quick) < len(thorough)
    assert len(ways) > 4
