"""What the walk through the talk before a purchase relies on: ways, proposals and the number of questions left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from dialogs.advice import Advice, dump, load
from dialogs.comply import LEVELS, proposals
from dialogs.engine import Asking, Dialog, Finished, replay
from dialogs.need import SITUATIONS, fitting
from dialogs.product import Request
from dialogs.questions import Fact
from dialogs.visit import visit
from dialogs.walk import fill, remaining, walk
from dialogs.what import Subject
from knowledge.knowledge import Knowledge
from tests.dialogs.conftest import DAY

SAID = Request("iets", None, None, (), None)
BUYING = {"nodig/kantoormeubilair": "weet-niet", "anders/kantoormeubilair": "toch-kopen"}


def wanted(group: str | None) -> dict[str, Any]:
    """What is kept of a request for a product group that was recognised."""
    return {"tekst": "iets", "categorie": None, "groep": group, "suggesties": [], "dubbelzinnig": None}


def road(dialog: Dialog[Advice], given: Mapping[str, Any]) -> list[Asking | Finished[Advice]]:
    """Every stop of a talk with these answers, the first example where none is given."""
    answers: dict[str, Any] = {}
    stops = [replay(dialog, answers)]
    while isinstance(asking := stops[-1], Asking):
        answers |= {key: given.get(key, kept) for key, kept in next(fill(asking)).items()}
        stops.append(replay(dialog, answers))
    return stops


def test_every_need_has_ways_and_proposals(knowledge: Knowledge) -> None:
    """Every product group and every bare category has one to three other ways in every situation, and one to three
    criteria on either route, with and without social return by rule."""
    categories = knowledge.categories
    subjects = [Subject(SAID, categories[g.category], g, None, None) for g in knowledge.groups.values()]
    subjects += [Subject(SAID, category, None, None, None) for category in categories.values()]
    without = [
        (subject.id, need)
        for subject in subjects
        for need in SITUATIONS[subject.group.nature if subject.group else "dienst"]
        if not 1 <= len(fitting(knowledge, subject.group.id if subject.group else "", need)) <= 3
    ]
    without += [
        (subject.id, f"{small=} {by_rule=}")
        for subject in subjects
        for small in (True, False)
        for by_rule in (frozenset[str](), frozenset({"social_return"}))
        if not 1 <= len(proposals(knowledge, subject, DAY, small=small, by_rule=by_rule)) <= 3
    ]

    assert (len(subjects), without) == (88, [])


def test_criteria_fit_a_small_purchase(knowledge: Knowledge) -> None:
    """Without competing offers there is no award criterion, where the group or the theme has anything else."""
    for group in knowledge.groups.values():
        subject = Subject(SAID, knowledge.categories[group.category], group, None, None)
        for found in proposals(knowledge, subject, DAY, small=True, by_rule=frozenset()):
            others = knowledge.criteria(group.id, found.theme.id)
            tendered = {"gunningscriterium", "selectiecriterium", "geschiktheidseis"}

            assert found.criterion.type not in tendered or all(other.type in tendered for other in others)


def test_proposals_follow_the_ambition(knowledge: Knowledge) -> None:
    """A theme with a higher ambition gets a criterion of a higher level where there is one."""
    group = knowledge.groups["kantoormeubilair"]
    subject = Subject(SAID, knowledge.categories[group.category], group, None, None)
    for found in proposals(knowledge, subject, DAY, small=False, by_rule=frozenset()):
        aim = LEVELS.index(knowledge.level_match(found.level).criteria)
        levels = [LEVELS.index(other.level) for other in knowledge.criteria(group.id, found.theme.id)]
        best = min(levels, key=lambda level: (level < aim, abs(level - aim)))

        assert LEVELS.index(found.criterion.level) == best


@pytest.mark.parametrize("amount", [1_000.0, 50_000.0, 300_000.0])
def test_questions_left(dialog: Dialog[Advice], amount: float) -> None:
    """ "Nog 2 tot 4 vragen" is true: at no stop more or fewer come than was said."""
    stops = road(
        dialog,
        {
            "wat": wanted("kantoormeubilair"),
            "waarde": {"low": amount, "high": amount},
            "anders/kantoormeubilair": "toch-kopen",
        },
    )
    kept = [{a.question.key: a.kept for a in stop.trail} for stop in stops]
    said = [remaining(dialog, answers) for answers in kept]

    assert all(
        low <= left <= high for left, (low, high) in zip(range(len(stops) - 2, -1, -1), said, strict=False)
    )
    assert all(later[1] <= sooner[1] for sooner, later in pairwise(said))
    assert said[-1] == (0, 0)


def test_start_in_the_middle(dialog: Dialog[Advice]) -> None:
    """A walk can start from what was already answered, and keeps to it."""
    start = {"wat": wanted("kantoormeubilair"), "klopt/kantoormeubilair": "ja", **BUYING}
    start["waarde"] = {"low": 500.0, "high": 500.0}
    paths = list(walk(dialog, start))

    assert paths
    assert all(path.finished.outcome.group == "kantoormeubilair" for path in paths)
    assert paths[0].keys[:2] == ("wat", "klopt/kantoormeubilair")


def test_kept_advice(dialog: Dialog[Advice]) -> None:
    """An advice that was kept as plain JSON comes back as it was, also when a later Moi knows more."""
    value = {"low": 300_000.0, "high": 300_000.0}
    given = {"wat": wanted("kantoormeubilair"), "waarde": value, "anders/kantoormeubilair": "toch-kopen"}
    end = road(dialog, given)[-1]

    assert isinstance(end, Finished)
    assert end.outcome.themes
    assert end.outcome.money == ()
    assert load({**json.loads(json.dumps(dump(end.outcome))), "later": 1}) == end.outcome


def test_every_answer_in_words(dialog: Dialog[Advice]) -> None:
    """Every answer on the way to any card can be shown, also one that was said unasked."""
    results = [stop.result for stop in visit(dialog)]
    said = [answered for result in results for answered in (*result.trail, *result.said)]
    # What Moi looked up is nobody's answer, and is told in the question.
    answers = [answered for answered in said if not isinstance(answered.question, Fact)]

    assert all(answered.question.show(answered.value) for answered in answers)
