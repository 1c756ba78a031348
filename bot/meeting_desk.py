"""Looking together, in the talk: offered once with the advice, answered with a button, and told in the own chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from bot.desk import Desk
from bot.meetings import (
    NOT_BOUGHT,
    Meeting,
    answer,
    mark,
    meeting_of,
    name_of,
    propose,
    to_tell,
    told_late,
    waits_for,
)
from bot.own_chat import BUSY, UNCERTAIN, OwnChat, Sends
from bot.people import Person
from bot.records import Records
from bot.talk_state import Message, Response, Talk
from cards.marks import legible
from cards.meeting import DO, FILE, met_view, question_view
from cards.remarks import plain_view
from cards.view import View
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf


class MeetingDesk:
    """Brings colleagues together who look for the same thing, when both want that."""

    def __init__(self, shelf: Shelf, records: Records) -> None:
        self._shelf = shelf
        self._records = records

    def settle(
        self,
        desk: Desk,
        message: Message,
        due: list[str],
        connection: Connection,
        before: Talk | None,
        response: Response,
    ) -> Response:
        """Within a turn: take an answer, or offer it under an advice that was just sent for the first time. What must be
        told to others then is put in `due`."""
        now = datetime.now(UTC)
        if message.tap and message.tap.get("do") == DO:
            view = self._answered(desk, message.tap, due, connection, now)
            return replace(response, views=(*response.views, view))
        record = response.record
        sent_before = (
            before is not None
            and response.talk is not None
            and before.id == response.talk.id
            and before.record
        )
        if record is None or sent_before or desk.shared or not record.group or record.outcome == NOT_BOUGHT:
            return response
        found = propose(connection, desk.person, record.group, now)
        if found is None:
            return response
        return replace(response, views=(*response.views, _question(desk.knowledge, found, "vraag", now)))

    async def late(self, person: Person) -> tuple[View, ...]:
        """What this person had to hear while they were nowhere; once."""
        if not await self._records.read(partial(waits_for, person.id)):
            return ()

        def told(connection: Connection) -> tuple[View, ...]:
            found = told_late(person.id, connection)
            return tuple(self.view(connection, one, one.side(person.id) or "other") for one in found)

        return await self._records.write(told)

    def view(self, connection: Connection, found: Meeting, side: Literal["first", "other"]) -> View:
        """What one of them gets to see now: who the other is when both said yes, and else the question."""
        knowledge = self._shelf.current
        if found.state != "met":
            return _question(knowledge, found, "gevraagd-worden", datetime.now(UTC))
        name = name_of(connection, found.other if side == "first" else found.first)
        return (
            met_view(knowledge, found.group, name)
            if name
            else plain_view(knowledge.words.say(FILE, "onbekend"))
        )

    def _answered(
        self, desk: Desk, tap: Mapping[str, object], due: list[str], connection: Connection, now: datetime
    ) -> View:
        id_ = legible(str(tap.get("id") or ""))
        said, found = answer(connection, desk.person, id_, now, yes=tap.get("act") == "ja")
        if found and said in ("gevraagd", "samen"):
            due.append(found.id)
        if found and said == "samen" and (newest := meeting_of(connection, found.id)):
            return self.view(connection, newest, newest.side(desk.person.id) or "other")
        return plain_view(desk.knowledge.words.say(FILE, said))


class MeetingLetters:
    """Delivers the question to the other, and to the first that it is a yes, in their own chat."""

    def __init__(self, records: Records, desk: MeetingDesk, way_out: Sends | None = None) -> None:
        self._records = records
        self._desk = desk
        self._own_chat = OwnChat(records, way_out)

    async def deliver(self, meeting: str) -> float | None:
        """Bring what is due of it; gives the seconds after which to try again, if any."""
        found = await self._records.read(partial(self._due, meeting))
        if found is None:
            return None
        to, state, view, note_down = found
        if state == BUSY:
            # Cut off in the middle: it may have arrived, and nobody is asked twice.
            await self._records.write(partial(note_down, UNCERTAIN))
            return None
        return await self._own_chat.bring(to, view, note_down)

    def _due(self, meeting: str, connection: Connection) -> tuple[str, str, View, partial[None]] | None:
        found = to_tell(connection, meeting)
        if found is None:
            return None
        one, side, state = found
        to = one.first if side == "first" else one.other
        return to, state, self._desk.view(connection, one, side), partial(mark, meeting, side)


def _question(knowledge: Knowledge, found: Meeting, name: str, now: datetime) -> View:
    return question_view(knowledge, name, found.id, found.group, (now - found.before).days)
