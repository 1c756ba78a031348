"""Finding out what somebody wants when Moi is not sure, or does not know it."""

from __future__ import annotations

from functools import partial

import pytest

from dialogs.engine import Asking, replay
from dialogs.listed import Line, Meant
from dialogs.product import NOTHING_SAID, Request
from dialogs.questions import Unclear
from dialogs.what import OTHER, refused, suggestion_options, what
from knowledge.knowledge import Knowledge

CHAIRS, LAPTOPS = "kantoormeubilair", "ict-hardware"


def asked(knowledge: Knowledge, text: str, *suggestions: str) -> Asking:
    """What Moi asks when these words could be one of these things."""
    kept = {**NOTHING_SAID, "tekst": text, "suggesties": list(suggestions)}
    found = replay(partial(what, knowledge), {"wat": kept})
    assert isinstance(found, Asking)
    return found


def test_yes_to_one(knowledge: Knowledge) -> None:
    """One thing that is likely is confirmed with "ja"; of two "ja" chooses none."""
    one, two = (asked(knowledge, "iets", *some).question for some in ((CHAIRS,), (CHAIRS, LAPTOPS)))

    assert "Bedoel je dit?" in one.words.ask
    assert one.read("ja") == CHAIRS
    assert "Bedoel je dit?" not in two.words.ask
    with pytest.raises(Unclear, match="Dat begreep ik niet"):
        two.read("ja")


@pytest.mark.parametrize(
    ("word", "suggestions", "question"),
    [
        (None, (CHAIRS,), "2. Ik weet het niet zeker. Bedoel je dit?"),
        (None, (CHAIRS, LAPTOPS), "2. Wat komt het dichtst in de buurt?"),
        ("bank", (CHAIRS,), "2. Welke bank bedoel je?"),
    ],
)
def test_in_a_list(
    knowledge: Knowledge, word: str | None, suggestions: tuple[str, ...], question: str
) -> None:
    """A line of a list is asked about in the same way, with its number."""
    line = Line(2, {}, Request("iets", None, None, suggestions, word), "", None, None, {})

    assert Meant(knowledge, line, suggestion_options(knowledge, line.request)).words.ask == question


@pytest.mark.parametrize(("text", "remarks"), [("gronsel", ["Dit ken ik nog niet."]), ("", [])])
def test_nothing_likely(knowledge: Knowledge, text: str, remarks: list[str]) -> None:
    """Words that Moi does not know are told to be unknown; who asked for the list said none."""
    found = asked(knowledge, text)

    assert found.question.name == "categorie"
    assert [remark.text for remark in found.remarks] == remarks


@pytest.mark.parametrize(
    ("key", "kept", "something_else"),
    [("klopt", OTHER, True), ("welke/stoelen", OTHER, True), ("klopt", "ja", False), ("nodig", OTHER, False)],
)
def test_refused(key: str, kept: object, something_else: bool) -> None:
    """Only "iets anders" at one of the two questions about what was meant says that it was something else."""
    assert refused(key, kept) is something_else
