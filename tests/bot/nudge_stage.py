"""A talk with a moved clock, and purchases that come up in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.channel_posts import AHEAD
from bot.conversation import Conversation
from bot.nudges import due_nudges, mark, nudge_of
from bot.own_chat import SENT
from bot.people import Person
from bot.records import Records
from bot.summaries import summary
from bot.talk_state import Message, Place
from bot.tender_columns import COLUMNS
from bot.tenders import add
from cards.plain import text
from cards.view import Action, View
from knowledge.shelf import Shelf
from tests.bot.follow_up_stage import Clock
from tests.bot.tender_stage import MVOI
from tests.bot.web_room import BUYER

TERMINAL = Place("terminal", "")


class Calendar:
    """A talk with a moved clock, and a calendar of which the purchases start so many days after now."""

    def __init__(self, kept: Records, shelf: Shelf, clock: Clock | None = None) -> None:
        self.kept = kept
        self.talks = Conversation(shelf, kept)
        self.desk = self.talks.nudges
        self.clock = clock or Clock()
        self.desk.now = self.clock

    async def meet(self, *people: Person) -> None:
        """Have these people known to Moi."""
        for person in people:
            await self.say(person, "wat kun je?")

    async def say(self, person: Person, words: str = "", **tap: str) -> tuple[View, ...]:
        message = Message(uuid.uuid4().hex, words, tap or None)
        return (await self.talks.turn(person, message, TERMINAL)).views

    async def plan(self, what: str = "50 bureaustoelen", days: int = 250, **values: str) -> str:
        """Something that comes up; gives its id."""
        start = (self.clock.now + timedelta(days=days)).date().isoformat()
        known = {"client": BUYER.name, "product_group": "kantoormeubilair", "what": what, "start": start}
        row = {**dict.fromkeys(COLUMNS, ""), **known, **values}
        return await self.kept.write(partial(add, person=MVOI, values=row, now=self.clock.now))

    async def due(self) -> set[str]:
        await self.desk.ask()
        return await self.kept.read(due_nudges)

    async def bring(self, id_: str) -> None:
        """The card was there."""
        await self.kept.write(partial(mark, id_, self.clock.now, SENT))

    async def brought(self, days: int = 250, **values: str) -> tuple[str, View]:
        """A nudge to the buyer that was there, and its card."""
        await self.meet(BUYER)
        await self.plan(days=days, **values)
        [id_] = await self.due()
        await self.bring(id_)
        self.clock.now += timedelta(minutes=1)
        return id_, await self.card(id_)

    async def card(self, id_: str) -> View:
        found = await self.kept.read(partial(nudge_of, id_=id_))
        view = self.desk.card(found) if found else None
        assert view
        return view

    async def press(self, card: View, label: str, who: Person = BUYER, **fields: str) -> tuple[View, ...]:
        [button] = [one for one in card.actions if isinstance(one, Action) and one.label == label]
        return await self.say(who, **{name: str(value) for name, value in button.data.items()}, **fields)

    async def in_channel(self) -> list[str]:
        """What the MVOI team heard, as plain words."""
        found = [post.record for post in await self.kept.posts()]
        return [text(summary(record)) for record in found if record.outcome == AHEAD]


def shown(views: Sequence[View]) -> str:
    return "\n".join(map(text, views))
