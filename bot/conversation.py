"""One turn: person and message in, views out. Channels call it; it sees no channel, only who spoke and where."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.about_me import ORDERS, TAPS
from bot.amending import amend, mark_of, signed
from bot.campaign_desk import CampaignDesk
from bot.channel_desk import ChannelDesk
from bot.depot_desk import DepotDesk
from bot.desk import Desk
from bot.kept_turn import talk_of_message
from bot.my_data import count_mine
from bot.people import Person
from bot.records import Records
from bot.respond import again, respond
from bot.talk_state import Answer, Kept, Message, Place, Response, Talk
from cards.marks import legible
from cards.view import View
from dialogs.commands import Command, command
from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
ABOUT_THE_LAST = frozenset({"wijzig", "terug"})
"""Commands that may be about a talk that was sent already."""

Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


class Conversation:
    """The talk as channels use it: durable, once per message, the same on every channel."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self.shelf = shelf
        self.records = records
        self.address = address
        self.channel = ChannelDesk(shelf, records)
        self.depot = DepotDesk(shelf, records, address)
        self.campaigns = CampaignDesk(shelf, records)

    async def turn(self, person: Person, message: Message, place: Place, log: Log | None = None) -> Answer:
        """Deal with one message as a whole or not at all. Raises BusyError when it could not be kept."""
        if place.channel == "teams":
            # Teams says who somebody is, but not in which roles.
            person = await self.records.sign_ins.with_roles(person)
        if wish := self.channel.wish(message):
            return await self.channel.turn(person, message, place, wish, log)
        if about_depot := self.depot.wish(message):
            return await self.depot.turn(person, message, place, about_depot, log)
        if about_campaign := self.campaigns.wish(message):
            if about_campaign.answered:
                return await self.campaigns.turn(person, message, place, about_campaign, log)
            message = await self.campaigns.talk(person, message, about_campaign)
        asked: tuple[View, ...] = ()
        if message.arrived:
            asked = (*await self.channel.open_questions(person), *await self.depot.decisions(person))
        knowledge = self.shelf.current
        order = command(knowledge, message.text) if message.text else None
        desk = Desk(
            knowledge=knowledge,
            person=person,
            today=datetime.now(HERE).date(),
            new_talk=uuid.uuid4().hex,
            new_record=uuid.uuid4().hex,
            address=self.address,
            kept=await self._kept(person, message, order) if not place.shared else None,
            room=place.conversation,
            shared=place.shared,
        )
        talk = legible(str(message.tap.get("talk") or "")) if message.tap else ""
        typed = place.channel == "teams" and not message.tap and not message.arrived
        mark = mark_of(message.about or message.id) if typed else ""
        elsewhere = False
        if message.changed:
            found = await self.records.read(partial(talk_of_message, person.id, mark))
            talk, elsewhere = found[0] or "", found[1]
        elif order and order.name in ABOUT_THE_LAST:
            talk = await self.records.last_talk(person.id) or ""
        return await self.records.in_turn(
            person,
            place,
            message.id,
            partial(_respond, desk, message, asked, mark, elsewhere),
            partial(again, desk),
            log,
            talk or None,
        )

    async def _kept(self, person: Person, message: Message, order: Command | None) -> Kept | None:
        """How much is kept of the person, when the message is about that."""
        if (order and order.name in ORDERS) or (message.tap and str(message.tap.get("do")) in TAPS):
            return await self.records.read(partial(count_mine, person.id))
        return None


def _respond(
    desk: Desk, message: Message, asked: tuple[View, ...], mark: str, elsewhere: bool, talk: Talk | None
) -> Response:
    """Work out the message; what procurement asked meanwhile comes last."""
    if message.changed:
        response = amend(desk, message, mark, elsewhere, talk)
    else:
        response = respond(desk, message, talk)
    if response.talk:
        response = replace(response, talk=signed(talk, response.talk, mark))
    return replace(response, views=(*response.views, *asked)) if asked else response
