"""Campaigns reach everybody once: whatever Teams answers, whoever presses what, and when the power goes."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.campaign_audience import Audience, asked, find_people
from bot.campaign_optouts import opt_in, opt_out
from bot.campaign_reach import size
from bot.campaign_returns import press
from bot.campaign_rules import CampaignRules
from bot.campaigns import (
    ACTS,
    NotNowError,
)
from bot.connector_errors import Blocked, Gone, NotInstalled, Refused, Throttled, Unavailable, Uncertain
from bot.my_data import forget_person, read_mine, readable
from bot.records import Records
from bot.retention import RULES
from bot.tables import records, talks
from knowledge.shelf import Shelf
from tests.bot.campaign_room import FAST, THURSDAY, Town, on_web

LATER = timedelta(seconds=400)


async def test_everybody_once(records: Records, shelf: Shelf) -> None:
    """Everybody gets it once, also with two workers, in Teams or else on the web; the notice is the sender's own line, never "Sent a card"."""
    town = Town(records, shelf)
    await town.settle(teams=4, web=3, nowhere=2)
    id_ = await town.released()
    await asyncio.gather(town.delivery().run(id_), town.delivery().run(id_))
    again = [await town.delivery().run(id_) for _ in range(2)]

    assert again == [None, None]
    assert await town.totals(id_) == {"verstuurd": 7, "niet geïnstalleerd": 2}
    assert set(town.teams.there.values()) == {1}
    assert set(town.teams.notices) == {"Ligt er nog kleding?"}
    assert await on_web(records, "w1") == ["Ligt er nog kleding?"]
    assert await town.state(id_) == "done"


@pytest.mark.parametrize(
    ("problem", "person", "state"),
    [
        (Blocked("nee"), "t0", "blocked"),
        (NotInstalled("nee"), "t0", "not_installed"),
        (Gone("weg"), "t0", "unknown"),
        (Refused("nee"), "t0", "failed"),
        (Uncertain("weg"), "t0", "uncertain"),
        (Unavailable("weg"), "t0", "failed"),
    ],
)
async def test_answers(town: Town, problem: Exception, person: str, state: str) -> None:
    """Each answer of Teams has its own state, and nobody else is the worse for it."""

    def answer(room: str) -> None:
        if room == f"room-{person}":
            raise problem

    town.teams.before = answer
    await town.settle(teams=3)
    id_ = await town.released()
    for _ in range(10):
        await town.delivery().run(id_)
        town.now += LATER

    assert await town.of(person) == state
    assert sum((await town.totals(id_)).values()) == 3
    assert (await town.totals(id_))["verstuurd"] == 2


async def test_no_room(town: Town) -> None:
    """What Teams asks to wait for one conversation holds for that one, whichever worker comes next; the others get it meanwhile."""
    await town.settle(teams=3)
    full = [Throttled("429", wait=30.0)]

    def answer(room: str) -> None:
        if room == "room-t1" and full:
            raise full.pop()

    town.teams.before = answer
    id_ = await town.released()
    asked = town.now
    wait = await town.delivery().run(id_)
    others = dict(town.teams.there)
    town.now = asked + timedelta(seconds=20)
    still = await town.delivery().run(id_)
    early = dict(town.teams.there)
    town.now = asked + timedelta(seconds=34)
    await town.delivery().run(id_)

    assert wait
    assert 29 < wait <= 33
    assert still
    assert others == early == {"room-t0": 1, "room-t2": 1}
    assert await town.totals(id_) == {"verstuurd": 3}
    assert set(town.teams.there.values()) == {1}


@pytest.mark.parametrize("problem", [Throttled("429", wait=30.0), Unavailable("weg", wait=30.0)])
async def test_no_room_for_anybody(town: Town, problem: Exception) -> None:
    """Refused for several people in a row, everything waits as Teams asks, also another campaign; it costs nobody a try."""
    await town.settle(teams=9)
    asked, until = 0, town.now + timedelta(minutes=5)

    def answer(_room: str) -> None:
        nonlocal asked
        asked += 1
        if town.now < until:
            raise problem

    town.teams.before = answer
    town.rules = CampaignRules(rate=2000, cap=2)
    ids = await town.released(), await town.released()
    first = await town.delivery().run(ids[0])
    calls = asked
    other = await town.delivery().run(ids[1])
    while any([await town.state(id_) != "done" for id_ in ids]):
        for id_ in ids:
            await town.delivery().run(id_)
        town.now += timedelta(seconds=31)

    assert first
    assert 29 < first <= 33
    assert calls < 9
    assert other
    assert 29 < other <= 33
    assert [await town.totals(id_) for id_ in ids] == [{"verstuurd": 9}] * 2
    assert set(town.teams.there.values()) == {2}


