"""Twelve complaints of years about Company Communicator, the best known tool of its kind until it was retired; Moi has none of them.

Each test is named after a complaint. They come from the issues of OfficeDev/microsoft-teams-apps-company-communicator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.campaign_desk import CampaignDesk
from bot.campaign_rules import CampaignRules, moment_here
from bot.campaigns import Correction, correct, newest, release_correction
from bot.connector_errors import Blocked, NotInstalled, Refused, Throttled, Uncertain
from bot.records import Records
from bot.talk_state import Message, Place
from cards.adaptive import card
from knowledge.shelf import Shelf
from tests.bot.campaign_room import DRAFT, RELEASER, WRITER, Town, on_web
from tests.bot.test_depot import shown
from tests.bot.web_room import BUYER, Room, open_page, open_room

HALF_A_MINUTE = timedelta(seconds=31)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The knowledge as it is in the repository."""
    return Shelf()


@pytest.fixture
async def town(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Town]:
    """A town without people."""
    kept = await Records.open(sqlite_url)
    yield Town(kept, shelf)
    await kept.close()


@pytest.fixture
async def room(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Room]:
    """A running Moi with an empty database."""
    async with open_room(tmp_path, shelf) as opened:
        yield opened


async def send(town: Town, id_: str, rounds: int = 12) -> None:
    """Send until it is over, as the engine does."""
    for _ in range(rounds):
        wait = await town.delivery().run(id_)
        town.now += timedelta(seconds=wait or 0)


async def test_sent_twice_after_a_restart(town: Town) -> None:
    """Some had it three times after the service restarted. Here nobody has it twice, and who may not have it is told."""
    await town.settle(teams=6)
    id_ = await town.released()
    await town.cut(id_)
    town.now += HALF_A_MINUTE
    await send(town, id_)
    totals = await town.totals(id_)

    assert set(town.teams.there.values()) == {1}
    assert totals["onzeker"] >= 1
    assert sum(totals.values()) == 6


async def test_totals_that_do_not_add_up(town: Town) -> None:
    """ "Sending 0 of 16.592", and 16.131 in the end. Here everybody is in one state at every moment, whatever Teams says."""
    problems = {"t1": Blocked("403"), "t2": NotInstalled("403"), "t3": Uncertain("weg"), "t4": Refused("400")}
    sums: list[int] = []

    async def look(_room: str) -> None:
        sums.append(sum((await town.totals(id_)).values()))

    def answer(room: str) -> None:
        if problem := problems.get(room.removeprefix("room-")):
            raise problem

    await town.settle(teams=6, web=1, nowhere=1)
    town.teams.sending, town.teams.before = look, answer
    id_ = await town.released()
    await send(town, id_)

    assert len(sums) >= 6
    assert set(sums) == {8}
    assert sum((await town.totals(id_)).values()) == 8


async def test_sent_a_card_as_notification(town: Town) -> None:
    """ "Sent a card" on every phone. Here the notification is a line of whoever wrote it, and there is nothing beside the card."""
    await town.settle(teams=2, web=1)
    await send(town, await town.released())

    assert town.teams.notices == [DRAFT.line] * 2
    assert await on_web(town.records, "w0") == [DRAFT.line]


async def test_no_resend_to_failed_only(town: Town) -> None:
    """Whoever missed it could only get it by sending it to all again. Here it goes to those for whom it failed."""
    asked: Counter[str] = Counter()

    def answer(room: str) -> None:
        asked[room] += 1
        if room == "room-t1" and asked[room] == 1:
            raise Refused("400")

    await town.settle(teams=3)
    town.teams.before = answer
    id_ = await town.released()
    await send(town, id_)
    await town.act(id_, "opnieuw")
    await send(town, id_)

    assert asked == {"room-t0": 1, "room-t1": 2, "room-t2": 1}
    assert await town.totals(id_) == {"verstuurd": 3}


async def test_no_opt_out(room: Room, shelf: Shelf) -> None:
    """Nobody could leave without removing the app. Here it is one tap on the card, and one tap back."""
    town = Town(room.house.records, shelf, rules=CampaignRules(rate=2000, cap=7))
    page = await open_page(room, BUYER)
    await page.say("hallo")
    first = await town.released()
    await send(town, first)
    states = []
    for act in ("geen", "weer"):
        tap = {"do": "campagne", "act": act, "campaign": first}
        await room.house.turns.turn(BUYER, Message(act, "", tap), Place("web", page.id))
        id_ = await town.released()
        await send(town, id_)
        states.append(await town.totals(id_))

    assert states == [{"afgemeld": 1}, {"verstuurd": 1}]


