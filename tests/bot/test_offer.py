"""The purchase talk and what there is already: offered when it fits, reserved once, and given back when it is not wanted."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Literal

import pytest
from sqlalchemy import Connection, select, update

from bot.conversation import Conversation
from bot.depot import Reservation, all_items, reservations, withdraw
from bot.depot_tables import depot_items
from bot.desk import Desk
from bot.offer import is_named
from bot.people import Person
from bot.records import Records
from bot.tables import talks
from bot.talk_state import Message, Place
from cards.plain import text
from cards.view import Action, View
from dialogs.existing import HELD, THERE, ContractLine, WhatThereIs
from knowledge.shelf import Shelf
from tests.bot.channel_stage import open_stage
from tests.bot.test_contracts import contract
from tests.bot.test_contracts import fill as fill_contracts
from tests.bot.test_depot import FACILITAIR, fill
from tests.bot.web_room import BUYER

LINES = (
    ("Bureaustoel zwart", 1),
    ("Bureaustoel blauw", 3),
    ("Zit-stabureau", 4),
    ("Verlopen bureaustoel", 9),
)
NOWHERE = Place("terminal", "")
TO_THE_WAYS = ("{} bureaustoelen", "ja", "kapot")


class Colleague:
    """Somebody who talks with Moi on the terminal, which is nowhere else."""

    def __init__(self, talk: Conversation, person: Person = BUYER, place: Place = NOWHERE) -> None:
        self.talk = talk
        self.person = person
        self.place = place
        self.views: tuple[View, ...] = ()

    async def say(self, *words: str, key: str = "") -> str:
        """Say these things; gives what Moi says to the last."""
        for one in words:
            await self._turn(Message(key or uuid.uuid4().hex, one))
        return "\n".join(map(text, self.views))

    async def amend(self, about: str, text: str = "") -> None:
        """Edit the message with this key, or delete it when there are no words."""
        change: Literal["edited", "deleted"] = "edited" if text else "deleted"
        await self._turn(Message(uuid.uuid4().hex, text, changed=change, about=about))

    async def tap(self, label: str) -> str:
        """Press a button on the last card."""
        actions = (a for view in self.views for a in view.actions if isinstance(a, Action))
        data = next(action.data for action in actions if action.label == label)
        await self._turn(Message(uuid.uuid4().hex, tap=data))
        return "\n".join(map(text, self.views))

    async def _turn(self, message: Message) -> None:
        self.views = (await self.talk.turn(self.person, message, self.place)).views

    async def mine(self) -> list[Reservation]:
        """What this person has waiting or confirmed."""
        return await self.talk.records.read(partial(reservations, person_id=self.person.id))

    async def answers(self) -> Mapping[str, Any]:
        """The answers of the newest talk."""
        newest = select(talks.c.answers).where(talks.c.person_id == self.person.id)
        newest = newest.order_by(talks.c.changed.desc()).limit(1)
        return await self.talk.records.read(lambda connection: connection.execute(newest).scalar_one())


@pytest.fixture
async def colleague(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Colleague]:
    """A colleague, and a filled depot."""
    kept = await Records.open(sqlite_url)
    await fill(kept, shelf, LINES)
    yield Colleague(Conversation(shelf, kept))
    await kept.close()


def asks(number: int) -> list[str]:
    """A talk about so many desk chairs, up to the ways."""
    return [words.format(number) for words in TO_THE_WAYS]


async def test_ten_want_the_same(records: Records, shelf: Shelf) -> None:
    """Of ten who choose the last chair at once one has it; the others hear why and what else there is, and go on."""
    await fill(records, shelf, LINES)
    talk = Conversation(shelf, records)
    crowd = [Colleague(talk, Person(f"p{number}", "Collega")) for number in range(10)]
    await asyncio.gather(*(one.say("een bureaustoel zwart", "ja", "kapot") for one in crowd))
    said = await asyncio.gather(*(one.say("reserveer 1") for one in crowd))
    twice = await asyncio.gather(*(one.say("reserveer 1") for one in crowd))
    taken = {item.what: item.taken for item in await records.read(all_items)}
    won = [words for words in said if "Gereserveerd: 1 × Bureaustoel zwart" in words]

    assert len(won) == 1
    assert len([words for words in said if "Deze zijn net niet meer vrij" in words]) == 9
    assert all("Bureaustoel blauw" in words for words in said if words not in won)
    assert sum("Gereserveerd: 1 × Bureaustoel blauw" in words for words in twice) == 3
    assert taken == {
        "Bureaustoel zwart": 1,
        "Bureaustoel blauw": 3,
        "Zit-stabureau": 0,
        "Verlopen bureaustoel": 0,
    }


async def test_the_same_message_twice(colleague: Colleague) -> None:
    """A message that comes twice reserves once."""
    await colleague.say(*asks(2))
    for _ in range(2):
        await colleague.say("reserveer 2", key="again")

    assert [one.number for one in await colleague.mine()] == [2]


async def test_another_number(colleague: Colleague) -> None:
    """Another number takes the place of the first, and nothing is held twice."""
    await colleague.say(*asks(2), "reserveer 2")
    said = await colleague.say("terug", "reserveer 1")

    assert "Gereserveerd: 1 × Bureaustoel" in said
    assert [one.number for one in await colleague.mine()] == [1]


@pytest.mark.parametrize("words", ["toch kopen", ""])
async def test_edited(colleague: Colleague, words: str) -> None:
    """Whoever edits the words that reserved into something else, in Teams, has nothing reserved; deleting them asks again."""
    bo = Colleague(colleague.talk, place=Place("teams", "a:1"))
    await bo.say(*asks(2))
    await bo.say("reserveer 2", key="chose")
    held = await bo.mine()
    await bo.amend("chose", words)
    await bo.say("toch kopen")

    assert len(held) == 1
    assert await bo.mine() == []


async def test_reserved_before(colleague: Colleague) -> None:
    """What somebody has waiting already is not offered to them again."""
    await colleague.say(*asks(3), "reserveer 3", "versturen")
    said = await colleague.say(*asks(3))

    assert "Bureaustoel blauw" not in said
    assert [one.number for one in await colleague.mine()] == [3]


@pytest.mark.parametrize("words", [("4 bureaus",), ("stop",), ("opnieuw", "20 laptops")])
async def test_left_alone(colleague: Colleague, words: tuple[str, ...]) -> None:
    """A talk that is stopped, or that another one takes the place of, before it is sent holds nothing any more."""
    await colleague.say(*asks(2), "reserveer 2", *words)
    if words == ("4 bureaus",):
        await colleague.tap("Ja, begin hiermee")

    assert await colleague.mine() == []


async def test_sent_stays(colleague: Colleague) -> None:
    """What was sent stays reserved: when another talk begins, when it is looked at again, and when that is stopped."""
    await colleague.say(*asks(2), "reserveer 2", "versturen")
    for words in (("20 laptops",), ("stop",), ("wijzig gekozen weg",), ("stop",)):
        await colleague.say(*words)

    assert [one.number for one in await colleague.mine()] == [2]


async def test_facilitair_hears(colleague: Colleague) -> None:
    """Of what is sent Facilitair is told at once; of what is only chosen not yet, for it may still be given back."""
    told: list[str] = []
    colleague.talk.records.when_due(lambda about, *_rest: told.append(about))
    await colleague.say(*asks(2), "reserveer 2")
    [one] = await colleague.mine()
    before = list(told)
    await colleague.say("versturen")

    assert one.id not in before
    assert one.id in told


async def test_confirmed_meanwhile(colleague: Colleague) -> None:
    """What Facilitair confirmed is not taken back by another choice, and Moi says so."""
    await colleague.say(*asks(2), "reserveer 2")
    [one] = await colleague.mine()
    await colleague.talk.depot.decide(FACILITAIR, "bevestigen", one.id)
    said = await colleague.say("terug", "toch kopen")

    assert "Deze reservering kan ik niet meer weghalen" in said
    assert HELD not in await colleague.answers()
    assert [one.state for one in await colleague.mine()] == ["confirmed"]


async def test_taken_back_elsewhere(colleague: Colleague) -> None:
    """A reservation that is gone when the talk is sent is not recorded as one; the ways are asked again."""
    await colleague.say(*asks(2), "reserveer 2")
    [one] = await colleague.mine()
    await colleague.talk.records.write(lambda connection: withdraw(connection, BUYER.id, one.id))
    said = await colleague.say("versturen")
    before = await colleague.talk.records.records_of(BUYER.id)
    await colleague.say("reserveer 2", "versturen")
    after = await colleague.talk.records.records_of(BUYER.id)

    assert "Je reservering uit het depot is er niet meer" in said
    assert "Reserveer 2" in said
    assert before == []
    assert after[0].advice["from_depot"] == {
        "number": 2,
        "what": "Bureaustoel blauw",
        "place": "Loods Hoogezand",
    }


async def test_contract(colleague: Colleague, shelf: Shelf) -> None:
    """A contract that runs for what somebody wants is one of the ways; one that has ended, or of another thing, is not."""
    running = contract(shelf.current, "Kantoormeubilair", how_to_order="Bestel in het portaal")
    ended = contract(shelf.current, "Bureaustoelen", date(2026, 1, 1), how_to_order="Bel de leverancier")
    other = contract(shelf.current, "Koffie en thee", how_to_order="Bel de kantine")
    await fill_contracts(colleague.talk.records, running, ended, other)
    said = await colleague.say(*asks(2))
    ordered = await colleague.say("bestel onder dit contract")

    assert "Bestel in het portaal" in said
    assert "Bel de" not in said
    assert "kost" in ordered


async def test_fails(colleague: Colleague, shelf: Shelf) -> None:
    """When it cannot be looked up the talk goes on as if there were nothing."""

    def broken(desk: Desk, wanted: WhatThereIs, connection: Connection) -> tuple[ContractLine, ...]:
        raise OSError("away")

    unlucky = Colleague(Conversation(shelf, colleague.talk.records, contracts=broken))
    said = await unlucky.say(*asks(2))

    assert "Wat past het best?" in said
    assert "Reserveer" not in said
    assert (await unlucky.answers())[THERE]["depot"] == []


async def test_another_thing(colleague: Colleague) -> None:
    """When somebody wants another thing after all, that is looked up; of a list nothing is offered unasked."""
    await colleague.say(*asks(2))
    other = await colleague.say("wijzig aanvraag", "4 zit-stabureaus")
    listed = await colleague.say("opnieuw", "lijst", "kantoorinrichting en benodigdheden")

    assert "Reserveer 4: in het depot nog 4 × Zit-stabureau" in other
    assert "Reserveer" not in listed


async def test_by_hand(colleague: Colleague) -> None:
    """Who makes up a tap about what there is, or about another line, changes nothing."""
    await colleague.say(*asks(2))
    before = await colleague.answers()
    [view] = colleague.views
    for key in (THERE, HELD, "_op"):
        tap = {"do": "answer", "talk": view.extra["talk"], "key": key, "answer": "x"}
        await colleague.talk.turn(BUYER, Message(uuid.uuid4().hex, tap=tap), Place("terminal", ""))

    assert await colleague.answers() == before


async def test_words_of_others(colleague: Colleague) -> None:
    """What Facilitair calls a thing is shown as words, never as marks of ours."""
    odd = "Bureaustoel **gratis** {{DATE()}} [x](http://x)"
    named = update(depot_items).where(depot_items.c.what == "Bureaustoel blauw").values(what=odd)
    await colleague.talk.records.write(lambda connection: connection.execute(named))
    said = await colleague.say(*asks(2))

    assert "2 × Bureaustoel" not in said
    assert "Bureaustoel gratis DATE() [x](http://x)" in said


async def test_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams it is the same button, and the same reservation."""
    buyer = {"id": "29:b", "name": "Bo", "aadObjectId": "bo"}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await fill(stage.records, shelf, LINES)
        for words in asks(2):
            await stage.chat(words, who=buyer)
        card = str([landed.activity for landed in stage.room.channel.landed][-1])
        await stage.chat("reserveer 2", who=buyer)
        [one] = await stage.records.read(reservations)

    assert "'title': 'Reserveer 2'" in card
    assert (one.who, one.number, one.what) == ("Bo", 2, "Bureaustoel blauw")


@pytest.mark.parametrize(
    ("asked", "what", "named"),
    [
        ("bureaustoelen", "Bureaustoel zwart", True),
        ("stoelen", "Bureaustoel zwart", True),
        ("bureustoelen", "Bureaustoel zwart", True),
        ("bureau", "Bureaustoel zwart", False),
        ("bureaustoelen", "Stoelhoes", False),
        ("beamer", "Beamer Epson", True),
        ("flipover", "Whiteboard", False),
        ("bus", "Cactus", False),
    ],
)
def test_named(asked: str, what: str, named: bool) -> None:
    """A thing is what its own name, or the end of it, says; what only begins alike is another thing."""
    assert is_named([asked], what) == named
