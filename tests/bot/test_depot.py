"""The depot in the talk: what fits is found, nothing is promised twice, and who reserved hears what Facilitair decided."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot.conversation import Conversation
from bot.depot import Item, all_items, hold, reservations, reserve, row_of
from bot.depot_desk import heard
from bot.depot_letters import DepotLetters
from bot.depot_tables import depot_items
from bot.list_files import recognised_group
from bot.my_data import forget_person, read_mine
from bot.people import Person
from bot.records import Records
from bot.tables import audit, people
from bot.talk_state import Message, Place
from cards.plain import text
from cards.view import Action, View
from knowledge.shelf import Shelf
from tests.bot.channel_stage import open_stage
from tests.bot.web_room import BUYER, Room, open_page

FACILITAIR = Person("f1", "Fenna", frozenset({"buyer", "facilitair"}))
TODAY = date(2026, 11, 26)
LINES = (
    ("Bureaustoel zwart", 1),
    ("Bureaustoel blauw", 3),
    ("Stoelhoes", 9),
    ("Zit-stabureau", 4),
    ("Beamer Epson", 2),
    ("Flip-over", 1),
    ("Verlopen laptop", 5),
    ("Rode loper voor de trouwzaal", 1),
)


async def fill(kept: Records, shelf: Shelf, lines: Any = LINES) -> dict[str, str]:
    """Put lines in the list; gives their ids by what they are."""
    items = [
        Item(
            uuid.uuid4().hex,
            what,
            recognised_group(shelf.current, what),
            number,
            0,
            "Loods Hoogezand",
            "goed",
            date(2020, 1, 1) if what.startswith("Verlopen") else None,
        )
        for what, number in lines
    ]

    def keep(connection: Connection) -> None:
        hold(connection)
        connection.execute(insert(depot_items), list(map(row_of, items)))

    await kept.write(keep)
    return {item.what: item.id for item in items}


async def say(
    talks: Conversation, who: Person, words: str = "", key: str = "", **tap: str
) -> tuple[View, ...]:
    """One message or tap of somebody on the terminal, which is nowhere else."""
    pressed = {"do": "depot", **tap} if tap else None
    message = Message(key or uuid.uuid4().hex, words, pressed)
    return (await talks.turn(who, message, Place("terminal", ""))).views


def shown(views: tuple[View, ...]) -> str:
    return "\n".join(map(text, views))


def buttons(views: tuple[View, ...]) -> list[str]:
    return [action.label for view in views for action in view.actions]


@pytest.fixture
async def talks(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Conversation]:
    """A talk over a filled depot."""
    kept = await Records.open(sqlite_url)
    await fill(kept, shelf)
    yield Conversation(shelf, kept)
    await kept.close()


async def test_twenty_at_once(records: Records, shelf: Shelf) -> None:
    """Of twenty who want the last chair at the same moment one gets it; the others hear why, and what else there is."""
    ids = await fill(records, shelf)
    talks = Conversation(shelf, records)
    crowd = [Person(f"p{number}", f"Collega {number}") for number in range(20)]
    wish = {"act": "reserveer", "item": ids["Bureaustoel zwart"], "aantal": "1"}
    said = [shown(views) for views in await asyncio.gather(*(say(talks, who, **wish) for who in crowd))]
    lines = {item.what: item for item in await records.read(all_items)}
    lost = [words for words in said if "Deze zijn net niet meer vrij" in words]

    assert len([words for words in said if words.startswith("Gereserveerd")]) == 1
    assert len(lost) == 19
    assert all("Bureaustoel blauw · nog 3 vrij · Loods Hoogezand" in words for words in lost)
    assert lines["Bureaustoel zwart"].taken == 1
    assert len(await records.read(reservations)) == 1


async def test_one_finger_twice(records: Records, shelf: Shelf) -> None:
    """Whoever taps ten times at once, or whose tap comes twice, has one reservation."""
    ids = await fill(records, shelf)
    talks = Conversation(shelf, records)
    wish = {"act": "reserveer", "item": ids["Zit-stabureau"], "aantal": "2"}
    said = await asyncio.gather(*(say(talks, BUYER, key=f"k{n % 5}", **wish) for n in range(10)))
    taken = {item.what: item.taken for item in await records.read(all_items)}

    assert taken["Zit-stabureau"] == 2
    assert all("ereserveerd" in shown(views) for views in said)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("depot bureaustoel blauw", "Bureaustoel blauw"),
        ("depot stoelen", "Bureaustoel blauw"),
        ("depot burostoelen", "Bureaustoel blauw"),
        ("depot beamers", "Beamer Epson"),
        ("depot flipover", "Flip-over"),
        ("staan er nog bureaus in het depot?", "Zit-stabureau"),
        ("Depot trouwzaal", "Rode loper voor de trouwzaal"),
        ("wat staat er in het depot?", "Beamer Epson"),
        ("depot", "Beamer Epson"),
    ],
)
async def test_found(talks: Conversation, words: str, first: str) -> None:
    """What is there is found by its name, a part of it, another word for it and with a mistake."""
    views = await say(talks, BUYER, words)

    assert buttons(views)[0] == f"Reserveer: {first}"


async def test_not_there(talks: Conversation) -> None:
    """What is not there, or no longer usable, is not shown, and the words come back to the letter."""
    views = await say(talks, BUYER, "depot laptops")

    assert "Hiervan staat nu niets vrij in het depot." in shown(views)
    assert "laptops" in shown(views)


@pytest.mark.parametrize(
    "words", ["depot huren in de haven", "we willen een depot erbij huren", "20 laptops", "in het depot"]
)
def test_other_things(shelf: Shelf, words: str) -> None:
    """A purchase, and an answer that names the depot, are no question to the depot."""
    assert heard(shelf.current, words) is None


@pytest.mark.parametrize(
    ("words", "what", "number"),
    [
        ("er zijn 4 bureaus bijgekomen in het depot", "bureaus", "4"),
        ("Er zijn vier zwarte bureaus bijgekomen in het depot.", "zwarte bureaus", "4"),
        ("we hebben er 3 beamers bij gekomen in depot", "beamers", "3"),
        ("bureaus toegevoegd aan het depot", "bureaus", ""),
    ],
)
def test_come_in(shelf: Shelf, words: str, what: str, number: str) -> None:
    """What came in is read from the sentence."""
    wish = heard(shelf.current, words)

    assert wish is not None
    assert wish.act == "nieuw"
    assert wish.given == {"wat": what, "aantal": number}


async def test_reserve(talks: Conversation) -> None:
    """Choosing, naming how many, and taking it back; too many is refused with what there is."""
    [listed] = await say(talks, BUYER, "depot bureaustoel blauw")
    choose = next(action for action in listed.actions if isinstance(action, Action))
    asked = await say(talks, BUYER, **{k: str(v) for k, v in choose.data.items()})
    item = str(choose.data["item"])
    refused = {
        n: shown(await say(talks, BUYER, act="reserveer", item=item, aantal=n)) for n in ("4", "x", "-1")
    }
    done = await say(talks, BUYER, act="reserveer", item=item, aantal="2")
    [one] = await talks.records.read(reservations)
    stranger = await say(talks, FACILITAIR, act="toch-niet", item=one.id)
    gone = await say(talks, BUYER, act="toch-niet", item=one.id)

    assert "Er zijn er nog 3 vrij" in shown(asked)
    assert "er zijn er nog 3. Ik heb niets gereserveerd" in refused["4"]
    assert all("Noem een heel getal" in refused[n] for n in ("x", "-1"))
    assert "Gereserveerd. Facilitair kijkt ernaar" in shown(done)
    assert (one.number, one.who) == (2, "Inkoper")
    assert "kan ik niet meer weghalen" in shown(stranger)
    assert "de reservering is weg" in shown(gone)
    assert {item.taken for item in await talks.records.read(all_items)} == {0}


@pytest.mark.parametrize("act", ["kies", "reserveer", "toch-niet", "", "bevestigen"])
async def test_old_card(talks: Conversation, act: str) -> None:
    """A button about what is not there any more changes nothing and says so."""
    said = shown(await say(talks, BUYER, act=act, item="f" * 32, aantal="1"))

    assert "kan ik niet" in said


async def test_facilitair_adds(talks: Conversation) -> None:
    """Facilitair adds by a sentence and a card; the same again is counted up, a gap is asked for, and it is in the log."""
    [card] = await say(talks, FACILITAIR, "er zijn 4 dossierkasten bijgekomen in het depot")
    half = await say(talks, FACILITAIR, act="erbij", wat="dossierkasten", aantal="4", waar="")
    for _ in range(2):
        last = await say(talks, FACILITAIR, act="erbij", wat="dossierkasten", aantal="4", waar="Kelder")
    found = await say(talks, BUYER, "depot dossierkast")
    logged = await talks.records.read(
        lambda connection: connection.execute(select(audit.c.about)).scalars().all()
    )

    assert "dossierkasten" in str(card.blocks)
    assert "een naam, een aantal vanaf 1 en een plek" in shown(half)
    assert "In totaal zijn er nu 8" in shown(last)
    assert "dossierkasten · nog 8 vrij · Kelder" in shown(found)
    assert logged == ["4 × dossierkasten erbij"] * 2


async def test_buyer_adds_nothing(talks: Conversation) -> None:
    """Whoever is not of Facilitair or beheer cannot change the list, in words or by hand."""
    before = await talks.records.read(all_items)
    said = [
        shown(await say(talks, BUYER, "er zijn 4 bureaus bijgekomen in het depot")),
        shown(await say(talks, BUYER, act="erbij", wat="bureaus", aantal="4", waar="Kelder")),
    ]

    assert all("is voor Facilitair en beheer" in words for words in said)
    assert await talks.records.read(all_items) == before


async def test_talk_goes_on(room: Room, shelf: Shelf) -> None:
    """In the middle of a talk the depot is looked at, on the web, and the open question can still be answered."""
    await fill(room.house.records, shelf)
    page = await open_page(room)
    await page.say("we willen 50 nieuwe bureaustoelen, zo'n 15k")
    await page.hear()
    await page.say("depot stoelen")
    looked = str(await page.hear())
    await page.say("ja")
    went_on = str(await page.hear())

    assert "Reserveer: Bureaustoel blauw" in looked
    assert "Hebben we het wel nodig?" in went_on


async def test_hears_on_the_web(room: Room, shelf: Shelf) -> None:
    """Who reserved hears the decision in the talk on the web; who was nowhere, when they come back, once."""
    ids = await fill(room.house.records, shelf)
    page = await open_page(room)
    await page.say("moi")
    kept, desk = room.house.records, room.house.depot
    away = Person("p77", "Weg")
    for who in (BUYER, away):
        await kept.write(partial(reserve, person=who, item=ids["Bureaustoel blauw"], number=1, today=TODAY))
    await page.hear()
    letters = DepotLetters(kept, say=desk.decided)
    for one in await kept.read(reservations):
        assert await desk.decide(FACILITAIR, "bevestigen", one.id)
        for _ in range(2):
            await letters.deliver(one.id)
    heard_now = str(await page.hear())
    arrived = [str(await desk.decisions(away)) for _ in range(2)]

    assert heard_now.count("'summary': 'Je reservering uit het depot is bevestigd'") == 1
    assert "is bevestigd" in arrived[0]
    assert arrived[1] == "()"


async def test_hears_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams the same card works, and the decision comes in the own chat by itself."""
    buyer = {"id": "29:b", "name": "Bo", "aadObjectId": "bo"}
    async with open_stage(sqlite_url, shelf) as stage:
        await fill(stage.records, shelf)
        await stage.chat("depot flipover", who=buyer)
        shown_there = str([landed.activity for landed in stage.room.channel.landed])
        item = re.findall(r"'act': 'kies', 'item': '(\w+)'", shown_there)[0]
        wish = {"do": "depot", "act": "reserveer", "item": item, "aantal": "1"}
        await stage.press(wish, buyer, "a:chat")
        [one] = await stage.records.read(reservations)
        await stage.house.depot.decide(FACILITAIR, "afwijzen", one.id)
        await stage.room.channel.until(lambda: any("gaat niet door" in said for said in stage.said("a:chat")))
        free = {item.what: item.free for item in await stage.records.read(all_items)}

    assert one.who == "Bo"
    assert free["Flip-over"] == 1


