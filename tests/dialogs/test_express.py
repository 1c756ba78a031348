"""The express card: the short route on one card."""

from __future__ import annotations

import pytest

from dialogs.engine import Asking, Dialog, Finished, replay
from dialogs.express import express_answers, express_questions
from dialogs.questions import Unclear
from dialogs.walk import fill
from knowledge.knowledge import Knowledge

FILLED = {
    "wat": "12 bureaustoelen",
    "doel": "Iedereen zit goed.",
    "nodig": "kapot",
    "waarde": "2500",
    "wanneer": "schuift",
}


def test_five_fields(knowledge: Knowledge) -> None:
    """The card has five fields, and only what and whether it is needed have to be filled in."""
    questions = express_questions(knowledge)

    assert [question.key for question in questions] == ["wat", "doel", "nodig", "waarde", "wanneer"]
    assert [question.key for question in questions if not question.optional] == ["wat", "nodig"]


def test_examples_of_its_own(knowledge: Knowledge) -> None:
    """Every field has examples that mean something."""
    for question in express_questions(knowledge):
        assert [question.value(kept) for kept in question.examples]


def test_several_answers_at_once(knowledge: Knowledge) -> None:
    """One card answers everything on it, also what the words say by themselves."""
    answers = express_answers(knowledge, FILLED)

    assert answers["aantal"] == 12
    assert answers["nodig/kantoormeubilair"] == "kapot"
    assert answers["waarde"] == {"low": 2_500.0, "high": 2_500.0}
    assert answers["wanneer"] == "schuift"


def test_own_field_goes_first(knowledge: Knowledge) -> None:
    """An amount in its own field goes before one in the sentence."""
    answers = express_answers(knowledge, {**FILLED, "wat": "12 bureaustoelen voor 9000 euro"})

    assert answers["waarde"] == {"low": 2_500.0, "high": 2_500.0}


def test_few_questions_left(knowledge: Knowledge, dialog: Dialog[object]) -> None:
    """After the card only a tap or three remain."""
    answers = express_answers(knowledge, FILLED)
    taps = 0
    while isinstance(stop := replay(dialog, answers), Asking):
        wish = {"anders/kantoormeubilair": "toch-kopen"}
        answers |= {key: wish.get(key, kept) for key, kept in next(fill(stop)).items()}
        taps += 1

    assert isinstance(stop, Finished)
    assert taps == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wat": ""}, "Vul nog in: Wat wil je kopen"),
        ({"nodig": " "}, "Vul nog in: Hebben we het wel nodig"),
        ({"waarde": "best veel"}, "Noem een bedrag"),
        ({"wat": "asdf"}, "Vertel in een paar woorden"),
    ],
)
def test_what_is_missing(knowledge: Knowledge, change: dict[str, str], said: str) -> None:
    """What is missing or cannot be read is named."""
    with pytest.raises(Unclear, match=said):
        express_answers(knowledge, {**FILLED, **change})


def test_unknown_product(knowledge: Knowledge) -> None:
    """When it is not clear what it is about, the answer about the need is asked again, for that product."""
    answers = express_answers(knowledge, {**FILLED, "wat": "een nieuwe bank"})

    assert not [key for key in answers if key.startswith("nodig")]


def test_left_open(knowledge: Knowledge) -> None:
    """What is optional and was left open is not kept."""
    assert "doel" not in express_answers(knowledge, {**FILLED, "doel": ""})
