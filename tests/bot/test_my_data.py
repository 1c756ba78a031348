"""Whoever asks sees what is kept of them, takes it along, and has it deleted; on every channel, and only their own."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.channel_tables import channel_messages, channel_work
from bot.channel_work import act, work_of
from bot.conversation import Conversation
from bot.my_data import ON_FORGETTING, read_mine
from bot.people import Person
from bot.records import Records
from bot.rights import note
from bot.tables import audit, conversations, metadata, people, records, talks
from bot.talk_state import Message, Place
from cards.plain import text
from knowledge.shelf import Shelf
from tests.bot.teams_room import open_room as open_teams
from tests.bot.web_room import COLLEAGUE, PURCHASE, Page, Room, buy, open_page

ME = Person("aad:person-1", "Een collega", frozenset({"buyer", "inkoop"}))
ASKS = Person("p9", "Sam", frozenset({"buyer", "inkoop"}))
SURE = "ja, verwijder mijn gegevens"


async def of(kept: Records, person: Person) -> dict[str, int]:
    """How many rows each table has with this person in it."""

    def count(connection: Connection) -> dict[str, int]:
        found = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.person_id == person.id)
            ).scalar_one()
            for table in (talks, records, conversations, audit)
        }
        named = select(func.count()).select_from(people).where(people.c.id == person.id)
        return found | {"people": connection.execute(named).scalar_one()}

    return await kept.read(count)


@pytest.fixture
async def bought(room: Room) -> str:
    """The record of a person who also did something with what is of others, beside one of a colleague."""
    await buy(room, COLLEAGUE)
    record = await buy(room, ME)
    await room.house.records.write(partial(note, person=ME, action="opnieuw verstuurd", about="x"))
    return record


async def test_page(room: Room, bought: str) -> None:
    """The page shows the answers, the requests and the actions of whoever looks, and of nobody else."""
    async with room.get("/mijn-gegevens", headers=room.cookie(ME)) as answer:
        mine = await answer.text()
        cached = answer.headers["Cache-Control"]
    async with room.get("/mijn-gegevens", headers=room.cookie(COLLEAGUE)) as answer:
        theirs = await answer.text()

    assert f"/aanvraag/{bought}" in mine
    assert "50 nieuwe bureaustoelen" in mine
    assert "opnieuw verstuurd (x)" in mine
    assert bought not in theirs
    assert cached == "no-store"


async def test_take_along(room: Room, bought: str) -> None:
    """Both files hold everything: one for a program, one to read."""
    async with room.get("/mijn-gegevens.json", headers=room.cookie(ME)) as answer:
        plain = json.loads(await answer.text())
    async with room.get("/mijn-gegevens.txt", headers=room.cookie(ME)) as answer:
        words = await answer.text()

    assert [record["id"] for record in plain["aanvragen"]] == [bought]
    assert plain["persoon"]["name"] == "Een collega"
    assert {len(plain[part]) for part in ("gesprekken", "berichten", "acties")} == {1}
    assert len(plain["berichten"][0]["activities"]) > len(PURCHASE)
    assert "jij: opknappen" in words
    assert "Opknappen of repareren" in words


async def test_delete_on_the_page(room: Room, bought: str) -> None:
    """Deleting asks first, takes no form from elsewhere, leaves the request without its sender, and touches nobody else."""
    path = "/mijn-gegevens/verwijderen"
    colleague = await of(room.house.records, COLLEAGUE)
    async with room.get(path, headers=room.cookie(ME)) as answer:
        asked = await answer.text()
    for data, headers in (({}, {}), ({"zeker": "ja"}, {"Sec-Fetch-Site": "cross-site"})):
        async with room.post(path, headers=room.cookie(ME) | headers, data=data) as answer:
            assert answer.status in (303, 403)
    before = await of(room.house.records, ME)
    async with room.post(path, headers=room.cookie(ME), data={"zeker": "ja"}) as answer:
        said = await answer.text()
    record = await room.house.records.record(bought)

    assert "Archiefwet" in asked
    assert before["talks"] == 1
    assert "Gedaan" in said
    assert await of(room.house.records, ME) == {
        "talks": 0, "records": 0, "conversations": 0, "audit": 1, "people": 0,
    }  # fmt: skip
    assert record
    assert record.person_id == "verwijderd"
    assert await of(room.house.records, COLLEAGUE) == colleague


async def test_logged_without_name(room: Room, bought: str) -> None:
    """That somebody's data was deleted is in the log, and not whose."""
    await room.house.records.forget(ME.id)
    newest = select(audit).where(audit.c.action == "gegevens verwijderd")
    found = await room.house.records.read(lambda connection: connection.execute(newest).one())

    assert (found.person_id, found.about) == ("verwijderd", "op eigen verzoek")


