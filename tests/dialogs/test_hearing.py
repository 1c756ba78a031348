"""Hearing which option somebody means, in their own words."""

from __future__ import annotations

import pytest

from dialogs.hearing import choose, choose_several, plain
from knowledge.words import OptionWords

OPTIONS = {
    "repareren": OptionWords("Opknappen of repareren", ("opknappen", "laten maken")),
    "huren": OptionWords("Huren", ("huur",)),
    "delen": OptionWords("Delen", ("samen gebruiken",)),
    "toch-kopen": OptionWords("Toch kopen", ("nieuw", "nee")),
}


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("  Eén   Café! ", "een cafe"),
        ("MVOI?", "mvoi"),
        ("€ 25.000,-", "25 000"),
        ("", ""),
        ("🙂", ""),
        ("İstanbul", "istanbul"),
    ],
)
def test_plain(typed: str, heard: str) -> None:
    """Capitals, accents and punctuation make no difference."""
    assert plain(typed) == heard


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("Huren", "huren"),
        ("HUUR!", "huren"),
        ("2", "huren"),
        ("toch-kopen", "toch-kopen"),
        ("opknappen, maar dan 30 want de rest hoeft niet", "repareren"),
        ("we willen het laten maken", "repareren"),
        ("opknapen", "repareren"),
        ("samen gebruiken denk ik", "delen"),
        ("nee, niet huren", "toch-kopen"),
        ("niet huren maar delen", "delen"),
    ],
)
def test_choose(typed: str, option: str) -> None:
    """An option is named by its number, its label, a synonym, in a sentence, or with a typing error."""
    assert choose(typed, OPTIONS) == option


@pytest.mark.parametrize("typed", ["", "!!", "0", "5", "99", "fietsen", "huren of delen", "x" * 5000])
def test_not_clear(typed: str) -> None:
    """What names no option, or two as clearly, is not guessed."""
    assert choose(typed, OPTIONS) is None


@pytest.mark.parametrize(
    "typed",
    [
        "niet huren",
        "geen huur",
        "huren hoeft niet",
        "huren wil ik niet",
        "nooit laten maken",
        "niet opknappen of repareren",
        "niet opknapen of repareren",
        "nee wacht, het zijn er maar drie",
    ],
)
def test_denied(typed: str) -> None:
    """What is denied or taken back is not what somebody chooses."""
    assert choose(typed, OPTIONS) is None


def test_no_options() -> None:
    """From nothing nothing can be chosen."""
    assert choose("iets", {}) is None


def test_longer_call_wins() -> None:
    """In a sentence the longest words that were said decide."""
    options = {"kopen": OptionWords("Kopen"), "niet": OptionWords("Niet kopen")}

    assert choose("ik wil het dan maar niet kopen", options) == "niet"


def test_only_phrases_within_a_sentence() -> None:
    """With `within` a short call has to be the whole message; a long one also counts inside a sentence."""
    assert choose("we gaan huren denk ik", OPTIONS, within=2) is None
    assert choose("huren", OPTIONS, within=2) == "huren"
    assert choose("we gaan samen gebruiken denk ik", OPTIONS, within=2) == "delen"


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("huren en delen", ["huren", "delen"]),
        ("huren, huur + samen gebruiken", ["huren", "delen"]),
        ("niks", []),
        ("opknappen of repareren", ["repareren"]),
        ("huren, iets met fietsen", ["huren"]),
        ("fietsen", None),
        (",", None),
    ],
)
def test_choose_several(typed: str, options: list[str] | None) -> None:
    """More options can be named in one line; "niks" is none of them."""
    assert choose_several(typed, OPTIONS) == options
