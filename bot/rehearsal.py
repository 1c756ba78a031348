"""Trying out changed knowledge before anybody talks with it: it may read well and still miss a word that Moi needs.

Pure: every card of the talk, and every thing one can always say, is worked out and thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.amending import amend
from bot.desk import DIALOG, Desk
from bot.people import Person
from bot.respond import respond
from bot.talk_state import Message, Talk
from cards.record import advice_views
from cards.talk import asking_view
from dialogs.commands import FILE
from dialogs.comply import APPLY
from dialogs.engine import Asking
from dialogs.need import NOT_NEEDED
from dialogs.purchase import purchase
from dialogs.several import NEED
from dialogs.visit import visit
from knowledge.knowledge import Knowledge
from knowledge.mistakes import Problem
from knowledge.words import MissingWordsError

SOMEBODY = Person("rehearsal", "collega")
SAID = (
    "asdf",
    "de lantaarnpaal is stuk",
    "wat een mooi weer is het vandaag toch",
    "20 laptops",
    "ongeveer 4.000 euro",
    "terug",
    "ja",
)
FIRST = "50 bureaustoelen"
SEVERAL = "12 lunches, 3 flipovers en 40 laptops à 900 euro"
CHANGED = (
    *(Message("", text, changed="edited") for text in (*SAID, FIRST)),
    Message("", changed="deleted"),
)
MARK = "rehearsal"
TAPPED = ("express", "express-send", "human-yes", "list", "answer", "form", "change", "review", "back", "why")


def rehearse(knowledge: Knowledge, today: date | None = None) -> list[Problem]:
    """What is wrong with knowledge that reads well: a word that a talk needs is gone. Empty when all is well."""
    desk = Desk(knowledge, SOMEBODY, today or date.today(), "rehearsal", "rehearsal")
    found: dict[str, Problem] = {}
    for part in (_say_everything, _say_nothing_clear, _change_everything, _see_every_card, _send_a_list):
        try:
            for _ in part(desk):
                pass
        except MissingWordsError as error:
            file = f"woorden/{error.dialog or DIALOG}.yaml"
            found[str(error)] = Problem(file, 1, str(error))
        except Exception as error:
            message = f"hiermee loopt een gesprek vast ({type(error).__name__}: {error}). Zet terug wat je hebt weggehaald."
            found[message] = Problem(f"woorden/{DIALOG}.yaml", 1, message)
    return list(found.values())


def _see_every_card(desk: Desk) -> Iterator[None]:
    for stop in visit(partial(purchase, desk.knowledge, desk.today)):
        if isinstance(stop.result, Asking):
            asking_view(stop.result, "")
        else:
            advice_views(stop.result.outcome, desk.record_shown("rehearsal"), talk="", changed=False)
        yield


def _send_a_list(desk: Desk) -> Iterator[None]:
    """Ask for several things at once, send them, and change one."""
    talk = respond(desk, Message("", SEVERAL), None).talk
    yield
    for tap in ({"do": "form", "meenemen": APPLY}, {"do": "review"}):
        now = desk.run(talk) if talk else None
        fields: dict[str, Any] = {}
        if isinstance(now, Asking):
            fields = {f"{question.key}:{NEED}": NOT_NEEDED for question in now.questions}
        talk = respond(desk, Message("", tap={**fields, **tap, "talk": talk.id if talk else ""}), talk).talk
        yield


def _say_everything(desk: Desk) -> Iterator[None]:
    """Say it at the start, and again in the middle of a talk and after its end."""
    always = desk.knowledge.words.question(FILE, "altijd").options.values()
    between = desk.knowledge.words.question("vragen", "tussendoor").options.values()
    said = [*SAID, *(option.label for option in (*always, *between))]
    messages = [
        Message("", arrived=True),
        Message("", attached=True),
        *(Message("", text) for text in said),
    ]
    for talk in (None, *_talks(desk)):
        taps = [{"do": do, "talk": talk.id if talk else ""} for do in TAPPED]
        for message in (*messages, *(Message("", tap=tap) for tap in taps)):
            respond(desk, message, talk)
            yield


def _say_nothing_clear(desk: Desk) -> Iterator[None]:
    """Say what Moi does not understand until it gives ways to go on."""
    talk: Talk | None = None
    for text in (FIRST, "nee", *[SAID[0]] * 2):
        talk = respond(desk, Message("", text), talk).talk
        yield


def _change_everything(desk: Desk) -> Iterator[None]:
    """Edit and delete every message that gave an answer."""
    for talk in _talks(desk):
        for key in (*talk.answers, *([talk.asked] if talk.asked else [])):
            for message in CHANGED:
                for elsewhere in (False, True):
                    amend(desk, message, MARK, elsewhere, replace(talk, given={key: MARK}))
                    yield


def _talks(desk: Desk) -> Iterator[Talk]:
    """A talk that just began, one in the middle, one that was sent, and one that was stopped."""
    for texts in ((), ("ja",), ("ja", "niet nodig", "versturen"), ("stop",)):
        talk: Talk | None = None
        for text in (FIRST, *texts):
            talk = respond(desk, Message("", text), talk).talk
        if talk:
            yield talk
