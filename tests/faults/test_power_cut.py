"""Processes are killed and connections cut; nothing that was answered is lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.connector import FakeConnector, Fault
from tests.fakes.identity import FakeIdentity
from tests.faults.moi import Moi

pytestmark = pytest.mark.fault

SEED = 20261123
KILLS = 30
SENDS = 6  # Of those, in which the talk is sent and changed.
OUTAGE = 6.0  # Seconds.
Start = Callable[..., Awaitable[Moi]]
TRIED = {"page": "posted", "teams": "due"}
TRY = 3  # Changes to the channel until the first try is over: recorded, sending, not landed.
LANDED = {"page": "posted", "teams": "posted"}


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    """Teams, on loopback."""
    async with FakeConnector() as connector:
        yield connector


@pytest.fixture
async def start(database_url: str, teams: FakeConnector, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts processes on one database; those that are still there at the end are killed."""
    started: list[Moi] = []
    async with FakeIdentity() as identity:

        async def start(*, delivers: bool = True) -> Moi:
            addresses = {"database": database_url, "connector": teams.url, "authority": identity.authority}
            started.append(await Moi.start(tmp_path, {**addresses, "delivers": delivers}))
            return started[-1]

        yield start
        for moi in started:
            await moi.kill()


def cards(teams: FakeConnector) -> list[str]:
    """The summaries of the cards that are now in the channel."""
    return [text for text in teams.texts() if "Bijgewerkt" not in text]


async def cut(moi: Moi, doing: asyncio.Task[dict[str, Any]], after: float) -> bool:
    """Kill a process some seconds into what it is doing; tells whether it had confirmed it."""
    await asyncio.wait([doing], timeout=after)
    confirmed = doing.done()
    await moi.kill()
    await asyncio.gather(doing, return_exceptions=True)
    return confirmed


async def test_killed_anywhere(start: Start, teams: FakeConnector) -> None:
    """Killed at thirty points of a talk: every answer that was confirmed is there, and each counts once."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    talk = uuid.uuid4().hex
    moi = await start()
    steps: list[tuple[str, dict[str, str], float]] = [
        ("say", {"key": f"q{n}"}, 0.006) for n in range(KILLS - SENDS)
    ]
    steps += [("send", {"value": f"v{n}"}, 0.8) for n in range(SENDS)]
    for number, (what, more, longest) in enumerate(steps):
        doing = asyncio.create_task(moi.do(what, talk, f"m{number}", **more))
        confirmed = await cut(moi, doing, chance.uniform(0, longest))
        moi = await start()
        again = await moi.do(what, talk, f"m{number}", **more)
        assert again["repeated"] or not confirmed
    kept = await moi.do("look", talk)
    in_doubt = kept["posts"][0][1]["teams"] == "uncertain"
    await moi.until(talk, (SENDS, LANDED | ({"teams": "uncertain"} if in_doubt else {})))
    await moi.stop()

    assert kept["answers"] == {f"q{n}": 1 for n in range(KILLS - SENDS)}
    assert kept["state"] == "done"
    assert len(cards(teams)) <= 1
    assert in_doubt or len(cards(teams)) == 1


async def test_killed_before_posting(start: Start, teams: FakeConnector) -> None:
    """Killed after the record was kept and before its delivery began: it is delivered after the start, once."""
    talk = uuid.uuid4().hex
    moi = await start(delivers=False)
    await moi.do("send", talk, "send", value="v1")
    await moi.kill()
    moi = await start()
    await moi.until(talk, (1, LANDED))
    await moi.stop()

    assert len(cards(teams)) == 1


async def test_killed_while_posting(start: Start, teams: FakeConnector) -> None:
    """Killed after a card arrived and before its answer: in doubt, and not sent a second time."""
    talk = uuid.uuid4().hex
    teams.faults.append(Fault(drop="silence"))
    moi = await start()
    await moi.do("send", talk, "send", value="v1")
    await teams.until(lambda: bool(teams.landed))
    await moi.kill()
    moi = await start()
    await moi.until(talk, (1, LANDED | {"teams": "uncertain"}))
    await moi.stop()

    assert len(cards(teams)) == 1


async def test_teams_down(start: Start, teams: FakeConnector) -> None:
    """Teams cannot be reached for a while, with a power cut in between: the card comes later, once."""
    talk = uuid.uuid4().hex
    await teams.stop()
    moi = await start()
    await moi.do("send", talk, "send", value="v1")
    await moi.until(talk, (1, TRIED), changes=TRY)
    await moi.kill()
    moi = await start()
    landing = asyncio.create_task(moi.until(talk, (1, LANDED)))
    await asyncio.wait([landing], timeout=OUTAGE)
    too_early = landing.done()
    await teams.start()
    await landing
    await moi.stop()

    assert not too_early
    assert len(cards(teams)) == 1


async def test_busy_teams(start: Start, teams: FakeConnector) -> None:
    """Teams is busy, fails and drops the connection before anything landed: the card comes, once."""
    talk = uuid.uuid4().hex
    busy = Fault(status=429, headers={"Retry-After": "1"})
    teams.faults.extend([busy, Fault(status=502), Fault(status=503), busy])
    moi = await start()
    await moi.do("send", talk, "send", value="v1")
    await moi.until(talk, (1, LANDED))
    await moi.stop()

    assert len(cards(teams)) == 1


async def test_ten_at_once(start: Start) -> None:
    """Ten messages at the same moment, each delivered twice: all ten count, once."""
    talk = uuid.uuid4().hex
    moi = await start(delivers=False)
    await asyncio.gather(*(moi.do("say", talk, f"m{n}", key=f"q{n}") for n in range(10)))
    again = await asyncio.gather(*(moi.do("say", talk, f"m{n}", key=f"q{n}") for n in range(10)))
    kept = await moi.do("look", talk)
    await moi.stop()

    assert all(answer["repeated"] for answer in again)
    assert kept["answers"] == {f"q{n}": 1 for n in range(10)}


async def test_two_instances(start: Start, teams: FakeConnector) -> None:
    """Two instances on one database: what one was delivering when it died is delivered by the other, once."""
    talk = uuid.uuid4().hex
    teams.faults.append(Fault(status=503, headers={"Retry-After": "6"}))
    one = await start()
    await one.do("send", talk, "send", value="v1")
    await one.until(talk, (1, TRIED), changes=TRY)
    two = await start()
    await one.kill()
    await two.until(talk, (1, LANDED))
    await two.stop()

    assert len(cards(teams)) == 1


async def test_ten_at_two(start: Start) -> None:
    """Ten messages in one talk at the same moment, at two instances: all count, once."""
    talk = uuid.uuid4().hex
    one, two = await asyncio.gather(start(delivers=False), start(delivers=False))
    both = [(moi, f"q{n}") for n, moi in enumerate([one, two] * 5)]
    await asyncio.gather(*(moi.do("say", talk, key, key=key) for moi, key in both))
    again = await asyncio.gather(*(two.do("say", talk, key, key=key) for _, key in both))
    kept = await two.do("look", talk)
    await two.stop()

    assert all(answer["repeated"] for answer in again)
    assert kept["answers"] == {key: 1 for _, key in both}
