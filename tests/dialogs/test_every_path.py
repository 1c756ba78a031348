"""Every path of the talk before a purchase, held to the promises of Moi, and every question that is met on the way.

All that walks stands in this file: `.ci/run` walks without counting branches, which takes three times as long, because
the other tests of the dialogs reach every branch.
"""

from __future__ import annotations

import pytest

from bot.settings import PROJECT
from dialogs.advice import ENDS
from dialogs.product import Product
from dialogs.questions import Choice, Several, Text, Unclear
from dialogs.walk import diagram
from tests.dialogs.conftest import Walked
from tests.dialogs.promises import PROMISES, Promise


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise(promise: Promise, walked: Walked) -> None:
    """What Moi promises holds on every path."""
    assert walked.broken[promise.__name__] == [], promise.__doc__


def test_all_ends(walked: Walked) -> None:
    """Each of the four ends can be reached, and there is no other."""
    assert set(walked.summary.outcomes) == set(ENDS)


def test_drawn(walked: Walked) -> None:
    """The drawing in the documentation is that of the talk as it is now."""
    drawn = diagram(walked.summary)

    assert drawn.startswith("flowchart ")
    assert all(end in drawn for end in ENDS)
    assert drawn in (PROJECT / "docs" / "gesprek.md").read_text(), (
        "docs/gesprek.md: run app.py walk --diagram again"
    )


def test_many_paths(walked: Walked) -> None:
    """The walk is a real one: it does not end after a handful of paths."""
    assert walked.summary.paths > 10_000


def test_every_example_has_a_meaning(walked: Walked) -> None:
    """Every example of every question in the talk can be kept and means something, in words too."""
    for question in walked.questions.values():
        for kept in question.examples:
            assert isinstance(question.show(question.value(kept)), str), (question.key, kept)


def test_options_can_be_typed(walked: Walked) -> None:
    """Whoever types what is on a button, or any word for it, says the same as whoever taps it."""
    for question in walked.questions.values():
        if not isinstance(question, Choice):
            continue
        for id_, option in question.options.items():
            assert question.read(option.label) == id_, question.key
            assert question.take({question.key: id_}) == id_, question.key
            assert all(question.read(call) == id_ for call in option.said), (question.key, option.said)


def test_what_is_shown_can_be_typed(walked: Walked) -> None:
    """An answer as it is shown in the overview can be typed back, for every question with options."""
    for question in walked.questions.values():
        if isinstance(question, Several):
            for kept in question.examples:
                value = question.value(kept)

                assert set(question.value(question.read(question.show(value)))) == set(value) - {"nee"} or (
                    question.value(question.read(question.show(value))) == value
                )


def test_every_question_says_what_it_wants(walked: Walked) -> None:
    """Nonsense gets a sentence that says what can be answered, never an error."""
    for question in walked.questions.values():
        if isinstance(question, Text | Product):
            continue
        with pytest.raises(Unclear, match=r"\w"):
            question.read("qzx wvj")
