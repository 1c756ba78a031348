"""A campaign and the plug: kill -9 at any moment, again and again, with everything real but Teams."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.campaign_tables import campaign_recipients as rows
from bot.records import Records
from tests.bot.campaign_room import Town
from tests.fakes.connector import FakeConnector, Fault
from tests.fakes.identity import TENANT, FakeIdentity
from tests.faults.campaign_runner import Worker, run
from tests.faults.moi import PROCESSES

pytestmark = pytest.mark.fault

SEED = 20261126
KILLS = 20
MANY = 360
AWAY = 0.05  # Seconds to Teams.
HALF_A_MINUTE = 31.0  # After which a call without an answer is uncertain.
SLOW, FAST = 30, 1000  # Calls a second while the plug is pulled, and after that.
REFUSED = {"blocked", "failed"}


@dataclass
class Room:
    """Teams, the database, the processes that send, and who was being sent to whenever one of them was killed."""

    town: Town
    campaign: str
    teams: FakeConnector
    start: Callable[..., BaseProcess]
    open: set[str] = field(default_factory=set)

    async def kill(self, process: BaseProcess) -> None:
        """Kill it, and look who was being sent to."""
        process.kill()
        await asyncio.to_thread(process.join)
        self.open |= await self.people("sending")

    async def people(self, *states: str) -> set[str]:
        """Who is in these states."""
        found = select(rows.c.person_id).where(rows.c.state.in_(states))
        return set(await self.town.records.read(lambda connection: connection.execute(found).scalars().all()))

    async def more(self, landed: int, after: float = 0.0) -> None:
        """Wait until so many more arrived, and so many seconds after that."""
        there = len(self.teams.landed) + landed
        await self.teams.until(lambda: len(self.teams.landed) >= there)
        await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=after)


@asynccontextmanager
async def room(url: str, log: Path, many: int, *, faults: bool = True) -> AsyncIterator[Room]:
    """A campaign to so many people that may go; whatever still sends at the end is killed."""
    records = await Records.open(url)
    started: list[BaseProcess] = []
    began = time.time()
    async with FakeConnector(latency=AWAY) as teams, FakeIdentity() as identity:
        town = Town(records)
        await town.settle(teams=many, address=teams.url)
        id_ = await town.released()
        if faults:
            teams.faults += some_faults(many * 2)

        def start(rate: int, *, engine: bool = False, later: float = 0.0) -> BaseProcess:
            token_url = f"{identity.authority}/{TENANT}/oauth2/v2.0/token"
            worker = Worker(url, token_url, id_, rate, began - later)
            process = PROCESSES.Process(target=run, args=(worker, str(log)), kwargs={"engine": engine})
            process.start()
            started.append(process)
            return process

        yield Room(town, id_, teams, start)
        for process in started:
            process.kill()
            await asyncio.to_thread(process.join)
    await records.close()


def some_faults(many: int) -> list[Fault]:
    """What Teams answers: 2% too busy, 1% down, 1% cut off, 3% blocked."""
    chance = random.Random(SEED)
    busy = Fault(status=429, headers={"Retry-After": "1"})
    blocked = Fault(status=403, body={"error": {"code": "MessageWritesBlocked"}})
    kinds = [busy, Fault(status=502), Fault(drop="after"), blocked, Fault()]
    return chance.choices(kinds, [2, 1, 1, 3, 93], k=many)


async def adds_up(town: Town, id_: str, ended: asyncio.Future[None]) -> list[int]:
    """Look at the totals for as long as it goes; gives everything they added up to."""
    sums: list[int] = []
    while not ended.done():
        sums.append(sum((await town.totals(id_)).values()))
        await asyncio.wait([ended], timeout=0.1)
    return sums


@pytest.mark.parametrize(
    ("database_url", "workers"),
    [("sqlite", 1), pytest.param("postgres", 2, marks=pytest.mark.postgres)],
    indirect=["database_url"],
)
async def test_killed(database_url: str, workers: int, tmp_path: Path) -> None:
    """Killed at twenty moments: nobody gets it twice, nobody is forgotten, only who was being sent to is uncertain, and it adds up all along."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    async with room(database_url, tmp_path / "log", MANY) as here:
        ended = asyncio.get_running_loop().create_future()
        looking = asyncio.create_task(adds_up(here.town, here.campaign, ended))
        sending = [here.start(SLOW) for _ in range(workers)]
        for _ in range(KILLS):
            await here.more(chance.randint(1, 6), chance.uniform(0, 0.05))
            which = chance.randrange(workers)
            await here.kill(sending[which])
            sending[which] = here.start(SLOW)
        waited = len(await here.people("waiting"))
        for process in sending:
            await here.kill(process)
        await asyncio.to_thread(here.start(FAST, later=HALF_A_MINUTE).join)
        ended.set_result(None)
        sums = await looking
        got = Counter(landed.conversation.removeprefix("room-") for landed in here.teams.landed)
        cut = {person for person in got if person in await here.people("uncertain")} - here.open
        sent, uncertain = await here.people("sent"), await here.people("uncertain")
        refused = await here.people(*REFUSED)
        totals, state = await here.town.totals(here.campaign), await here.town.state(here.campaign)

    print(f"{waited} waited after the last kill, {len(uncertain)} uncertain, {len(sums)} looks: {totals}")
    assert waited
    assert state == "done"
    assert set(got.values()) == {1}
    assert len(sent | uncertain | refused) == MANY
    assert sent <= set(got) <= sent | uncertain
    # Beside those of the kills only what Teams itself cut off after it had arrived.
    assert len(cut) <= sum(fault.drop == "after" for fault in some_faults(MANY * 2))
    assert uncertain - here.open == cut
    assert set(sums) <= {0, MANY}
    assert len(sums) > KILLS


@pytest.mark.postgres
async def test_taken_over(postgres_url: str, tmp_path: Path) -> None:
    """An instance that dies while it sends is taken over by the other, which sends the rest once."""
    async with room(postgres_url, tmp_path / "log", 40, faults=False) as here:
        one = here.start(20, engine=True)
        await here.more(5)
        here.start(FAST, engine=True, later=HALF_A_MINUTE)
        await here.kill(one)
        async with asyncio.timeout(30):
            while await here.town.state(here.campaign) != "done":
                await here.more(0, 0.1)
        got = Counter(landed.conversation for landed in here.teams.landed)
        sent, uncertain = await here.people("sent"), await here.people("uncertain")

    assert set(got.values()) == {1}
    assert len(sent | uncertain) == 40
    assert uncertain <= here.open
