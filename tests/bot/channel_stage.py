"""A whole Moi with a procurement channel in Teams: talks, delivery, a fake connector, and colleagues who type and tap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dbos import DBOS
from sqlalchemy import select

from bot.channel_posts import TEAMS
from bot.delivery import Delivery
from bot.depot_letters import DepotLetters
from bot.house import House
from bot.letters import Letters
from bot.meeting_desk import MeetingLetters
from bot.people import Person
from bot.records import Records
from bot.settings import Settings
from bot.summaries import summaries
from bot.tables import audit
from bot.teams import Teams
from bot.teams_channel import TeamsChannel
from knowledge.shelf import Shelf
from tests.bot.teams_room import Room, open_room
from tests.fakes.identity import TENANT

LONGEST = 20.0  # Seconds that everything in one test may take.
CHANNEL = "19:inkoop@thread.tacv2"
OTHER = "19:ander@thread.tacv2"
MOI = {"id": "28:moi", "name": "Moi"}
MENTION = {"type": "mention", "text": "<at>Moi</at>", "mentioned": MOI}
BUYER = {"id": "29:b", "name": "Bo", "aadObjectId": "bo"}
COLLEAGUE = {"id": "29:s", "name": "Sam", "aadObjectId": "sam"}
OTHER_COLLEAGUE = {"id": "29:k", "name": "Kim", "aadObjectId": "kim"}
MEMBERS = {"inkoop": ["sam"], "mvoi": ["kim"]}
PURCHASE = (
    "we willen 50 nieuwe bureaustoelen, zo'n 15k",
    "ja",
    "het is oud, maar heel",
    "opknappen",
    "3000",
    "neem ik mee",
    "versturen",
)


@dataclass
class Stage:
    """Everything that runs, and what colleagues do."""

    room: Room
    records: Records
    house: House

    async def say(self, text: str, who: Any = COLLEAGUE, where: str = CHANNEL, **changes: Any) -> int:
        """Say something to Moi in a channel, by its name."""
        activity = self.room.activity(
            **{"from": who, "text": f"<at>Moi</at> {text}", "entities": [MENTION]},
            conversation={"id": f"{where};messageid=1", "conversationType": "channel", "tenantId": TENANT},
            channelData={"tenant": {"id": TENANT}, "team": {"id": "t", "name": "Inkoop"}},
        )
        return (await self.room.post(activity | changes)).status

    async def press(
        self, data: dict[str, Any], who: Any = COLLEAGUE, where: str = CHANNEL, **more: Any
    ) -> Any:
        """Press a button of a card; gives what only whoever pressed it gets to see."""
        value = {"action": {"type": "Action.Execute", "verb": "moi", "data": data}}
        kind = "personal" if where.startswith("a:") else "channel"
        activity = self.room.activity(
            type="invoke",
            name="adaptiveCard/action",
            text=None,
            value=value,
            **{"from": who},
            conversation={"id": where, "conversationType": kind, "tenantId": TENANT},
        )
        answer = await self.room.post(activity | more)
        return (await answer.json())["value"]

    async def chat(self, *lines: str, who: Any = BUYER, where: str = "a:chat") -> None:
        """Say something in the own chat with Moi."""
        for text in lines:
            room = {"id": where, "conversationType": "personal", "tenantId": TENANT}
            await self.room.post(self.room.activity(**{"from": who, "text": text}, conversation=room))

    async def buy(self, who: Any = BUYER) -> str:
        """Do a whole talk in the own chat; gives the record."""
        await self.chat(*PURCHASE, who=who)
        return (await self.records.records_of(f"aad:{who['aadObjectId']}"))[0].id

    def said(self, where: str = CHANNEL) -> list[str]:
        """What is said in a conversation and in its threads, each message as it now is."""
        shown = {
            landed.id: landed.activity.get("text") or landed.activity.get("summary") or ""
            for landed in self.room.channel.landed
            if landed.conversation.partition(";")[0] == where and landed.activity.get("type") == "message"
        }
        return list(shown.values())

    async def logged(self) -> list[tuple[str, str]]:
        """Who did what, in order."""
        rows = self.records.database.read(
            lambda connection: connection.execute(select(audit).order_by(audit.c.at)).all()
        )
        return [(row.person_id, row.action) for row in rows.result()]

    async def visit(self, who: Person) -> None:
        """Be known from signing in on the web, with the roles one has there."""
        await self.records.sign_ins.keep(who)


@asynccontextmanager
async def open_stage(
    url: str, shelf: Shelf, *, delivers: bool = True, targets: Sequence[str] = ("page",), **settings: Any
) -> AsyncIterator[Stage]:
    """Open everything on loopback, and close it."""
    records = await Records.open(url, targets)
    here = Settings(**{"secret": "alleen-voor-deze-test-0123456789", "role_members": MEMBERS, **settings})
    house = House(here, shelf, records)
    channels: list[TeamsChannel] = []
    teams_side: list[Teams] = []

    async def furnish(teams: Teams) -> None:
        teams_side.append(teams)
        channels.append(await house.open_channel(teams))

    try:
        async with open_room(house.turns, furnish=furnish) as room, asyncio.timeout(LONGEST):
            letters = Letters(
                records,
                ask=house.desk.ask,
                answer=house.desk.answer,
                way_out=teams_side[0].connector,
                thread=channels[0],
            )
            outside = {TEAMS: channels[0]}
            way_out = teams_side[0].connector
            depot = DepotLetters(records, say=house.depot.told, way_out=way_out)
            more: dict[str, Any] = {
                "sweep": "* * * * * *",
                "letters": letters,
                "depot": depot,
                "meetings": MeetingLetters(records, house.meetings, way_out),
                "follow_up": house.follow_up.letters(way_out),
                "nudges": house.nudges.letters(way_out),
                "way_out": way_out,
            }
            delivery = Delivery(records, summaries(None), outside, **more)
            if delivers:
                await delivery.start()
                teams_side[0].answer_later(delivery.answer_later)
            try:
                yield Stage(room, records, house)
                await _settled(delivers)
            finally:
                await delivery.close()
    finally:
        await records.close()


async def _settled(delivers: bool) -> None:
    """Wait until nothing is queued any more: what is taken from the queue while it closes is a warning of DBOS."""
    while delivers and await asyncio.to_thread(DBOS.list_queued_workflows):
        continue
