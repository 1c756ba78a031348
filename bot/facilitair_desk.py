"""`vandaag` in chat: what Facilitair has to look at, with buttons that do what the page does. One way for all channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.channel_place import first_time
from bot.channel_posts import read_record
from bot.channel_work import work_of
from bot.people import Person
from bot.records import Records
from bot.rights import NotYoursError, may, require_small
from bot.small import is_small
from bot.summaries import view_of, with_buttons
from bot.talk_state import Answer, Message, Place
from bot.today import today
from bot.web_log import append
from cards.depot import asked_view
from cards.remarks import plain_view
from cards.today import DO, FILE, go_on, today_view
from cards.view import Text, View
from dialogs.hearing import plain
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf

PAGE = "/facilitair"
ASKED = 3
"""Reservations that come as a card, with buttons; the page shows them all."""
Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


class FacilitairDesk:
    """Shows the day and single checks. What is done with them goes to `ChannelDesk` and `DepotDesk`."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self._shelf = shelf
        self._records = records
        self._address = address

    def wish(self, message: Message) -> str | None:
        """What a message or a tap asks: the day (""), or the check with this id; None when it is about something else."""
        if message.changed:
            return None
        if message.tap is not None:
            return str(message.tap.get("record") or "") if message.tap.get("do") == DO else None
        words = self._shelf.current.words.question(FILE, "opdrachten").options[DO]
        said = plain(message.text)
        return "" if said in {plain(call) for call in (words.label, *words.said)} else None

    async def turn(
        self, person: Person, message: Message, place: Place, wish: str, log: Log | None
    ) -> Answer:
        """Show it; whoever it is not for hears that kindly, and the talk goes on."""
        views = await self._records.read(partial(self._views, person, wish, place.shared))

        def work(connection: Connection) -> bool:
            repeated = not first_time(connection, message.id)
            if log and not repeated:
                append(connection, place.conversation, log(views))
            return repeated

        return Answer(views, repeated=await self._records.write(work))

    def _views(self, person: Person, wish: str, shared: bool, connection: Connection) -> tuple[View, ...]:
        knowledge = self._shelf.current
        try:
            require_small(person)
        except NotYoursError:
            return (self._only(knowledge, "alleen-facilitair"),)
        if shared:
            return (self._only(knowledge, "eigen-gesprek"),)
        if wish:
            return (self._check(connection, knowledge, person, wish),)
        found = today(connection, person, knowledge, datetime.now(UTC))
        link = f"{self._address}{PAGE}" if self._address else None
        asked = (asked_view(knowledge, one) for one in found.asked[:ASKED])
        return (today_view(knowledge, found.overview(), link), *asked)

    def _check(self, connection: Connection, knowledge: Knowledge, person: Person, record_id: str) -> View:
        record = read_record(connection, record_id)
        if record is None or not is_small(knowledge, record):
            return plain_view(knowledge.words.say(FILE, "onbekend"))
        shown = view_of(record, self._address)
        if not may(person, "opgepakt", small=True):
            return shown
        return with_buttons(shown, record.id, work_of(connection, record.id))

    def _only(self, knowledge: Knowledge, sentence: str) -> View:
        said = knowledge.words.say(FILE, sentence)
        return View((Text(said),), (go_on(knowledge),), summary=said)
