"""The page with the log of actions, and sending again by its button."""

from __future__ import annotations

from functools import partial

import pytest

from bot.delivery import Delivery
from bot.people import Person
from bot.rights import note
from bot.summaries import summaries
from tests.bot.test_delivery import Channel, until
from tests.bot.test_rights import BEHEER, INKOOP, MVOI, stuck
from tests.bot.web_room import BUYER, Room


async def done(room: Room, person: Person, action: str, about: str) -> None:
    await room.house.records.write(partial(note, person=person, action=action, about=about))  # type: ignore[arg-type]


@pytest.fixture
async def logged(room: Room) -> Room:
    """A Moi in which two things were done."""
    await done(room, INKOOP, "opnieuw verstuurd", "aanvraag-1")
    await done(room, MVOI, "opgepakt", "=1+1")
    return room


async def test_page(logged: Room) -> None:
    """Beheer sees every action, the MVOI team only its own kind, and a buyer is told for whom the log is."""
    async with logged.get("/log", headers=logged.cookie(BEHEER)) as answer:
        everything = await answer.text()
    async with logged.get("/log", headers=logged.cookie(MVOI)) as answer:
        of_mvoi = await answer.text()
    async with logged.get("/log", headers=logged.cookie(BUYER)) as answer:
        refused = answer.status

    assert "aanvraag-1" in everything
    assert "opgepakt" in everything
    assert "aanvraag-1" not in of_mvoi
    assert "opgepakt" in of_mvoi
    assert refused == 403


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("actie=opgepakt", False),
        ("actie=opnieuw verstuurd", True),
        ("van=2026-01-01", True),
        ("tot=2026-01-01", False),
        ("tot=9999-12-31", True),
        ("van=0001-01-01", True),
    ],
)
async def test_search(logged: Room, asked: str, shown: bool) -> None:
    """One can look for an action and for days."""
    async with logged.get(f"/log?{asked}", headers=logged.cookie(BEHEER)) as answer:
        page = await answer.text()

    assert ("aanvraag-1" in page) is shown


async def test_no_action_of_others_by_name(logged: Room) -> None:
    """Asking for an action by its name shows nothing to who may not read it."""
    async with logged.get("/log.csv?actie=opnieuw verstuurd", headers=logged.cookie(MVOI)) as answer:
        text = await answer.text()

    assert "aanvraag-1" not in text


async def test_no_day(logged: Room) -> None:
    """What is no day is refused with how to write one."""
    async with logged.get("/log?van=gisteren", headers=logged.cookie(BEHEER)) as answer:
        assert answer.status == 400


async def test_csv(logged: Room) -> None:
    """The file holds the same rows, and no cell that a spreadsheet would carry out."""
    async with logged.get("/log.csv", headers=logged.cookie(BEHEER)) as answer:
        rows = (await answer.text(encoding="utf-8-sig")).splitlines()

    assert rows[0] == "wanneer;wie;nummer;wat;waarover"
    assert rows[1].endswith(";p5;p5;opgepakt;'=1+1")
    assert rows[2].endswith(";p3;p3;opnieuw verstuurd;aanvraag-1")


async def test_resend_from_the_page(room: Room) -> None:
    """The button sends what may not have arrived, once it is pressed on our own page by who may, and that is logged."""
    record = await stuck(room)
    path = f"/kanaal/{record}/opnieuw"
    async with room.post(path, headers=room.cookie(INKOOP)) as answer:
        too_early = answer.status
    channel = Channel()
    delivery = Delivery(room.house.records, summaries(None), {"teams": channel})
    await delivery.start()
    room.house.delivery = delivery
    try:
        await until(room.house.records, page="posted", teams="uncertain")
        elsewhere = room.cookie(INKOOP) | {"Sec-Fetch-Site": "cross-site"}
        statuses = []
        for headers in (elsewhere, room.cookie(BUYER), room.cookie(MVOI), room.cookie(INKOOP)):
            async with room.post(path, headers=headers) as answer:
                statuses.append(answer.status)
        await until(room.house.records, page="posted", teams="posted")
    finally:
        await delivery.close()
    async with room.get("/log", headers=room.cookie(BEHEER)) as answer:
        log = await answer.text()

    assert too_early == 503
    assert statuses == [403, 403, 403, 303]
    assert len(channel.cards) == 1
    assert log.count(record) == 1
