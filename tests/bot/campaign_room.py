"""A town of colleagues, a campaign for them, and a Teams that does what a test tells it."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.campaign_delivery import CampaignDelivery, WayOut
from bot.campaign_desk import CampaignDesk
from bot.campaign_rules import CampaignRules
from bot.campaign_tables import campaign_recipients, campaigns
from bot.campaigns import Draft, act, begin, release, totals, write
from bot.people import Person
from bot.records import Records
from bot.tables import conversations, people
from bot.web_log import append
from cards.campaign import LAST, TALK, Button
from knowledge.shelf import Shelf

WRITER = Person("m1", "Merel", frozenset({"buyer", "mvoi"}))
RELEASER = Person("m2", "Mo", frozenset({"buyer", "mvoi"}))
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)
DRAFT = Draft(
    "Bedrijfskleding kan vaker mee",
    "We kopen elk jaar veel bedrijfskleding.\n\nVraag eerst wat er nog ligt.",
    "Ligt er nog kleding?",
    (Button(TALK, "Praat erover", "bedrijfskleding"), Button(LAST, "Laat maar")),
)
FAST = CampaignRules(rate=2000)


class FakeTeams:
    """Keeps what arrived per conversation; `answer` may raise for a conversation, before it arrives or after."""

    def __init__(self) -> None:
        self.there: Counter[str] = Counter()
        self.notices: list[str] = []
        self.corrected: list[str] = []
        self.before: Callable[[str], None] = lambda _room: None
        self.after: Callable[[str], None] = lambda _room: None
        self.sending: Callable[[str], Any] | None = None

    async def send(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], *, once: bool = False
    ) -> str:
        assert once
        if self.sending:
            await self.sending(conversation)
        self.before(conversation)
        self.there[conversation] += 1
        self.notices.append(str(activity["summary"]))
        self.after(conversation)
        return f"{conversation}-{self.there[conversation]}"

    async def update(
        self,
        service_url: str,
        conversation: str,
        activity_id: str,
        activity: Mapping[str, Any],
        *,
        once: bool = False,
    ) -> str:
        assert once
        self.before(conversation)
        self.corrected.append(str(activity["summary"]))
        return activity_id

    async def delete(
        self, service_url: str, conversation: str, activity_id: str, *, once: bool = False
    ) -> None:
        assert once
        self.before(conversation)
        self.there[conversation] -= 1


@dataclass
class Town:
    """Colleagues, and what is done for them; the clock stands still until a test moves it."""

    records: Records
    shelf: Shelf | None = None
    teams: FakeTeams = field(default_factory=FakeTeams)
    way_out: WayOut | None = None
    now: datetime = THURSDAY
    rules: CampaignRules = FAST

    def delivery(self, now: Callable[[], datetime] | None = None) -> CampaignDelivery:
        """One worker, which moves the clock when it waits; or with a clock of its own that goes on by itself."""
        assert self.shelf
        desk = CampaignDesk(self.shelf, self.records)
        return CampaignDelivery(
            self.records,
            self.rules,
            show=desk.show,
            way_out=self.way_out or self.teams,
            now=now or (lambda: self.now),
            sleep=asyncio.sleep if now else self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def settle(
        self, teams: int = 0, web: int = 0, nowhere: int = 0, address: str = "https://teams.example/"
    ) -> None:
        """Let people come: t0, t1 in Teams at this address, w0, w1 on the web, n0, n1 nowhere."""
        names = [
            f"{kind}{n}" for kind, many in (("t", teams), ("w", web), ("n", nowhere)) for n in range(many)
        ]
        await self.records.write(lambda connection: _settle(connection, names, address))

    async def released(self, draft: Draft = DRAFT, due: datetime | None = None) -> str:
        """A campaign that may go."""

        def work(connection: Connection) -> str:
            id_ = begin(connection, WRITER, self.now)
            write(connection, WRITER, id_, 1, draft, self.now)
            release(connection, RELEASER, id_, 2, due, self.now)
            return id_

        return await self.records.write(work)

    async def act(self, id_: str, what: str) -> None:
        """What somebody of the MVOI team does with it."""
        await self.records.write(lambda connection: act(connection, WRITER, id_, what, self.now))

    async def totals(self, id_: str) -> dict[str, int]:
        """How many are in which state, without noughts."""
        found = await self.records.read(lambda connection: totals(connection, id_))
        return {name: number for name, number in found.items() if number}

    async def state(self, id_: str) -> str:
        """How far the campaign is."""
        found = select(campaigns.c.state).where(campaigns.c.id == id_)
        return str(await self.records.read(lambda connection: connection.execute(found).scalar_one()))

    async def of(self, person: str) -> str:
        """In which state this person is, in the only campaign."""
        found = select(campaign_recipients.c.state).where(campaign_recipients.c.person_id == person)
        return str(await self.records.read(lambda connection: connection.execute(found).scalar_one()))

    async def cut(self, id_: str) -> None:
        """Pull the plug while somebody is being sent to: it arrived, and nobody wrote that down."""
        cut = asyncio.Event()

        def pull(_room: str) -> None:
            cut.set()
            raise asyncio.CancelledError

        self.teams.after = pull
        running = asyncio.create_task(self.delivery().run(id_))
        await cut.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self.teams.after = lambda _room: None


def _settle(connection: Connection, names: Iterable[str], address: str) -> None:
    for name in names:
        row = {"id": name, "name": name, "roles": ["buyer"], "last_seen": date(2026, 11, 1)}
        connection.execute(insert(people), row)
        if name[0] == "n":
            continue
        room = {
            "id": f"room-{name}",
            "person_id": name,
            "channel": "teams" if name[0] == "t" else "web",
            "reference": {"service_url": address} if name[0] == "t" else None,
            "last_seq": 0,
        }
        connection.execute(insert(conversations), room)
        if name[0] == "w":
            append(connection, room["id"], [{"id": uuid.uuid4().hex, "timestamp": "2026-11-01"}])


async def on_web(records: Records, person: str) -> list[str]:
    """What Moi said to this person on the web of its own accord."""
    said = await records.activities(f"room-{person}", 1)
    return [activity.get("text") or activity["summary"] for _, activity in said]


async def put(records: Records, id_: str, **values: Any) -> None:
    """Change a campaign as only a test may."""
    new = update(campaigns).where(campaigns.c.id == id_).values(**values)
    await records.write(lambda connection: connection.execute(new))
