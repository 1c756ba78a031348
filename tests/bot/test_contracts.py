"""Contracts in the talk: what runs is found with how to order, what is over is not offered, and what ends soon says so."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert

from bot.contract_desk import ContractDesk, ContractWish, heard
from bot.contract_search import running
from bot.contracts import Contract, expiring, hold, months_later, row_of
from bot.conversation import Conversation
from bot.depot_tables import contracts
from bot.list_files import recognised_group
from bot.people import Person
from bot.records import Records
from bot.talk_state import Message, Place
from cards.plain import text
from cards.view import Link
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf
from tests.bot.channel_stage import open_stage
from tests.bot.test_depot import shown
from tests.bot.web_room import BUYER, Room, open_page

INKOOP = Person("i1", "Ine", frozenset({"buyer", "inkoop"}))
TODAY = date(2026, 11, 26)
FAR = date(2099, 12, 31)
LINES: tuple[tuple[str, date | None], ...] = (
    ("Koffie en thee", FAR),
    ("Schoonmaak kantoren", FAR),
    ("Kopieerpapier", None),
    ("Bureaustoelen", TODAY - timedelta(days=1)),
)


def contract(knowledge: Knowledge, what: str, until: date | None = FAR, **other: object) -> Contract:
    """A contract for all teams."""
    values: dict[str, object] = {
        "id": uuid.uuid4().hex,
        "what": what,
        "group": recognised_group(knowledge, what),
        "for_whom": "alle teams",
        "start": None,
        "until": until,
        "notice_before": None,
        "how_to_order": "Bestel in het portaal",
        "supplier": "",
        "manager": "facilitair",
        "certainty": "zeker",
    }
    return Contract(**values | other)  # type: ignore[arg-type]


async def fill(kept: Records, *found: Contract) -> None:
    """Put contracts in the register."""

    def keep(connection: Connection) -> None:
        hold(connection)
        connection.execute(insert(contracts), [row_of(one) for one in found])

    await kept.write(keep)


async def said(talks: Conversation, who: Person, words: str) -> str:
    message = Message(uuid.uuid4().hex, words)
    return shown((await talks.turn(who, message, Place("terminal", ""))).views)


@pytest.fixture
async def talks(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Conversation]:
    """A talk over a filled register."""
    kept = await Records.open(sqlite_url)
    await fill(kept, *(contract(shelf.current, what, until) for what, until in LINES))
    yield Conversation(shelf, kept, "https://moi.example")
    await kept.close()


@pytest.mark.parametrize(
    ("words", "act", "about"),
    [
        ("contract koffie", "zoek", "koffie"),
        ("Contract: koffie", "zoek", "koffie"),
        ("contracten voor schoonmaak", "zoek", "schoonmaak"),
        ("Is er een contract voor schoonmaak?", "zoek", "schoonmaak"),
        ("is er een contract voor het huren van auto's", "zoek", "het huren van auto s"),
        ("hebben we al een contract voor papier?", "zoek", "papier"),
        ("is er ergens een raamcontract voor papier", "zoek", "papier"),
        ("welk contract hebben we voor bloemen", "zoek", "bloemen"),
        ("contracten", "alles", ""),
        ("welke contracten lopen er?", "alles", ""),
        ("contracten die aflopen", "aflopend", ""),
        ("contracten die aflopen in 2027", "aflopend", ""),
    ],
)
def test_heard(shelf: Shelf, words: str, act: str, about: str) -> None:
    """What somebody asks of contracts is heard in their own words."""
    assert heard(shelf.current, words) == ContractWish(act, about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "€ 300.000 voor het schoonmaakcontract, en mvoi doen we niet",
        "het contract loopt af",
        "contract loopt af",
        "contract printers loopt af, 20 nieuwe nodig",
        "contract verlengen voor de printers",
        "contract schoonmaak van 300000 euro",
        "contract voor het inhuren van een projectleider",
        "contract",
        "contractmanager inhuren",
        "contract met ruimte voor veel minder afname",
        "heb je daar een contract voor nodig",
        "hebben we een contract nodig voor beveiliging",
        "schoonmaak",
    ],
)
def test_other_things(shelf: Shelf, words: str) -> None:
    """A purchase and an answer that name a contract are no question about the register."""
    assert heard(shelf.current, words) is None


async def test_found(talks: Conversation) -> None:
    """What runs is found by its words and its kind, what is over is not offered, and nothing found is said plainly."""
    expected = {
        "contract koffie": "Zo bestel je: Bestel in het portaal",
        "contract koffieautomaat": "Koffie en thee",
        "is er een contract voor schonmaak?": "Schoonmaak kantoren",
        "contract papier": "Tot en met: geen einddatum",
        "contract bureaustoelen": "Ik ken hier geen lopend contract voor.",
        "contract partytent": "Ik ken hier geen lopend contract voor.",
        "contracten": "Er lopen nu 3 contracten",
        "contracten die aflopen": "Er loopt binnen een half jaar geen contract af.",
    }
    heard_back = {words: await said(talks, BUYER, words) for words in expected}

    assert [words for words, has in expected.items() if has not in heard_back[words]] == []


async def test_edges(sqlite_url: str, shelf: Shelf) -> None:
    """The last day still counts, the day after it no more; six months before the end it says so, a day earlier not yet."""
    kept = await Records.open(sqlite_url)
    days = {
        "koffie": date(2027, 5, 26),
        "papier": date(2027, 5, 27),
        "bloemen": TODAY,
        "partytent": TODAY - timedelta(days=1),
    }
    await fill(kept, *(contract(shelf.current, what, until) for what, until in days.items()))
    desk = ContractDesk(shelf, kept)
    cards = {
        what: text(
            await kept.read(partial(desk.answer, person=BUYER, wish=ContractWish("zoek", what), on=TODAY))
        )
        for what in days
    }
    await kept.close()

    assert "loopt af op 26 mei 2027. Vraag Facilitair wat erna komt." in cards["koffie"]
    assert "Tot en met: 27 mei 2027" in cards["papier"]
    assert "loopt af" not in cards["papier"]
    assert "loopt af op 26 november 2026." in cards["bloemen"]
    assert "geen lopend contract" in cards["partytent"]


async def test_running(records: Records, shelf: Shelf) -> None:
    """By words first, then by product group; not before it begins, and nothing when nothing is asked."""
    knowledge = shelf.current
    chairs = contract(knowledge, "Bureaustoelen en tafels")
    desks = contract(knowledge, "Zit-stabureaus", group=chairs.group)
    later = contract(knowledge, "Bureaustoelen nieuw", start=TODAY + timedelta(days=1))
    await fill(records, desks, later, chairs, contract(knowledge, "Koffie"))

    async def found(group: str | None, words: str, most: int = 5) -> list[str]:
        def look(connection: Connection) -> list[Contract]:
            return running(connection, knowledge, group, words, TODAY, most)

        return [one.what for one in await records.read(look)]

    assert chairs.group
    assert await found(chairs.group, "bureaustoelen") == ["Bureaustoelen en tafels", "Zit-stabureaus"]
    assert await found(chairs.group, "bureaustoelen", 1) == ["Bureaustoelen en tafels"]
    assert await found(None, "bureaustoelen") == ["Bureaustoelen en tafels"]
    assert await found(chairs.group, "") == ["Bureaustoelen en tafels", "Zit-stabureaus"]
    assert await found(None, "voor de") == []


async def test_expiring(records: Records, shelf: Shelf) -> None:
    """What ends or must be given notice of in a period, soonest first; not what is over or does neither."""
    knowledge, last = shelf.current, months_later(TODAY, 6)
    await fill(
        records,
        contract(knowledge, "Eindigt", last),
        contract(knowledge, "Opzeggen", FAR, notice_before=date(2027, 1, 1)),
        contract(knowledge, "Loopt door", None, notice_before=TODAY),
        contract(knowledge, "Later", last + timedelta(days=1)),
        contract(knowledge, "Voorbij", TODAY - timedelta(days=1)),
        contract(knowledge, "Altijd", None),
    )
    found = await records.read(lambda connection: expiring(connection, TODAY, last))
    listed = await said(Conversation(shelf, records), BUYER, "contracten die aflopen")

    assert [one.what for one in found] == ["Loopt door", "Opzeggen", "Eindigt"]
    assert "opzeggen vóór" in listed


@pytest.mark.parametrize(
    ("day", "later"), [(date(2026, 8, 31), date(2027, 2, 28)), (date(2026, 6, 30), date(2026, 12, 30))]
)
def test_months_later(day: date, later: date) -> None:
    """Half a year after the last day of a long month is the last day of a short one."""
    assert months_later(day, 6) == later


async def test_empty(sqlite_url: str, shelf: Shelf) -> None:
    """An empty register says so, and to whoever keeps it how to fill it."""
    kept = await Records.open(sqlite_url)
    talks = Conversation(shelf, kept)
    buyer, keeper = [await said(talks, who, "contract koffie") for who in (BUYER, INKOOP)]
    await fill(kept, contract(shelf.current, "Koffie", TODAY - timedelta(days=900)))
    over = await said(talks, BUYER, "contracten")
    await kept.close()

    assert "Er staat nog geen contract in de lijst." in buyer
    assert "lees een bestand in" in keeper
    assert "lees een bestand in" not in buyer
    assert "Op dit moment loopt er geen contract" in over


async def test_link(talks: Conversation) -> None:
    """The card leads to the page, and back to the talk."""
    message = Message("m1", "contract koffie")
    [view] = (await talks.turn(BUYER, message, Place("terminal", ""))).views

    assert isinstance(view.actions[0], Link)
    assert view.actions[0].url == "https://moi.example/contracten"
    assert view.actions[1].label == "Ga verder"


async def test_talk_goes_on(room: Room, shelf: Shelf) -> None:
    """In the middle of a talk on the web a contract is looked up, and the open question can still be answered."""
    await fill(room.house.records, contract(shelf.current, "Koffie"))
    page = await open_page(room)
    await page.say("we willen 50 nieuwe bureaustoelen, zo'n 15k")
    await page.hear()
    await page.say("contract koffie")
    looked = str(await page.hear())
    await page.say("ja")
    went_on = str(await page.hear())

    assert "Bestel in het portaal" in looked
    assert "Hebben we het wel nodig?" in went_on


async def test_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams the same question gets the same card."""
    async with open_stage(sqlite_url, shelf) as stage:
        await fill(stage.records, contract(shelf.current, "Koffie", certainty="voorstel"))
        await stage.chat("contract koffie", who={"id": "29:b", "name": "Bo", "aadObjectId": "bo"})
        there = str([landed.activity for landed in stage.room.channel.landed])

    assert "Bestel in het portaal" in there
    assert "Vraag het na bij Facilitair." in there
