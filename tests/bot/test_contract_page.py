"""The page of contracts: everybody reads it, who keeps it replaces it by a file, and a wrong file changes nothing."""

from __future__ import annotations

from datetime import date
from functools import partial
from io import BytesIO

import xlsxwriter

from bot.contracts import all_contracts
from bot.people import Person
from knowledge.sheets import read_table
from knowledge.shelf import Shelf
from tests.bot.test_contracts import contract, fill
from tests.bot.test_depot_page import page
from tests.bot.web_room import BUYER, Room, send_file

KEEPERS = [
    Person("k", "Kees", frozenset({"buyer", role})) for role in ("facilitair", "inkoop", "mvoi", "beheer")
]
LIST = b"wat;voor_wie;tot;hoe_bestellen\nKoffie;alle teams;31-12-2099;Bel <b>ons</b>\n"
here = partial(page, path="/contracten")
send = partial(send_file, path="/contracten")


async def get(room: Room, person: Person, path: str) -> tuple[int, str]:
    """Look at a page; gives the status, and where it leads or what it says."""
    async with room.get(path, headers=room.cookie(person) | {"Accept": "text/html"}) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def test_shown(room: Room, shelf: Shelf) -> None:
    """Who keeps the list sees how to replace it and what is over; a buyer reads what runs and what ends."""
    empty = [await here(room, who) for who in (BUYER, KEEPERS[0])]
    await fill(
        room.house.records,
        contract(shelf.current, "Koffie"),
        contract(shelf.current, "Papier", date(2020, 1, 1)),
    )
    buyer, *keepers = [await here(room, who) for who in (BUYER, *KEEPERS)]
    searched = await page(room, BUYER, "/contracten?zoek=papier")

    assert "Vraag Team Inkoop of er iets loopt." in empty[0]
    assert "Lees hieronder een bestand in." in empty[1]
    assert "Dit loopt nu (1)" in buyer
    assert "Vervang de lijst" not in buyer
    assert "Papier" not in buyer
    assert all("Vervang de lijst" in shown and 'href="/contracten"' in shown for shown in keepers)
    assert all("Al afgelopen" in shown and "Papier: 1 januari 2020" in shown for shown in keepers)
    assert "Ik ken hier geen lopend contract voor." in searched


async def test_replace(room: Room) -> None:
    """A file becomes the list and can be downloaded again; a wrong one is refused by row and column and changes nothing."""
    status, where = await send(room, KEEPERS[1], LIST)
    shown = await here(room, BUYER, path=where)
    wrong = LIST.replace(b"31-12-2099", b"<i>ooit</i>")
    refused, says = await send(room, KEEPERS[1], wrong, name="../fout<x>.csv")
    async with room.get("/contracten.xlsx", headers=room.cookie(BUYER)) as answer:
        columns, rows = read_table("a.xlsx", await answer.read())
    [kept] = await room.house.records.read(all_contracts)

    assert (status, where) == (303, "/contracten?nieuw=1&gewijzigd=0&weg=0")
    assert "Gedaan: 1 nieuw, 0 gewijzigd, 0 weg. Er loopt nu 1 contract uit de lijst." in shown
    assert "Bel &lt;b&gt;ons&lt;/b&gt;" in shown
    assert refused == 422
    assert "fout_x_.csv, rij 2, kolom tot: &#39;&lt;i&gt;ooit&lt;/i&gt;&#39; is geen datum." in says
    assert (columns[0], rows[0].cells["wat"], kept.what) == ("wat", "Koffie", "Koffie")


async def test_not_for_everybody(room: Room) -> None:
    """A buyer, a page of somebody else, no file and too large a file change nothing."""
    answers = [
        await send(room, BUYER, LIST),
        await send(room, KEEPERS[0], LIST, site="cross-site"),
        await send(room, KEEPERS[0], b""),
        await send(room, KEEPERS[0], b"x" * (17 * 1024 * 1024)),
    ]
    async with room.post("/contracten", headers=room.cookie(KEEPERS[0]), data={"x": "y"}) as answer:
        no_form = answer.status
    broken = room.cookie(KEEPERS[0]) | {"Content-Type": "multipart/form-data; boundary=x"}
    async with room.post("/contracten", headers=broken, data=b"nee") as answer:
        no_parts = answer.status

    assert [status for status, _ in answers] == [403, 403, 422, 413]
    assert "Kies eerst een bestand." in answers[2][1]
    assert (no_form, no_parts) == (400, 400)
    assert await room.house.records.read(all_contracts) == []


async def test_workbook_that_claims_all_memory(room: Room) -> None:
    """A small workbook that says it is larger than any memory is refused, and Moi goes on."""
    book = BytesIO()
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet().write(1048575, 16383, "x")
    status, says = await send(room, KEEPERS[0], book.getvalue(), "groot.xlsx")

    assert status == 422
    assert "groot.xlsx kan ik niet lezen. Bewaar alleen het blad met de lijst opnieuw" in says
    assert "Contracten" in await here(room, BUYER)


async def test_long_file(room: Room) -> None:
    """Of a file that takes long the page says how far it is, to who sent it only, and in the end what came of it."""
    rows = (f"Stoel {number};alle teams;31-12-2099;Bel ons".encode() for number in range(20_000))
    whole = b"\n".join((LIST.splitlines()[0], *rows))
    status, where = await send(room, KEEPERS[1], whole, patient=False)
    seen = [await here(room, KEEPERS[1], path=where)]
    other = await get(room, BUYER, where)
    while (now := await get(room, KEEPERS[1], where))[0] == 200:
        seen.append(now[1])

    assert (status, where.partition("=")[0]) == (303, "/contracten?inlezen")
    assert all("<progress" in shown and "Ik lees lijst.csv" in shown for shown in seen)
    assert other[0] == 422
    assert "Van dat bestand weet ik niet meer hoe ver het is." in other[1]
    assert now == (303, "/contracten?nieuw=20000&gewijzigd=0&weg=0")
