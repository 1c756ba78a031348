"""Moi in a shared room of Teams: who it is, and `verbind dit kanaal` that makes a channel the procurement channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from babel.dates import format_date
from sqlalchemy import Connection, delete, select

from bot.activities import Incoming
from bot.channel_place import TeamsPlace, chosen, connect, connected, disconnect, first_time, hold
from bot.channel_posts import TEAMS
from bot.connector_errors import ConnectorError
from bot.kept_turn import keep_person
from bot.people import Person
from bot.records import Records
from bot.rights import MOI, NotYoursError, note, require
from bot.tables import conversations, deliveries, people
from bot.teams_channel import TeamsChannel
from cards.adaptive import card
from cards.remarks import plain_view
from cards.view import Action, Text, Typed, View
from dialogs.hearing import plain
from knowledge.shelf import Shelf

T = TypeVar("T")

WORDS = "kanaal"
REPLACE, KEEP = "channel-replace", "channel-keep"
CONNECTED_BY_NOW = frozenset({"verbonden", "al-verbonden"})
MOST_MET = 10_000  # Chats of which it is remembered that they are kept.
ARRIVALS = frozenset({"conversationUpdate", "installationUpdate"})

log = structlog.stdlib.get_logger("moi")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an order: the sentence that says so, and the channel that it is about."""

    sentence: str
    place: TeamsPlace | None = None


