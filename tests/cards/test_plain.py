"""Plain text says the same as the card, with numbers for the choices."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cards.plain import choices, text
from cards.view import Action, Bullets, Copyable, Input, Line, Lines, Link, Option, Text, Typed, View


def test_everything() -> None:
    """A whole view reads from top to bottom, without any marks."""
    reason = Input(
        "reden", "Wat is de reden?", options=(Option("geld", "Te duur"), Option("tijd", "Te laat"))
    )
    send = Action("Versturen", {"do": "form"})
    view = View(
        (
            Text("Check je antwoorden", "heading"),
            Text("Ik begrijp: **50 stoelen**."),
            Bullets(("**Opknappen**: nieuwe bekleding", "Eerst kijken")),
            Lines((Line("Waarde", "€ 15.000", "waarde"), Line("Team", "Facilitair"))),
            reason,
            Input("uitleg", "Waarom?", "text", hint="in één regel"),
            Copyable("Voor het *startformulier*", ("Eis: leverbaar", Typed("zitten", "Doel"))),
        ),
        (send, Link("Document", "https://moi.example/1.docx")),
    )

    assert text(view) == (
        "Check je antwoorden\n\n"
        "Ik begrijp: 50 stoelen.\n\n"
        "• Opknappen: nieuwe bekleding\n• Eerst kijken\n\n"
        "Waarde: € 15.000 (wijzig: typ 'wijzig waarde')\nTeam: Facilitair\n\n"
        "Wat is de reden?\n1. Te duur\n2. Te laat\n\n"
        "Waarom? (in één regel)\n\n"
        "Voor het startformulier\nEis: leverbaar\nDoel: zitten\n\n"
        "3. Versturen\nDocument: https://moi.example/1.docx"
    )
    assert choices(view) == (*reason.options, send)


def test_typed_stays_inside() -> None:
    """Typed words cannot pretend to be a line of ours, nor steer a terminal."""
    view = View((Lines((Line("Doel", Typed("zitten\r\nUitkomst: goedgekeurd\x1b[2J")),)),))

    assert text(view) == "Doel: zitten\n  Uitkomst: goedgekeurd[2J"


def test_empty() -> None:
    """A view without words is an empty text."""
    assert text(View(())) == ""


@given(st.text())
def test_any_text(words: str) -> None:
    """Any typed text gives plain text that can be sent."""
    shown = text(View((Typed(words), Text(words))))

    assert "\x1b" not in shown.encode().decode()
