"""Taps and forms about a summary, from Teams, from the web chat and from the page of the channel: one way for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.channel_place import first_time
from bot.channel_posts import REPLY, Record, read_record
from bot.channel_work import Exchange, act, open_questions
from bot.kept_turn import keep_person
from bot.people import Person
from bot.records import Records
from bot.rights import NotYoursError
from bot.small import is_small
from bot.summaries import CHANNEL, ask_view, summary
from bot.talk_state import Answer, Message, Place
from bot.web_log import append
from cards.campaign import BACK
from cards.campaign_back import answer_view
from cards.marks import unmarked
from cards.remarks import plain_view
from cards.view import View
from knowledge.shelf import Shelf

WORDS = "kanaal"
Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants with a summary; `words` are what they typed with it."""

    act: str
    record: str
    words: str = ""


class ChannelDesk:
    """Carries out what people do with summaries; the card, the page and the thread follow by themselves."""

    def __init__(self, shelf: Shelf, records: Records) -> None:
        self._shelf = shelf
        self._records = records

    def wish(self, message: Message) -> Wish | None:
        """What a tap asks of the channel; None when it is about something else."""
        tap = message.tap or {}
        if tap.get("do") != CHANNEL:
            return None
        field = "antwoord" if tap.get("act") == "antwoorden" else "vraag"
        return Wish(*(str(tap.get(name) or "") for name in ("act", "record", field)))

    async def turn(
        self, person: Person, message: Message, place: Place, wish: Wish, log: Log | None
    ) -> Answer:
        """Carry out a tap; what is said of it is only for whoever tapped, where a channel can do that."""

        def work(connection: Connection) -> tuple[str, str, bool]:
            repeated = not first_time(connection, message.id)
            said, record = self._carry_out(connection, person, place, wish)
            if log and not repeated:
                append(connection, place.conversation, log((plain_view(said),)))
            return said, record, repeated

        said, record, repeated = await asyncio.wrap_future(self._records.database.write(work))
        self._follow(record)
        return Answer((plain_view(said),), repeated=repeated, aside=said)

    async def carry_out(self, person: Person, wish: Wish) -> str:
        """Carry out a form of the page; gives what became of it."""
        work = partial(self._carry_out, person=person, place=Place("web", ""), wish=wish)
        said, record = await asyncio.wrap_future(self._records.database.write(work))
        self._follow(record)
        return said

    async def open_questions(self, person: Person) -> tuple[View, ...]:
        """What procurement still wants to know of a person."""
        found = await asyncio.wrap_future(
            self._records.database.read(lambda connection: open_questions(connection, person.id))
        )
        return tuple(self.ask(record, asked) for record, asked in found)

    def ask(self, record: Record, asked: Exchange) -> View:
        """A question as its buyer gets it; an answer to what somebody asked the MVOI team, as they get that."""
        if record.outcome == REPLY:
            return answer_view(self._shelf.current, asked.by, record.advice, asked.question, record.id)
        title = self._say("vraag-titel", wie=asked.by)
        about = unmarked(summary(record).summary)
        return ask_view(title, about, self._say("vraag-uitleg"), asked)

    def answer(self, question: str, answer: str) -> str:
        """An answer as it is said in the thread."""
        return self._say("antwoord-in-draad", vraag=question, antwoord=answer)

    def _carry_out(self, connection: Connection, person: Person, place: Place, wish: Wish) -> tuple[str, str]:
        """Do it; gives what to say, and the record with which something was done, if anything was."""
        knows_roles = place.channel != "teams"
        keep_person(connection, person, datetime.now(UTC).date(), knows_roles=knows_roles)
        try:
            small = partial(is_small, self._shelf.current)
            sentence, values = act(connection, person, wish.act, wish.record, wish.words, small)
        except NotYoursError:
            sentence, values = "niet-van-jou", {}
        record = values.get("record", wish.record) if sentence == wish.act else ""
        if sentence == "vragen" and (asked := read_record(connection, record)) and asked.outcome == REPLY:
            return self._shelf.current.words.say(BACK, "antwoord-gestuurd"), record
        return self._say(sentence, **values), record

    def _follow(self, record: str) -> None:
        """Have the card and the thread follow, and every open page."""
        if record:
            self._records.deliver_again(record)

    def _say(self, key: str, **values: Any) -> str:
        return self._shelf.current.words.say(WORDS, key, **values)
