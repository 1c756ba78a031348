"""The pages of the calendar: for who keeps it, a file only after a yes, and a form that overwrites nobody."""

from __future__ import annotations

import re
from functools import partial
from io import BytesIO

from aiohttp import FormData

from bot.my_data import read_mine, readable
from bot.people import Person
from bot.tender_tables import tender_imports
from bot.tenders import all_tenders, stand
from knowledge.sheets import read_table
from tests.bot.tender_stage import INKOOP, LIST, MVOI
from tests.bot.test_depot_page import page
from tests.bot.web_room import BUYER, Page, Room, open_page

FORM = {
    "act": "bewaar",
    "wat": "Papier",
    "start": "2099-05-01",
    "productgroep": "",
    "opdrachtgever": "Inkoper",
}


async def post(room: Room, path: str, who: Person, **fields: str) -> tuple[int, str]:
    """Send a form; gives the status, and where it leads or what the page says."""
    headers = room.cookie(who) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    async with room.post(path, data=fields, headers=headers) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def send(room: Room, content: str, name: str = "lijst.csv", who: Person = INKOOP) -> tuple[int, str]:
    """Send a file; gives the status, and where it leads or what the page says."""
    form = FormData(quote_fields=False)
    form.add_field("lijst", "wegen")
    form.add_field("bestand", BytesIO(content.encode()), filename=name)
    headers = room.cookie(who) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    async with room.post("/kalender", data=form, headers=headers) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def say(chat: Page, words: str) -> str:
    """Say it, and give what Moi said back."""
    await chat.hear()
    await chat.say(words)
    return str((await chat.hear())[1:])


async def test_after_a_yes(room: Room) -> None:
    """A wrong file changes nothing; a right one is shown first, is of whoever sent it, and does what was seen after a yes."""
    wrong = await send(room, LIST.replace("1-5-2027", "<i>ooit</i>"))
    nothing = await send(room, "")
    _, where = await send(room, LIST)
    shown = await page(room, INKOOP, where)
    before = await room.house.records.read(all_tenders)
    mark = re.findall(r'name="stand" value="(\w+)"', shown)[0]
    async with room.get(where, headers=room.cookie(MVOI)) as answer:
        of_another = answer.status
    seen_otherwise = await post(room, where, INKOOP, act="ja", stand="x")
    done = await post(room, where, INKOOP, act="ja", stand=mark)
    twice, led = await post(room, where, INKOOP, act="ja", stand=mark)
    said = await page(room, INKOOP, led)
    _, misnamed = await send(room, "wat;start\nPapier;morgen\n")
    listed = await page(room, MVOI, done[1])
    async with room.get("/kalender.csv?lijst=wegen", headers=room.cookie(MVOI)) as answer:
        columns, rows = read_table("a.csv", await answer.read())

    assert wrong[0] == nothing[0] == 422
    assert "rij 2, kolom start: &#39;&lt;i&gt;ooit&lt;/i&gt;&#39; is geen datum." in wrong[1]
    assert "Kies eerst een bestand." in nothing[1]
    assert before == []
    assert "(herkend door Moi)" in shown
    assert (of_another, seen_otherwise[1].endswith("?zei=net-veranderd"), twice) == (404, True, 303)
    assert "Gedaan. De kalender is bijgewerkt." in listed
    assert "Dit bestand wacht niet meer" in said
    assert 'value="wegen"' in misnamed
    assert "Opdrachtgever: Facilitair" in listed
    assert columns[0] == "kenmerk"
    assert [row.cells["kenmerk"] for row in rows] == ["A1", "A3", "A2"]


async def test_form(room: Room) -> None:
    """Something is added and changed by hand; a form that is out of date, or wrong, changes nothing; taken off, it comes back."""
    empty = await post(room, "/kalender/nieuw", MVOI, **FORM | {"wat": "", "start": "ooit"})
    _, where = await post(room, "/kalender/nieuw", MVOI, **FORM)
    path = where.partition("?")[0]
    [first] = await room.house.records.read(all_tenders)
    changed = await post(room, path, INKOOP, **FORM | {"team": "BOR", "stand": stand(first)})
    [second] = await room.house.records.read(all_tenders)
    answers = [
        await post(room, path, MVOI, **FORM | {"stand": stand(first)}),
        await post(room, path, MVOI, **FORM | {"start": "", "stand": stand(second)}),
        await post(room, path, MVOI, act="weg", stand=stand(second)),
        await post(room, path, MVOI, act="x"),
    ]
    gone = await room.house.records.read(all_tenders)
    shown = await page(room, MVOI, path)
    back = await post(room, path, MVOI, act="weg", stand=re.findall(r'name="stand" value="(\w+)"', shown)[0])

    assert empty[0] == 422
    assert "Wat: er staat niets. Vul het in." in empty[1]
    # What was left open Moi recognised.
    assert first.values["product_group"] == "papier"
    assert changed[1].endswith("?zei=bewaard")
    assert second.values["team"] == "BOR"
    assert [answer[0] for answer in answers] == [303, 422, 303, 400]
    assert answers[0][1].endswith("?zei=net-veranderd")
    assert gone == []
    assert "Team: niets werd BOR" in re.sub(r"\s+", " ", shown)
    assert back[1].endswith("?zei=teruggezet")


async def test_in_the_talk(room: Room) -> None:
    """ "Kalender" gives who keeps it everything that comes up, and a colleague what is theirs; the pages are not for a buyer."""
    await post(room, "/kalender/nieuw", MVOI, **FORM | {"start": "2027-05-01"})
    await post(
        room,
        "/kalender/nieuw",
        MVOI,
        **FORM | {"opdrachtgever": "BOR", "start": "2027-06-01", "wat": "Groen"},
    )
    mine, all_of_it = [await say(await open_page(room, who), "kalender") for who in (BUYER, MVOI)]
    refused = [await post(room, path, BUYER, **FORM) for path in ("/kalender/nieuw", "/kalender/0")]
    file = await send(room, LIST, who=BUYER)
    async with room.get("/kalender", headers=room.cookie(BUYER)) as answer:
        status = answer.status
    kept = await room.house.records.read(lambda connection: connection.execute(tender_imports.select()).all())

    assert "Dit komt eraan voor jou: 1" in mine
    assert "Groen" not in mine
    assert "Dit komt eraan: 2" in all_of_it
    assert [answer[0] for answer in refused] == [403, 403]
    assert (file[0], status, kept) == (403, 403, [])


async def test_forgotten(room: Room) -> None:
    """Mijn gegevens holds what comes up for a colleague and what they changed; forgotten, the purchase is of nobody."""
    await post(room, "/kalender/nieuw", MVOI, **FORM)
    await say(await open_page(room), "kalender")
    mine = readable(await room.house.records.read(partial(read_mine, BUYER.id)), {})
    team = readable(await room.house.records.read(partial(read_mine, MVOI.id)), {})
    await room.house.records.forget(BUYER.id)
    await room.house.records.forget(MVOI.id)
    [tender] = await room.house.records.read(all_tenders)
    shown = await page(room, INKOOP, f"/kalender/{tender.id}")

    assert "Papier, start 2099-05-01" in mine
    assert ": toegevoegd (" in team
    assert tender.values["client"] == ""
    assert "een collega: toegevoegd" in shown