async def test_power_cut(town: Town) -> None:
    """Sent, and cut off before that was written down: uncertain, and not sent again unless a person asks for it."""
    await town.settle(teams=3)
    id_ = await town.released()
    await town.cut(id_)
    wait = await town.delivery().run(id_)
    at_first = await town.totals(id_)
    town.now += timedelta(seconds=31)
    await town.delivery().run(id_)
    after = await town.totals(id_)
    once = dict(town.teams.there)
    await town.act(id_, "onzeker")
    await town.delivery().run(id_)

    assert wait
    assert at_first["wacht"] == after["onzeker"] >= 1
    assert sum(after.values()) == 3
    assert set(once.values()) == {1}
    assert await town.totals(id_) == {"verstuurd": 3}


async def test_power_cut_after_stop(town: Town) -> None:
    """Stopped, and cut off before a call was over: also then it does not wait for ever, but is called uncertain."""
    await town.settle(teams=3)
    id_ = await town.released()
    await town.cut(id_)
    await town.act(id_, "stop")
    town.now += timedelta(seconds=31)
    due = await town.delivery().due()
    await town.delivery().run(id_)

    assert due == [id_]
    assert set(await town.totals(id_)) == {"onzeker", "ingetrokken"}
    assert await town.delivery().due() == []


async def test_left_alone(town: Town) -> None:
    """Whoever wants none gets none, nobody gets a second one within the week, and the size says so beforehand."""
    await town.settle(teams=3, web=1, nowhere=1)
    await town.records.write(lambda connection: opt_out(connection, "t0", town.now))
    first = await town.released()
    await town.delivery().run(first)
    await town.records.write(lambda connection: opt_out(connection, "w0", town.now))
    await town.records.write(lambda connection: opt_in(connection, "t0"))
    before = await town.records.read(lambda connection: size(connection, Audience(), town.rules, town.now))
    second = await town.released()
    await town.delivery().run(second)
    town.now += timedelta(days=7, minutes=1)
    third = await town.released()
    await town.delivery().run(third)

    assert await town.totals(first) == {"verstuurd": 3, "afgemeld": 1, "niet geïnstalleerd": 1}
    assert (before.everybody, before.reached, before.opted_out, before.capped, before.nowhere) == (
        5,
        1,
        1,
        2,
        1,
    )
    assert await town.totals(second) == {
        "verstuurd": 1, "afgemeld": 1, "boven weekmaximum": 2, "niet geïnstalleerd": 1,
    }  # fmt: skip
    assert (await town.totals(third))["verstuurd"] == 3


async def test_quiet_hours(town: Town) -> None:
    """Outside office hours nothing goes, also half-way; on Monday morning it goes on."""
    await town.settle(teams=2)
    town.now = THURSDAY + timedelta(days=1, hours=7)
    id_ = await town.released(due=town.now + timedelta(hours=1))
    evening = await town.delivery().run(id_), await town.delivery().due()
    town.now += timedelta(days=2, hours=15, minutes=1)
    due = await town.delivery().due()
    await town.delivery().run(id_)

    assert evening == (None, [])
    assert due == [id_]
    assert await town.totals(id_) == {"verstuurd": 2}


@pytest.mark.parametrize(
    ("evening", "morning"),
    [("2026-03-27T15:59:59", "2026-03-30T07:00:00"), ("2026-10-23T14:59:59", "2026-10-26T08:00:00")],
)
async def test_nights_of_the_clock(town: Town, evening: str, morning: str) -> None:
    """Half-way when the office closes before the weekend in which the clock is moved, it goes on at nine on the new clock, and no hour before."""
    await town.settle(teams=3)
    town.rules = CampaignRules(rate=1)
    town.now = datetime.fromisoformat(evening).replace(tzinfo=UTC)
    id_ = await town.released()
    await town.delivery().run(id_)
    friday, closes = await town.totals(id_), town.now
    quiet = [closes + timedelta(minutes=30 * half) for half in range(200)]
    opens = datetime.fromisoformat(morning).replace(tzinfo=UTC)
    due: list[datetime] = []
    for town.now in quiet:
        if await town.delivery().due():
            due.append(town.now)
            break
    await town.delivery().run(id_)

    assert friday == {"verstuurd": 1, "wacht": 2}
    assert due == [opens]
    assert await town.totals(id_) == {"verstuurd": 3}


