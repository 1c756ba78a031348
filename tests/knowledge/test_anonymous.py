"""What is kept of a text that was not recognised says nothing about a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.anonymous import LONGEST, anonymous


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("klimwand", "klimwand"),
        ("Een klimwand van 4000 euro", "een klimwand van euro"),
        ("klimwand, mail naar aanvrager@voorbeeld.example", "klimwand mail naar"),
        ("bel 06-12345678 of +31 6 1234 5678 over een klimwand", "bel of over een klimwand"),
        ("klimwand 9601 AB 12a", "klimwand"),
        ("klimwand op www.voorbeeld.example/p?x=1", "klimwand op"),
        ("zie voorbeeld.nl klimwand", "zie klimwand"),
        ("Voornaam van der Achternaam wil een klimwand", "wil een klimwand"),
        ("Voornaam wil een klimwand", "wil een klimwand"),
        ("een klimwand voor Voornaam", "een klimwand voor"),
        ("een klimwand voor mevrouw achternaam", "een klimwand voor"),
        ("A.B. Achternaam zoekt een klimwand", "zoekt een klimwand"),
        ("ik ben voornaam, en zoek een klimwand", "en zoek een klimwand"),
        ("een BHV koffer", "een bhv koffer"),
        ("WE ZOEKEN EEN KLIMWAND", "we zoeken een klimwand"),
        pytest.param("x" * 200_000, "", id="one endless word"),
        pytest.param("1 " * 195 + "bank aanvrager@voorbeeld.example", "bank", id="an address cut in half"),
        ("NL91BANK0417164300 klimwand 123456782", "klimwand"),
    ],
)
def test_left(text: str, left: str) -> None:
    """Names, numbers and addresses are gone; the words for the thing stay."""
    assert anonymous(text) == left


@given(st.text())
def test_any_text(text: str) -> None:
    """Of whatever is typed at most a hundred small letters are left, and never a digit or an at sign."""
    left = anonymous(text)

    assert len(left) <= LONGEST
    assert set(left) <= set("abcdefghijklmnopqrstuvwxyz'- ")
