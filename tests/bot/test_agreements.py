"""A werkafspraak where owners and colleagues look: on the page of its product group, in the channel, and counted."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.desk import Desk
from bot.knowledge_agreements import show
from bot.people import Person
from bot.records import Records
from bot.respond import respond
from bot.settings import Settings
from bot.talk_state import Message, Place
from cards.agreement import agreement_name
from cards.inspiration import package_view
from cards.plain import text
from cards.record import Shown, advice_views, summary_view
from dialogs.advice import Advice
from dialogs.advice import load as load_advice
from knowledge.packages import package
from knowledge.shelf import Shelf

DAY = date(2026, 11, 26)
ME = Person("web:ik", "collega")
FOLLOWED = ("4 bureaustoelen", "ja", "kapot", "volgens het voorstel", "versturen")
BOUGHT = ("4 bureaustoelen", "ja", "kapot", "toch kopen", "500", "neem ik mee", "het is er niet", "versturen")
BORROWED = ("een beamer", "ja", "nieuw", "niet kopen", "versturen")


def said(shelf: Shelf, *words: str) -> tuple[list[str], Advice]:
    """What Moi says to these words, and the advice at the end."""
    talk, heard, kept = None, [], {}
    for one in words:
        response = respond(Desk(shelf.current, ME, DAY, "t", "r"), Message("", one), talk)
        talk = response.talk
        heard.append("\n".join(text(view) for view in response.views))
        kept = dict(response.record.advice) if response.record else kept
    return heard, load_advice(kept)


def test_in_the_channel(shelf: Shelf) -> None:
    """The summary says whether it was followed or why not, and of a proposal that it is one."""
    shown = Shown("r", 1)
    followed, bought = (said(shelf, *words)[1] for words in (FOLLOWED, BOUGHT))
    told = "\n".join(text(view) for view in advice_views(followed, shown, talk="t", changed=False))

    assert "Werkafspraak: gevolgd (voorstel, nog niet afgesproken met Facilitair)" in text(
        summary_view(followed, shown)
    )
    assert "Werkafspraak: niet gevolgd: het is er niet, of niet op tijd (voorstel" in text(
        summary_view(bought, shown)
    )
    assert "Zo regel je het: Vraag het Facilitair." in told


def test_a_number_sends_nothing(shelf: Shelf) -> None:
    """Whoever types the number of a reason on the last card chooses that reason; it is not sent by that."""
    heard, _ = said(shelf, *BOUGHT[:-2], "2", "versturen")

    assert "Het staat in het inkoopkanaal" not in heard[-2]
    assert "Het is er niet, of niet op tijd" in heard[-2]
    assert "Het staat in het inkoopkanaal" in heard[-1]


async def test_counted(tmp_path: Path, shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """An owner sees per agreement how often it was followed, and how often not with the reason; nobody is named."""
    settings = Settings(data_dir=tmp_path)
    records = await Records.open(settings.database_url)
    conversation = Conversation(shelf, records)
    for number, talk in enumerate((FOLLOWED, FOLLOWED, BOUGHT, BORROWED)):
        for place, words in enumerate(talk):
            person = Person(f"web:{number}", "collega")
            await conversation.turn(
                person, Message(f"{number}-{place}", words), Place("web", f"c{number}", {})
            )
    await records.close()
    show(settings, Namespace())
    listed = capsys.readouterr().out.split("\n\n")

    assert listed[0].startswith("Audiovisuele apparatuur: Voorstel voor een werkafspraak")
    assert "gevolgd: 0, niet gevolgd: 1\n    koos een andere weg: niet kopen: 1" in listed[0]
    assert "gevolgd: 2, niet gevolgd: 1\n    Het is er niet, of niet op tijd: 1" in listed[1]
    assert "collega" not in "".join(listed)


def test_nothing_counted_yet(tmp_path: Path, shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first request every agreement stands in the list."""
    show(Settings(data_dir=tmp_path), Namespace())
    out = capsys.readouterr().out

    assert out.count("gevolgd: 0, niet gevolgd: 0") == len(shelf.current.agreements) == 20


def test_on_the_card_of_its_package(shelf: Shelf) -> None:
    """The card of a product group shows its agreement; a group without one shows none."""
    known = shelf.current
    catering, roads = (package(known, id_, DAY) for id_ in ("catering", "wegen"))
    assert roads
    assert catering
    assert catering.agreement
    name = agreement_name(catering.agreement, agreed=catering.agreed)

    assert name == "Voorstel voor een werkafspraak, nog niet afgesproken met Facilitair"
    assert f"{name}: {catering.agreement.choice}" in text(package_view(known, catering, None))
    assert "erkafspraak" not in text(package_view(known, roads, None))


def test_agreed_on_a_day(shelf: Shelf) -> None:
    """From its day on an agreement says since when; before that day it is called a proposal."""
    known = shelf.current
    agreed = known.agreements["catering"].model_copy(update={"agreed_on": DAY, "certainty": "zeker"})
    later = replace(known, agreements={"catering": agreed})
    names = []
    for on in (DAY - timedelta(days=1), DAY):
        found = package(later, "catering", on)
        assert found
        assert found.agreement
        names.append(agreement_name(found.agreement, agreed=found.agreed))

    assert names[0].startswith("Voorstel voor een werkafspraak")
    assert names[1] == "Werkafspraak met Facilitair, van 26 november 2026"
