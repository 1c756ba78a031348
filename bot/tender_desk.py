"""The aanbestedingskalender in the talk: `kalender` says what comes up. One way for all channels."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.beside import Log, beside_the_talk, calls
from bot.contracts import months_later
from bot.people import Person
from bot.records import Records
from bot.rights import may
from bot.talk_state import Answer, Message, Place
from bot.tenders import coming, of_client
from cards.marks import legible
from cards.tender import FILE, LISTED, coming_view
from cards.view import View
from dialogs.hearing import plain
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
PAGE = "/kalender"
WITHOUT_POLICY = 18  # months; under knowledge from before there was a calendar


class TenderDesk:
    """Answers what comes up: everything to who keeps the calendar, and to others what is theirs."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self._shelf = shelf
        self._records = records
        self._link = f"{address}{PAGE}" if address else None

    def wish(self, message: Message) -> bool:
        """Whether a message asks what comes up."""
        if message.changed or message.tap is not None or not message.text:
            return False
        return plain(legible(message.text)) in calls(self._shelf.current, FILE, "kalender")

    async def turn(self, person: Person, message: Message, place: Place, log: Log | None) -> Answer:
        """Look it up and say it; a message that comes twice is kept once."""
        shared = place.shared
        answer = partial(self.answer, person=person, on=datetime.now(HERE).date(), shared=shared)
        return await self._records.write(
            partial(beside_the_talk, person=person, message=message, place=place, log=log, answer=answer)
        )

    def answer(self, connection: Connection, person: Person, on: date, *, shared: bool = False) -> View:
        """What comes up from this day on, for this person; where others read along only how much."""
        knowledge, last = self._shelf.current, last_day(self._shelf.current, on)
        keeps = may(person, "kalender gewijzigd")
        found = coming(connection, on, last) if keeps else of_client(connection, person, on)
        link = self._link if keeps else None
        shown = [] if shared else [(one.start, one.what) for one in found[:LISTED]]
        return coming_view(knowledge, shown, len(found), everybody=keeps, link=link)


def last_day(knowledge: Knowledge, on: date) -> date:
    """Until when Moi looks ahead from this day."""
    return months_later(on, knowledge.tenders.look_ahead if knowledge.tenders else WITHOUT_POLICY)