async def test_forgetting(records: Records, shelf: Shelf) -> None:
    """Mijn gegevens holds the reservations; forgetting takes the name off what is lent, and gives back what waited."""
    ids = await fill(records, shelf)
    talks = Conversation(shelf, records)
    for what in ("Bureaustoel blauw", "Zit-stabureau"):
        await say(talks, BUYER, act="reserveer", item=ids[what], aantal="1")
    lent = next(one for one in await records.read(reservations) if one.what == "Zit-stabureau")
    await talks.depot.decide(FACILITAIR, "bevestigen", lent.id)
    mine = await records.read(partial(read_mine, BUYER.id))
    await records.write(lambda connection: forget_person(connection, BUYER.id))
    left = await records.read(reservations)
    taken = {item.what: item.taken for item in await records.read(all_items)}
    named = await records.read(lambda connection: connection.execute(select(people.c.id)).scalars().all())

    assert {row["what"] for row in mine.reserved} == {"Bureaustoel blauw", "Zit-stabureau"}
    assert [(one.what, one.person_id, one.who) for one in left] == [
        ("Zit-stabureau", "verwijderd", "een collega")
    ]
    assert taken["Bureaustoel blauw"] == 0
    assert taken["Zit-stabureau"] == 1
    assert named == [FACILITAIR.id]
