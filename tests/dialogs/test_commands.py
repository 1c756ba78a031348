"""What one can always say: only as the whole message."""

from __future__ import annotations

import pytest

from dialogs.commands import Command, command
from knowledge.knowledge import Knowledge


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("terug", "terug"),
        ("Vorige vraag!", "terug"),
        ("stop", "stop"),
        ("laat maar", "stop"),
        ("waarom vraag je dit?", "waarom"),
        ("?", "hulp"),
        ("Help", "hulp"),
        ("ik wil een mens spreken", "mens"),
        ("Hoi", "groet"),
        ("Hello", "groet"),
        ("dank je wel", "bedankt"),
        ("opnieuw", "opnieuw"),
        ("lijst", "lijst"),
        ("express", "express"),
        ("verder", "verder"),
        ("tco", "reken"),
    ],
)
def test_commands(knowledge: Knowledge, typed: str, name: str) -> None:
    """A command is known by any of its words, with any capitals and punctuation."""
    assert command(knowledge, typed) == Command(name)


def test_change_what(knowledge: Knowledge) -> None:
    """After "wijzig" it may be said what."""
    assert command(knowledge, "wijzig de waarde") == Command("wijzig", "de waarde")
    assert command(knowledge, "Wijzig") == Command("wijzig")


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("inspiratie bedrijfskleding", "inspiratie", "bedrijfskleding"),
        ("Tips voor bedrijfskleding?", "inspiratie", "bedrijfskleding"),
        ("wat kan ik doen voor klimaat bij catering?", "inspiratie", "klimaat bij catering"),
        ("tips voor het inkopen van laptops", "inspiratie", "het inkopen van laptops"),
        ("criteria bedrijfskleding", "criteria", "bedrijfskleding"),
        ("Welke criteria zijn er voor papier?", "criteria", "voor papier"),
    ],
)
def test_inspiration_about(knowledge: Knowledge, typed: str, name: str, rest: str) -> None:
    """After a wish for inspiration or criteria it is said for what; the longest known call counts."""
    assert command(knowledge, typed) == Command(name, rest)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "inspiratiesessie inhuren",
        "inspiratie sessie inhuren",
        "tips en trucs training inkopen",
        "   ",
        "de stop is doorgeslagen",
        "stopcontacten",
        "terug naar de winkel",
        "we stoppen met gas",
        "!!",
    ],
)
def test_no_commands(knowledge: Knowledge, typed: str) -> None:
    """A word that is a command stops nothing when it stands in a sentence."""
    assert command(knowledge, typed) is None


def test_commands_are_apart(knowledge: Knowledge) -> None:
    """No word is two commands."""
    options = knowledge.words.question("opdrachten", "altijd").options
    for name, option in options.items():
        for call in (option.label, *option.said):
            assert command(knowledge, call) == Command(name), call
