"""All that Moi sends to Teams of its own accord keeps one pace, over all campaigns and all instances."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot import campaign_pace
from bot.campaign_delivery import CampaignDelivery
from bot.campaign_desk import CampaignDesk
from bot.records import Records
from tests.bot.campaign_room import THURSDAY, Town


def take(connection: Connection, rate: float, now: datetime) -> int:
    """Take all the places there are now."""
    room = campaign_pace.room(connection, rate, now)
    if room.calls:
        campaign_pace.took(connection, room, rate, now, room.calls)
    return room.calls


def begun(connection: Connection, others: float) -> list[timedelta]:
    """The moments of the calls of campaigns in five seconds, while so many others a second are made."""
    moments: list[timedelta] = []
    for tick in range(500):
        at = timedelta(seconds=tick / 100)
        if others and tick % round(100 / others) == 0:
            campaign_pace.make_way(connection, THURSDAY + at, 1)
        moments += [at] * take(connection, 40, THURSDAY + at)
    return moments


def busiest(moments: list[timedelta]) -> int:
    """The most calls in any second."""
    second = timedelta(seconds=1)
    return max(sum(0 <= (other - one) / second < 1 for other in moments) for one in moments)


async def test_pace(records: Records) -> None:
    """Alone, campaigns send forty a second and no more than a few above that in any second."""
    moments = await records.write(partial(begun, others=0))

    assert 200 <= len(moments) <= 204
    assert busiest(moments) <= 45


async def test_caught_up(records: Records) -> None:
    """What a busy machine sent too late is caught up little by little, and what is longer ago is not."""

    def stalled(connection: Connection) -> list[timedelta]:
        moments: list[timedelta] = []
        for tick in (*range(100), *range(150, 1250), *range(1500, 1501)):
            at = timedelta(seconds=tick / 100)
            moments += [at] * take(connection, 40, THURSDAY + at)
        return moments

    moments = await records.write(stalled)
    before = sum(moment < timedelta(seconds=12.5) for moment in moments)

    assert 498 <= before <= 504
    assert busiest(moments) <= 48
    assert len(moments) - before <= 5


async def test_others_go_before(records: Records) -> None:
    """What else Moi sends takes places of campaigns, so that together it stays at forty."""
    moments = await records.write(partial(begun, others=10))

    assert 149 <= len(moments) <= 154
    assert busiest(moments) <= 34


async def test_no_place_twice(records: Records) -> None:
    """Two workers at the same moment take one place each, or one of them waits."""
    taken = await asyncio.gather(*(records.write(partial(take, rate=40, now=THURSDAY)) for _ in range(8)))
    later = await records.write(lambda connection: campaign_pace.room(connection, 40, THURSDAY))

    assert sum(taken) == 1
    assert (later.calls, later.wait) == (0, 0.025)


async def test_clock_put_back(records: Records) -> None:
    """A clock that is put back an hour does not hold back campaigns for an hour."""
    await records.write(partial(take, rate=40, now=THURSDAY + timedelta(hours=1)))

    assert await records.write(partial(take, rate=40, now=THURSDAY)) == 1


async def test_hold(records: Records) -> None:
    """Three in a row about different people hold everything, as long as Teams says or longer each time; one that is taken ends it."""

    def hold(connection: Connection) -> list[object]:
        now = THURSDAY
        said: list[object] = []
        for about, wait in (("a", None), ("a", None), ("b", None), ("c", None), ("d", 30.0)):
            said.append(campaign_pace.refused(connection, about, wait, now))
        campaign_pace.accepted(connection, now)
        said.append(campaign_pace.room(connection, 40, now).wait)
        now += timedelta(seconds=31)
        said.append(campaign_pace.refused(connection, "e", 0.0, now))
        said.append(campaign_pace.room(connection, 40, now).wait)
        now += timedelta(seconds=3)
        campaign_pace.accepted(connection, now)
        said.append(campaign_pace.refused(connection, "f", 5.0, now))
        return said

    said = await records.write(hold)

    assert said == [False, False, False, True, True, 30.0, True, 2.0, False]


async def test_makes_way(town: Town) -> None:
    """What is posted in the channel takes two places of campaigns at once; without Teams there is nothing to take."""

    async def wait() -> float:
        found = await town.records.write(lambda connection: campaign_pace.room(connection, 40, town.now))
        return round(found.wait, 3)

    assert town.shelf
    desk = CampaignDesk(town.shelf, town.records)
    alone = CampaignDelivery(town.records, town.rules, show=desk.show)
    await alone.make_way(8)
    nothing = await wait()
    await town.delivery().make_way(2)
    await town.delivery().make_way(2)

    assert nothing == 0
    assert await wait() == 0.1