class ChannelRoom:
    """Listens in every room of Teams, and deals with what is about the room itself."""

    def __init__(
        self,
        shelf: Shelf,
        records: Records,
        channel: TeamsChannel,
        *,
        setting: TeamsPlace | None = None,
    ) -> None:
        self._shelf = shelf
        self._records = records
        self._channel = channel
        self._setting = setting
        self._met: set[str] = set()

    async def hear(self, incoming: Incoming) -> tuple[View, ...] | None:
        """What Moi says about the room; None when the activity is about something else."""
        if incoming.type in ARRIVALS and incoming.kind_of_room() == "shared":
            return await self._arrived(incoming)
        await self._remember(incoming)
        if incoming.type in ARRIVALS:
            return None
        order = self._order(incoming)
        if order is None:
            return None
        person, conversation = incoming.person(), incoming.channel()
        if person is None:
            return ()
        if conversation is None:
            return (self._say("alleen-in-een-kanaal"),)
        # Teams says who somebody is, but not in which roles.
        person = await self._records.sign_ins.with_roles(person)
        place = TeamsPlace(
            conversation,
            incoming.service_url,
            name=incoming.channel_name(),
            by=person.name,
            team=incoming.team(),
        )
        work = partial(self._carry_out, order, person, place, incoming)
        return await self._shown(await self._write(work), place)

    async def _remember(self, incoming: Incoming) -> None:
        """Keep where a colleague can be reached, for what Moi has to say of its own accord."""
        person, chat = incoming.person(), incoming.conversation.id
        if person is None or incoming.kind_of_room() != "personal" or chat in self._met:
            return
        if len(self._met) >= MOST_MET:
            self._met.clear()
        self._met.add(chat)
        reference = {"service_url": incoming.service_url, "tenant_id": _tenant(incoming)}
        await self._records.open_conversation(person.id, TEAMS, reference, chat)

    async def upgraded(self, incoming: Incoming) -> None:
        """Keep the own chat of a colleague whom Moi knows: who had it before that was kept at arrival need not type first."""
        person = incoming.person()
        known = select(people.c.id).where(people.c.id == (person.id if person else ""))
        if await self._records.read(lambda connection: connection.execute(known).first()):
            await self._remember(incoming)

    async def left(self, incoming: Incoming) -> None:
        """Moi can say nothing here any more: when it comes back, it says again who it is.

        When the procurement channel was here, it is disconnected, so that no summary is sent to where nobody gets it.
        """
        self._met.discard(incoming.conversation.id)
        if await self._write(partial(self._leave, incoming)):
            log.warning("the procurement channel is gone", kind=incoming.type)

    def _leave(self, incoming: Incoming, connection: Connection) -> bool:
        known = deliveries.c.channel == TEAMS, deliveries.c.delivery == incoming.arrival_key()
        connection.execute(delete(deliveries).where(*known))
        if incoming.kind_of_room() == "personal":
            own = conversations.c.id == incoming.conversation.id, conversations.c.channel == TEAMS
            connection.execute(delete(conversations).where(*own))
        if not (gone := incoming.gone()):
            return False
        hold(connection)
        place = chosen(connection, self._setting)
        if place is None or not place.is_in(gone):
            return False
        if not place.id:
            # Kept as chosen and ended, so that the channel in the settings does not come back.
            connect(connection, place, _tenant(incoming), MOI)
        disconnect(connection)
        note(connection, MOI, "kanaal verbroken", place.conversation)
        return True

    async def _arrived(self, incoming: Incoming) -> tuple[View, ...]:
        # Teams tells it twice: that Moi is a member now, and that it was installed.
        if not await self._write(lambda connection: first_time(connection, incoming.arrival_key())):
            return ()
        return (self._say("voorstellen" if incoming.channel() else "voorstellen-groep"),)

    def _order(self, incoming: Incoming) -> str | None:
        """Which order this is, by words or by button; a button that replaces says which channel was there."""
        tap = incoming.tap()
        if tap is not None:
            do, known = tap.get("do"), tap.get("known")
            if do == REPLACE and isinstance(known, str):
                return f"vervang:{known}"
            return "laat-zo" if do == KEEP else None
        said = plain(incoming.words())
        options = self._shelf.current.words.question(WORDS, "opdrachten").options
        for name, option in options.items():
            if said in {plain(words) for words in (option.label, *option.said)}:
                return name
        return None

    def _carry_out(
        self, order: str, person: Person, place: TeamsPlace, incoming: Incoming, connection: Connection
    ) -> Done | None:
        """Do it in one transaction; None when this delivery was dealt with before."""
        if not first_time(connection, incoming.delivery_key()):
            return None
        keep_person(connection, person, datetime.now(UTC).date(), knows_roles=False)
        hold(connection)
        action, _, known = order.partition(":")
        try:
            require(person, "kanaal verbroken" if action == "verbreek" else "kanaal verbonden")
        except NotYoursError:
            return Done("geen-recht")
        before = chosen(connection, self._setting)
        here = before is not None and before.conversation == place.conversation
        match action:
            case "laat-zo":
                return Done("laat-zo")
            case "verbreek":
                if not here:
                    return Done("niet-verbonden")
                if not connected(connection):
                    # Kept as chosen and ended, so that the channel in the settings does not come back.
                    connect(connection, place, _tenant(incoming), person)
                disconnect(connection)
                note(connection, person, "kanaal verbroken", place.conversation)
                return Done("verbroken")
            case "verbind" if here and connected(connection):
                return Done("al-verbonden")
            case "verbind" if before and not here:
                return Done("ander-kanaal", before)
            case "vervang" if (before.id if before else "") != known:
                return Done("al-verbonden" if here else "te-laat")
        connect(connection, place, _tenant(incoming), person)
        note(connection, person, "kanaal verbonden", place.conversation)
        return Done("verbonden", before)

    async def _shown(self, done: Done | None, place: TeamsPlace) -> tuple[View, ...]:
        if done is None:
            return ()
        if done.sentence == "ander-kanaal" and done.place:
            return (self._another(done.place),)
        said = [self._say(done.sentence)]
        if done.sentence in CONNECTED_BY_NOW:
            said = [self._say(done.sentence if await self._tried(place) else "verbonden-zonder-proef")]
        if done.sentence == "verbonden" and self._setting:
            said.append(self._say("instelling-vervalt"))
        return tuple(said)

    async def _tried(self, place: TeamsPlace) -> bool:
        """Whether a card arrives, the way summaries do."""
        try:
            view = self._proof(place)
            await self._channel.post(card(view, "teams"), view.summary)
        except ConnectorError as problem:
            log.warning("proof card", problem=type(problem).__name__, status=problem.status)
            return False
        return True

    def _proof(self, place: TeamsPlace) -> View:
        title = self._sentence("proef-titel")
        who = Typed(self._sentence("proef-wie", wie=place.by))
        return View((Text(title, "heading"), Text(self._sentence("proef")), who), summary=title)

    def _another(self, before: TeamsPlace) -> View:
        """There is a procurement channel already: shall this one take its place?"""
        since = format_date(before.since, "d MMMM y", locale="nl") if before.since else "een eerder moment"
        who = before.by or "de instellingen"
        name = before.name or "het kanaal uit de instellingen"
        words = Typed(self._sentence("ander-kanaal", kanaal=name, wie=who, datum=since))
        actions = (
            Action("Vervang het", {"do": REPLACE, "known": before.id}),
            Action("Laat het zo", {"do": KEEP}),
        )
        return View((words,), actions, summary=words.text)

    def _say(self, key: str) -> View:
        # A card and not plain text, as everything in Teams; see `bot.teams`.
        return replace(plain_view(self._sentence(key)), quiet=False)

    def _sentence(self, key: str, **values: Any) -> str:
        return self._shelf.current.words.say(WORDS, key, **values)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.write(work))


def _tenant(incoming: Incoming) -> str:
    return next(iter(incoming.tenants()), "")
