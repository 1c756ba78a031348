"""The page of the depot: everybody sees what is free, Facilitair decides once, and nobody else can."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from bot.depot import all_items, reservations, reserve
from bot.people import Person
from bot.retention import RULES
from knowledge.sheets import read_table
from knowledge.shelf import Shelf
from tests.bot.test_depot import FACILITAIR, TODAY, fill
from tests.bot.web_room import BUYER, COLLEAGUE, Room, send_file

LIST = b"wat;aantal;waar\nBeamer;12;Loods\n"
BEHEER = Person("b1", "Bo", frozenset({"buyer", "beheer"}))


async def reserved(room: Room, shelf: Shelf, number: int = 2) -> str:
    """A reservation of a buyer who is known by name; gives its id."""
    ids = await fill(room.house.records, shelf, [("Bureaustoel", 3), ("<b>Tafel</b>", 1)])
    wish = partial(reserve, person=BUYER, item=ids["Bureaustoel"], number=number, today=TODAY)
    return (await room.house.records.write(wish)).id


async def page(room: Room, person: Person, path: str = "/depot") -> str:
    async with room.get(path, headers=room.cookie(person)) as answer:
        assert answer.status == 200
        text: str = await answer.text()
    return text


async def press(
    room: Room, person: Person, act: str, reservation: str, site: str = "same-origin"
) -> tuple[int, str]:
    headers = room.cookie(person) | {"Sec-Fetch-Site": site}
    async with room.post(f"/depot/{reservation}", data={"act": act}, headers=headers) as answer:
        return answer.status, answer.headers.get("Location", "")


async def test_shown(room: Room, shelf: Shelf) -> None:
    """A buyer sees what is free and the own reservation, a colleague not that; Facilitair sees who asks, beheer as well."""
    await reserved(room, shelf)
    buyer, colleague = await page(room, BUYER), await page(room, COLLEAGUE)
    keepers = [await page(room, who) for who in (FACILITAIR, BEHEER)]
    searched = await page(room, BUYER, "/depot?zoek=tafels")

    assert "&lt;b&gt;Tafel&lt;/b&gt;" in buyer
    assert "Jouw reserveringen" in buyer
    assert "Jouw reserveringen" not in colleague
    assert all('value="bevestigen"' in shown and 'href="/depot"' in shown for shown in keepers)
    assert "bevestigen" not in buyer + colleague
    assert "<td>Bureaustoel</td>" not in searched


async def test_decide(room: Room, shelf: Shelf) -> None:
    """Confirming, and that it is back: each once, whoever is second hears that it was done."""
    one = await reserved(room, shelf)
    answers = [
        await press(room, FACILITAIR, act, one)
        for act in ("bevestigen", "bevestigen", "afwijzen", "terug", "terug")
    ]
    free = {item.what: item.free for item in await room.house.records.read(all_items)}
    again = await page(room, FACILITAIR, answers[1][1])

    late = (303, "/depot?te-laat=ja")
    assert answers == [(303, "/depot"), late, late, (303, "/depot"), late]
    assert free["Bureaustoel"] == 3
    assert "Dat kon niet meer." in again


@pytest.mark.parametrize("act", ["bevestigen", "afwijzen", "terug"])
async def test_not_for_everybody(room: Room, shelf: Shelf, act: str) -> None:
    """A buyer, a page of somebody else and an unknown button change nothing."""
    one = await reserved(room, shelf)
    statuses = [
        (await press(room, BUYER, act, one))[0],
        (await press(room, FACILITAIR, act, one, "cross-site"))[0],
        (await press(room, FACILITAIR, "x", one))[0],
        (await press(room, COLLEAGUE, "toch-niet", one))[0],
    ]
    [kept] = await room.house.records.read(reservations)

    assert statuses == [403, 403, 400, 303]
    assert kept.state == "waiting"


async def test_take_back(room: Room, shelf: Shelf) -> None:
    """A buyer takes back what waits; the rule for old reservations leaves open ones and deletes those that are over."""
    one = await reserved(room, shelf)
    clear = RULES["reserveringen"].clear
    late = datetime(2099, 1, 1, tzinfo=UTC)
    open_went = await room.house.records.write(lambda connection: clear(connection, late, late))
    status = await press(room, BUYER, "toch-niet", one)
    went = await room.house.records.write(lambda connection: clear(connection, late, late))

    assert (open_went, went) == (0, 1)
    assert status == (303, "/depot")
    assert await room.house.records.read(reservations) == []


async def test_replace(room: Room, shelf: Shelf) -> None:
    """Who keeps the list replaces it by a file; what is reserved stays, and a buyer or a wrong file changes nothing."""
    await reserved(room, shelf)
    send = partial(send_file, path="/depot")
    refused = await send(room, BUYER, LIST)
    wrong = await send(room, FACILITAIR, LIST.replace(b"12", b"veel"))
    status, where = await send(room, FACILITAIR, LIST)
    shown = await page(room, FACILITAIR, where)
    async with room.get("/depot.xlsx", headers=room.cookie(FACILITAIR)) as answer:
        _, rows = read_table("a.xlsx", await answer.read())

    assert refused[0] == 403
    assert (wrong[0], "rij 2, kolom aantal: &#39;veel&#39; is geen aantal." in wrong[1]) == (422, True)
    assert (status, where) == (303, "/depot?nieuw=1&bekend=0&weg=1&gebleven=1")
    assert (
        "Gedaan: 1 nieuw, 0 bekend, 1 weg, 1 gebleven. Wat gereserveerd of uitgeleend is, blijft staan."
        in shown
    )
    assert {(row.cells["wat"], row.cells["aantal"]) for row in rows} == {
        ("Beamer", "12"),
        ("Bureaustoel", "2"),
    }