async def test_not_before_it_is_due(town: Town) -> None:
    """What is planned goes when it is due, and is picked up by itself then."""
    await town.settle(teams=1)
    id_ = await town.released(due=town.now + timedelta(hours=2))
    early = await town.delivery().due()
    await town.delivery().run(id_)
    nobody = await town.totals(id_)
    town.now += timedelta(hours=2)

    assert (early, nobody) == ([], {})
    assert await town.delivery().due() == [id_]


async def test_who_asked(database_url: str, shelf: Shelf) -> None:
    """An audience by what people asked: from their requests and their talks, within the days, once each."""
    kept_here = await Records.open(database_url)
    town = Town(kept_here, shelf)
    await town.settle(web=6)
    about = {"category": "kantoor", "product_group": "meubilair", "outcome": "niet-gekocht", "value_band": ""}
    kept = {"version": 1, "advice": {}, "knowledge_version": "k", "made": THURSDAY, "changed": THURSDAY}
    sent = [about | kept | {"id": f"r{n}", "person_id": "w0"} for n in range(2)]
    open_ = {
        "id": "g1", "person_id": "w1", "dialog": "inkoop", "state": "open", "version": 1, "changed": THURSDAY,
        "answers": {"wat": {"categorie": "kantoor", "groep": "meubilair"}},
    }  # fmt: skip
    other = open_ | {"id": "g2", "person_id": "w2", "answers": {"nodig": "ja"}}
    await town.records.write(
        lambda connection: [
            connection.execute(insert(records), sent), connection.execute(insert(talks), [open_, other])
        ]
    )  # fmt: skip
    wanted = [
        asked("meubilair"),
        asked("kantoor", date(2026, 11, 26), date(2026, 11, 26)),
        asked("kantoor", date(2026, 11, 27)),
        asked("kantoor", None, date(2026, 11, 25)),
        asked("iets"),
    ]
    found = [
        await town.records.read(lambda connection, one=one: find_people(connection, one, FAST, town.now))
        for one in wanted
    ]

    await kept_here.close()

    assert [len(one.ids) for one in found] == [2, 2, 0, 0, 0]


async def test_forgetting(town: Town) -> None:
    """Whoever has their data deleted is taken off the ledger, which still adds up; they saw it in their own data first."""
    await town.settle(teams=2, web=1)
    id_ = await town.released()
    await town.delivery().run(id_)
    await town.records.write(lambda connection: press(connection, id_, "t0", "1"))
    await town.records.write(lambda connection: opt_out(connection, "t0", town.now))
    mine = await town.records.read(lambda connection: read_mine("t0", connection))
    for person in ("t0", "t1"):
        await town.records.write(lambda connection, who=person: forget_person(connection, who))
    gone = await town.records.read(lambda connection: read_mine("t0", connection))
    clear = RULES["ontvangers van campagnes"].clear
    late = THURSDAY + timedelta(days=90)
    old = await town.records.write(lambda connection: clear(connection, late, late))
    found = await town.totals(id_)
    went = await town.records.write(lambda connection: RULES["campagnes"].clear(connection, late, late))

    assert "Bedrijfskleding kan vaker mee (verstuurd, je koos: Laat maar)" in readable(mine, {})
    assert "Geen campagnes meer, sinds" in readable(mine, {})
    assert (gone.campaigns, gone.no_campaigns) == ([], [])
    assert (old, went) == (1, 1)
    assert found == {"verstuurd": 3}


async def test_adds_up(town: Town) -> None:
    """Whatever happens in whatever order, with two workers: everybody is in one state, and got it at most once unasked."""
    chance = random.Random(7)
    await town.settle(teams=6, web=2, nowhere=1)
    problems = [
        None, None, None, Throttled("429", wait=0.0), Unavailable("502"), Refused("nee"), Uncertain("weg"),
        Blocked("nee"), NotInstalled("nee"), Gone("weg"),
    ]  # fmt: skip

    def answer(_room: str) -> None:
        if problem := chance.choice(problems):
            raise problem

    town.teams.before = answer
    for _ in range(6):
        town.teams.there.clear()
        town.now += timedelta(days=7, minutes=3)
        town.now = FAST.opens(town.now)
        id_ = await town.released()
        asked_again = False
        for _ in range(7):
            what = chance.choice([None, None, *ACTS])
            if what and what not in ("vrijgeven", "weg", "corrigeer", "correctie"):
                try:
                    await town.act(id_, what)
                    asked_again |= what == "onzeker"
                except NotNowError:
                    pass
            await asyncio.gather(*(town.delivery().run(id_) for _ in range(chance.choice([1, 2]))))
            town.now += timedelta(seconds=chance.choice([0, 5, 700]))
            found = await town.totals(id_)

            assert sum(found.values()) in (0, 9)
            assert asked_again or max(town.teams.there.values(), default=0) <= 1
