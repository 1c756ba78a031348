"""A talk with a moved clock in which colleagues are asked whether it worked out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.conversation import Conversation
from bot.follow_up import FollowUp, due_cards, follow_up_of, mark
from bot.own_chat import SENT
from bot.people import Person
from bot.records import Records
from bot.talk_state import Message, Place
from cards.follow_up import DO
from cards.plain import text
from cards.view import Action, View
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, PURCHASE

HERE = ZoneInfo("Europe/Amsterdam")
TERMINAL = Place("terminal", "")


class Clock:
    """What time it is: ten o'clock on the next weekday, which is after all that was really sent, until it is moved."""

    def __init__(self) -> None:
        self.now = on_a_weekday(datetime.now(UTC) + timedelta(days=1))

    def __call__(self) -> datetime:
        return self.now

    def move(self, days: int) -> None:
        """Go on to a weekday at least so many days later."""
        self.now = on_a_weekday(self.now + timedelta(days=days))


def on_a_weekday(moment: datetime) -> datetime:
    here = moment.astimezone(HERE).replace(hour=10, minute=0)
    while here.weekday() > 4:
        here += timedelta(days=1)
    return here.astimezone(UTC)


class Stage:
    """A talk with a clock of its own, and the colleagues in it."""

    def __init__(self, kept: Records, shelf: Shelf, clock: Clock | None = None) -> None:
        self.kept = kept
        self.talks = Conversation(shelf, kept)
        self.desk = self.talks.follow_up
        self.clock = clock or Clock()
        self.desk.now = self.clock

    async def say(self, words: str = "", who: Person = BUYER, key: str = "", **tap: str) -> tuple[View, ...]:
        message = Message(key or uuid.uuid4().hex, words, {"do": DO, **tap} if tap else None)
        return (await self.talks.turn(who, message, TERMINAL)).views

    async def buy(self, who: Person = BUYER) -> str:
        for words in (*PURCHASE, "versturen"):
            await self.say(words, who)
        return (await self.kept.records_of(who.id))[0].id

    async def due(self) -> set[str]:
        await self.desk.ask()
        return await self.kept.read(due_cards)

    async def deliver(self, id_: str) -> float | None:
        return await self.desk.letters().deliver(id_)

    async def told(self, id_: str) -> str:
        return (await self.found(id_)).told

    async def asked(self, who: Person = BUYER) -> tuple[str, str]:
        """A request of which the first moment has come and the card was brought; gives it and the card."""
        await self.buy(who)
        self.clock.move(91)
        [id_] = await self.due()
        await self.deliver(id_)
        await self.kept.write(partial(mark, id_, self.clock.now, SENT))
        return (await self.found(id_)).record.id, id_

    async def found(self, id_: str) -> FollowUp:
        found = await self.kept.read(lambda connection: follow_up_of(connection, id_))
        assert found
        return found


def shown(views: Sequence[View]) -> str:
    return "\n".join(map(text, views))


def yes(view: View) -> dict[str, str]:
    """The button that says yes to all."""
    [found] = [action for action in view.actions if isinstance(action, Action) and action.label == "Alles ja"]
    return {name: str(value) for name, value in found.data.items() if name != "do"}