async def test_work_in_the_channel(room: Room, bought: str) -> None:
    """What was asked and answered can be taken along; after deleting the words stay, and nobody is in them."""
    await work_on(room, bought)
    mine = [await room.house.records.read(partial(read_mine, one.id)) for one in (ASKS, ME)]
    for person in (ASKS, ME):
        await room.house.records.forget(person.id)

    def left(connection: Connection) -> list[tuple[Any, ...]]:
        asked = select(channel_messages.c.person_id, channel_messages.c.to_id, channel_messages.c.text)
        work = select(channel_work.c.taken_by, channel_work.c.discussed_by)
        rows = [*connection.execute(asked.order_by(channel_messages.c.at)), *connection.execute(work)]
        return [tuple(row) for row in rows]

    gone = "verwijderd"
    assert [[row["text"] for row in one.asked] for one in mine] == [["Hoeveel?"], ["Dertig"]]
    assert await room.house.records.read(left) == [
        (gone, gone, "Hoeveel?"), (gone, None, "Dertig"), (gone, gone),
    ]  # fmt: skip


async def work_on(room: Room, record: str) -> None:
    """Pick a summary up, discuss it, ask its buyer something and have that answered."""

    def do(connection: Connection) -> None:
        for what in ("oppakken", "besproken", "vragen"):
            act(connection, ASKS, what, record, "Hoeveel?")
        (asked,) = work_of(connection, record).exchanges
        act(connection, ME, "antwoorden", asked.id, "Dertig")

    await room.house.records.write(do)


async def test_from_teams(room: Room, bought: str) -> None:
    """What somebody said on the web goes when they ask for it in Teams."""
    async with open_teams(Conversation(room.house.shelf, room.house.records, "https://moi")) as teams:
        await teams.post(teams.activity(text="mijn gegevens"))
        await teams.post(teams.activity(text="verwijder mijn gegevens"))
        before = await of(room.house.records, ME)
        await teams.post(teams.activity(text=SURE))
        shown = json.dumps(
            [event.activity for event in teams.channel.landed], default=str, ensure_ascii=False
        )

    assert "Aanvragen die je verstuurde: 1" in shown
    assert "https://moi/mijn-gegevens" in shown
    assert before["talks"] == 1
    assert (await of(room.house.records, ME))["talks"] == 0


async def test_where_others_read_along(room: Room, bought: str) -> None:
    """In a channel Moi tells nothing and deletes nothing."""
    conversation = Conversation(room.house.shelf, room.house.records)
    before = await of(room.house.records, ME)
    said = [
        await conversation.turn(ME, Message(words, words), Place("teams", "19:kanaal", shared=True))
        for words in ("mijn gegevens", SURE)
    ]

    assert {text(answer.views[0]) for answer in said} == {
        "Dat vertel ik liever alleen aan jou. Vraag het in onze eigen chat."
    }
    assert await of(room.house.records, ME) == before


async def test_by_buttons_on_the_web(room: Room) -> None:
    """On the web Moi still says that it is done, and the talk after it is a new one."""
    page = await open_page(room, ME)
    await page.say("20 laptops")
    await page.say("mijn gegevens")
    await page.say(value={"do": "mine-forget"})
    await page.say(value={"do": "mine-forget-yes", "day": "2020-01-01"})
    open_still = await of(room.house.records, ME)
    await page.hear()
    await page.say(value=await sure_button(page))
    last = await page.hear()
    await page.say("20 stoelen")
    again = await of(room.house.records, ME)

    assert open_still["talks"] == 1
    assert "Gedaan" in json.dumps(last)
    assert (again["talks"], again["people"]) == (1, 1)


async def sure_button(page: Page) -> dict[str, str]:
    """The data of the button that deletes, from the card that asks."""
    await page.say(value={"do": "mine-forget"})
    day = re.search(r'"day": "([0-9-]+)"', json.dumps(await page.hear()))
    assert day

    return {"do": "mine-forget-yes", "day": day[1]}


async def test_page_that_was_open(room: Room, bought: str) -> None:
    """A chat that was open when all was deleted elsewhere is told to begin again."""
    page = await open_page(room, ME)
    await page.say("20 laptops")
    await room.house.records.forget(ME.id)

    assert [(await page.say("ja")).status for _ in range(2)] == [403, 403]


async def test_nothing_kept(records: Records) -> None:
    """Of somebody who never spoke there is nothing, and that can be told as well."""
    mine = await records.read(partial(read_mine, "niemand"))

    assert json.loads(mine.dump())["gesprekken"] == []
    assert mine.person is None


async def test_forget_twice(records: Records, shelf: Shelf) -> None:
    """Forgetting somebody who is not there is harmless, on every database."""
    await Conversation(shelf, records).turn(ME, Message("1", "20 laptops"), Place("teams", "a:1"))
    await records.forget(ME.id)
    await records.forget(ME.id)

    assert set((await of(records, ME)).values()) == {0}


def test_no_table_is_left_out() -> None:
    """For every table with people in it is decided what happens to it when somebody is forgotten."""
    assert {table.name for table in metadata.sorted_tables if "person_id" in table.c} == set(ON_FORGETTING)
