"""One turn: person and message in, views out. Channels call it; it sees no channel, only who spoke and where."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.about_me import ORDERS, TAPS
from bot.amending import amend, mark_of, signed
from bot.campaign_desk import CampaignDesk
from bot.channel_desk import ChannelDesk
from bot.contract_desk import ContractDesk
from bot.depot_desk import DepotDesk
from bot.desk import Desk
from bot.facilitair_desk import FacilitairDesk
from bot.follow_up_desk import FollowUpDesk
from bot.kept_turn import earlier_purchases, talk_of_message
from bot.meeting_desk import MeetingDesk
from bot.my_data import count_mine
from bot.nudge_desk import NudgeDesk
from bot.offer import Contracts, Offers, reserved_by, running_contracts
from bot.people import Person
from bot.records import Records
from bot.respond import again, respond
from bot.talk_state import Answer, Kept, Message, Place, Response, Talk
from bot.tender_desk import TenderDesk
from cards.marks import legible
from cards.view import View
from dialogs.again import Earlier, asks_again
from dialogs.commands import Command, command
from dialogs.existing import NOTHING, WhatThereIs
from knowledge.requests import LONGEST
from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
ABOUT_THE_LAST = frozenset({"wijzig", "terug"})
"""Commands that may be about a talk that was sent already."""

logger = structlog.stdlib.get_logger("moi")
Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


class Conversation:
    """The talk as channels use it: durable, once per message, the same on every channel."""

    def __init__(
        self,
        shelf: Shelf,
        records: Records,
        address: str | None = None,
        contracts: Contracts = running_contracts,
    ) -> None:
        self.shelf = shelf
        self.records = records
        self.address = address
        self.channel = ChannelDesk(shelf, records)
        self.depot = DepotDesk(shelf, records, address)
        self.facilitair = FacilitairDesk(shelf, records, address)
        self.contracts = ContractDesk(shelf, records, address)
        self.offers = Offers(self.depot, contracts)
        self.meetings = MeetingDesk(shelf, records)
        self.follow_up = FollowUpDesk(shelf, records)
        self.campaigns = CampaignDesk(shelf, records, address)
        self.tenders = TenderDesk(shelf, records, address)
        self.nudges = NudgeDesk(shelf, records)

    async def turn(self, person: Person, message: Message, place: Place, log: Log | None = None) -> Answer:
        """Deal with one message as a whole or not at all. Raises BusyError when it could not be kept."""
        if place.channel == "teams":
            # Teams says who somebody is, but not in which roles.
            person = await self.records.sign_ins.with_roles(person)
        if wish := self.channel.wish(message):
            return await self.channel.turn(person, message, place, wish, log)
        if about_depot := self.depot.wish(message):
            return await self.depot.turn(person, message, place, about_depot, log)
        if (about_today := self.facilitair.wish(message)) is not None:
            return await self.facilitair.turn(person, message, place, about_today, log)
        if about_contracts := self.contracts.wish(message):
            return await self.contracts.turn(person, message, place, about_contracts, log)
        if self.tenders.wish(message):
            return await self.tenders.turn(person, message, place, log)
        if about_result := self.follow_up.wish(message):
            return await self.follow_up.turn(person, message, place, about_result, log)
        if about_campaign := self.campaigns.wish(message):
            if about_campaign.answered:
                return await self.campaigns.turn(person, message, place, about_campaign, log)
            message = await self.campaigns.talk(person, message, about_campaign)
        if about_nudge := self.nudges.wish(message):
            if about_nudge.answered:
                return await self.nudges.turn(person, message, place, about_nudge, log)
            message = await self.nudges.talk(person, message, about_nudge)
        asked = await self._waits(person) if message.arrived else ()
        knowledge = self.shelf.current
        order = command(knowledge, message.text) if message.text else None
        found: dict[str, Any] = {}
        desk = Desk(
            knowledge=knowledge,
            person=person,
            today=datetime.now(HERE).date(),
            new_talk=uuid.uuid4().hex,
            new_record=uuid.uuid4().hex,
            address=self.address,
            kept=await self._kept(person, message, order) if not place.shared else None,
            earlier=await self._earlier(person, message) if not place.shared else (),
            room=place.conversation,
            shared=place.shared,
            found=found,
        )
        talk = legible(str(message.tap.get("talk") or "")) if message.tap else ""
        typed = place.channel == "teams" and not message.tap and not message.arrived
        mark = mark_of(message.about or message.id) if typed else ""
        elsewhere = False
        if message.changed:
            known, elsewhere = await self.records.read(partial(talk_of_message, person.id, mark))
            talk = known or ""
        elif order and order.name in ABOUT_THE_LAST:
            talk = await self.records.last_talk(person.id) or ""
        due: list[str] = []
        answer = await self.records.in_turn(
            person,
            place,
            message.id,
            partial(_respond, desk, message, asked, mark, elsewhere),
            partial(again, desk),
            log,
            talk or None,
            look=partial(self._look, desk, found),
            settle=partial(self._settle, desk, message, place, due),
        )
        for told in due:
            self.records.deliver_again(told)
        return answer

    async def _waits(self, person: Person) -> tuple[View, ...]:
        """What could not be said while this person was nowhere."""
        return (
            *await self.channel.open_questions(person),
            *await self.depot.decisions(person),
            *await self.meetings.late(person),
            *await self.follow_up.late(person),
            *await self.nudges.late(person),
            *await self.campaigns.late(person),
        )

    def _settle(
        self,
        desk: Desk,
        message: Message,
        place: Place,
        due: list[str],
        connection: Connection,
        before: Talk | None,
        response: Response,
    ) -> Response:
        response = self.offers.settle(desk, connection, before, response)
        self.nudges.settle(connection, desk.person, desk.new_talk, message, response)
        # Of a talk that goes on Facilitair hears in the next sweep; by then it may have been given back.
        if response.record and response.talk and (reservation := reserved_by(response.talk)):
            due.append(reservation)
        response = self.meetings.settle(desk, message, due, connection, before, response)
        return self.campaigns.pass_on(desk.person, message, place, connection, response)

    async def _look(self, desk: Desk, found: dict[str, Any], wanted: WhatThereIs) -> None:
        """Look up what there is already; when that fails the talk goes on without it."""
        try:
            there = await self.records.read(partial(self.offers.look, desk, wanted))
        except Exception as problem:
            logger.warning("what there is could not be looked up", problem=type(problem).__name__)
            there = NOTHING
        found[wanted.subject.id] = wanted.keep(there)

    async def _kept(self, person: Person, message: Message, order: Command | None) -> Kept | None:
        """How much is kept of the person, when the message is about that."""
        if (order and order.name in ORDERS) or (message.tap and str(message.tap.get("do")) in TAPS):
            return await self.records.read(partial(count_mine, person.id))
        return None

    async def _earlier(self, person: Person, message: Message) -> tuple[Earlier, ...]:
        """What the person sent before, when the message may ask for that again."""
        if not asks_again(message.text[:LONGEST]):
            return ()
        return await self.records.read(partial(earlier_purchases, person.id))


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