async def test_no_recall(town: Town) -> None:
    """What was sent stood there for ever, mistakes and all. Here it can be corrected where it stands, and taken back."""
    await town.settle(teams=2, web=1)
    id_ = await town.released()
    await send(town, id_)
    new = Correction("Kleding", "Kijk eerst in de loods.", "Kijk in de loods")
    await town.records.write(lambda connection: correct(connection, WRITER, id_, 2, new, town.now))
    await town.records.write(lambda connection: release_correction(connection, RELEASER, id_, 3, town.now))
    await send(town, id_)
    corrected = await town.totals(id_), town.teams.corrected, await on_web(town.records, "w0")
    await town.act(id_, "intrekken")
    await send(town, id_)

    assert corrected == ({"bijgewerkt": 3}, [new.line] * 2, [new.line])
    assert await town.totals(id_) == {"ingetrokken": 3}
    assert sum(town.teams.there.values()) == 0
    assert await on_web(town.records, "w0") == ["Het MVOI-team heeft dit bericht teruggehaald."]


async def test_stuck_in_the_queue(town: Town) -> None:
    """ "Queued" for a day, or for ever. Here what was cut off is found by itself, and one full chat ends as failed with the reason."""

    def answer(room: str) -> None:
        if room == "room-t0":
            raise Throttled("429", wait=60.0)

    await town.settle(teams=4)
    id_ = await town.released()
    await town.cut(id_)
    town.teams.before = answer
    due = await town.delivery().due()
    town.now += HALF_A_MINUTE
    await send(town, id_, rounds=30)
    totals = await town.totals(id_)

    assert due == [id_]
    assert await town.state(id_) == "done"
    assert totals.pop("mislukt", 0) + totals.pop("onzeker") + totals.pop("verstuurd") == 4
    assert totals == {}


async def test_replies_that_nobody_answers(room: Room, shelf: Shelf) -> None:
    """Answers went into a void. Here Moi answers what is typed under a campaign, as always."""
    town = Town(room.house.records, shelf)
    page = await open_page(room, BUYER)
    await page.say("hallo")
    await send(town, await town.released())
    said = Message("reply", "wat is social return?")
    answer = shown((await room.house.turns.turn(BUYER, said, Place("web", page.id))).views)

    assert "social return" in answer.casefold()


async def test_unreadable_to_screen_readers(town: Town, shelf: Shelf) -> None:
    """A text in a picture, read aloud as "image". Here it is text in its order, under a heading, in Dutch, with words on each button."""
    await town.released()
    [campaign] = await town.records.read(newest)
    shown_card = card(CampaignDesk(shelf, town.records).show(campaign).message, "teams")
    parts = [part["text"] for part in every(shown_card["body"]) if "text" in part]
    [heading] = [part for part in every(shown_card["body"]) if part.get("style") == "heading"]

    assert heading["text"] == parts[0] == DRAFT.title
    assert parts[1:3] == DRAFT.text.split("\n\n")
    assert shown_card["lang"] == "nl"
    assert all(action["title"].strip() for action in shown_card["actions"])
    assert all(part["altText"].strip() for part in every(shown_card) if part.get("type") == "Image")


async def test_cannot_be_cancelled(town: Town) -> None:
    """ "An unexpected error seems to have occurred." Here stopping stops it, and everybody who had to wait is told apart."""
    await town.settle(teams=20)
    id_ = await town.released()

    async def stop(_room: str) -> None:
        if sum(town.teams.there.values()) == 2:
            town.teams.sending = None
            await town.act(id_, "stop")

    town.teams.sending = stop
    town.rules = CampaignRules(rate=40)
    await send(town, id_)
    totals = await town.totals(id_)

    assert await town.state(id_) == "stopped"
    assert totals["verstuurd"] == sum(town.teams.there.values()) < 10
    assert totals == {"verstuurd": totals["verstuurd"], "ingetrokken": 20 - totals["verstuurd"]}


@pytest.mark.parametrize(
    ("planned", "moment"),
    [("2026-03-30T09:00", "2026-03-30T07:00"), ("2026-10-26T09:00", "2026-10-26T08:00")],
)
async def test_scheduled_in_another_time_zone(town: Town, planned: str, moment: str) -> None:
    """Planned messages went on another clock, or not at all. Here nine is nine in the Netherlands, also just after the clock was moved."""
    await town.settle(teams=1)
    due = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    id_ = await town.released(due=moment_here(planned))
    town.now = due - timedelta(seconds=1)
    early = await town.delivery().due()
    await send(town, id_, rounds=1)
    nobody = dict(town.teams.there)
    town.now = due
    on_time = await town.delivery().due()
    await send(town, id_)

    assert (early, nobody, on_time) == ([], {}, [id_])
    assert await town.totals(id_) == {"verstuurd": 1}


async def test_throttled_and_given_up(town: Town) -> None:
    """Ten tries without waiting, and then it counted as failed. Here everybody is waited for as long as Teams asks, and gets it."""
    first: dict[str, datetime] = {}
    early: list[str] = []

    def answer(room: str) -> None:
        if room not in first:
            first[room] = town.now
            raise Throttled("429", wait=20.0)
        if town.now - first[room] < timedelta(seconds=20):
            early.append(room)

    await town.settle(teams=8)
    town.teams.before = answer
    id_ = await town.released()
    await send(town, id_, rounds=20)

    assert await town.totals(id_) == {"verstuurd": 8}
    assert early == []


def every(part: Any) -> Iterator[dict[str, Any]]:
    """Every element of a card, in the order in which it is read."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from every(inner)
