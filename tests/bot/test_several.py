"""A message with several requests in the real conversation: one press, and every line is a purchase of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation import Conversation
from bot.people import Person
from bot.records import Records
from bot.talk_state import Answer, Message, Place
from cards.plain import text
from cards.view import Action
from knowledge.shelf import Shelf

SOMEBODY = Person("web:facilitair", "collega")
HERE = Place("web", "gesprek")
SAID = "12 lunches voor dinsdag, 4 laptops en 3 gloepies"
DECIDED = {
    "regel/1-catering:nodig": "weet-niet",
    "regel/1-catering:doen": "minder",
    "regel/2-ict-hardware:nodig": "niet-nodig",
}


class Room:
    """One colleague in one conversation."""

    def __init__(self, records: Records, shelf: Shelf) -> None:
        self.records = records
        self.conversation = Conversation(shelf, records)
        self.turns = 0
        self.answer = Answer(())

    async def say(self, words: str, **more: Any) -> str:
        """Say something, and give all that Moi says to it."""
        self.turns += 1
        message = Message(more.pop("id", f"t{self.turns}"), text=words, **more)
        return await self.hear(message)

    async def press(self, label: str, fields: Mapping[str, str] | None = None) -> str:
        """Press a button that Moi showed last, with fields filled in."""
        self.turns += 1
        shown = [one for view in self.answer.views for one in view.actions if isinstance(one, Action)]
        data = next(action.data for action in shown if action.label == label)
        return await self.hear(Message(f"t{self.turns}", tap={**data, **(fields or {})}))

    async def hear(self, message: Message, place: Place = HERE) -> str:
        """What Moi says to a message."""
        self.answer = await self.conversation.turn(SOMEBODY, message, place)
        return "\n\n".join(text(view) for view in self.answer.views)

    async def records_of(self) -> dict[str | None, tuple[str, int]]:
        """What came of each product group, and in which version."""
        return {one.group: (one.outcome, one.version) for one in await self.records.records_of(SOMEBODY.id)}


@pytest_asyncio.fixture
async def room(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Room]:
    """A room of its own for every test."""
    records = await Records.open(f"sqlite:///{tmp_path}/moi.sqlite")
    yield Room(records, shelf)
    await records.close()


async def test_one_press(room: Room) -> None:
    """One press makes a record of every line that is whole; what Moi does not know goes on at once, in its own talk."""
    await room.say(SAID)
    after = await room.press("Neem ik mee en versturen", DECIDED)

    assert await room.records_of() == {"catering": ("koop-met-mvoi", 1), "ict-hardware": ("niet-gekocht", 1)}
    assert "3 gloepies" in after
    assert "Dit ken ik nog niet." in after


async def test_twice_the_same_press(room: Room) -> None:
    """Sent twice, or pressed once more on the old card, it is still sent once."""
    await room.say(SAID)
    card = room.answer
    await room.press("Neem ik mee en versturen", DECIDED)
    room.answer = card
    again = await room.press("Neem ik mee en versturen", DECIDED)

    assert "Dit heb je al verstuurd" in again
    assert {version for _, version in (await room.records_of()).values()} == {1}


async def test_half_filled_in(room: Room) -> None:
    """A line that is whole need not be filled in again because another one is not."""
    await room.say("12 lunches en 4 laptops")
    asked = await room.press("Neem ik mee en versturen", {"regel/1-catering:nodig": "niet-nodig"})
    await room.press("Versturen", {"regel/2-ict-hardware:nodig": "niet-nodig"})

    assert "Kies nog bij regel 2" in asked
    assert set(await room.records_of()) == {"catering", "ict-hardware"}


async def test_change_one_afterwards(room: Room) -> None:
    """After sending each line is changed by itself, and only its own record gets a new version."""
    await room.say("12 lunches en 4 laptops")
    await room.press("Neem ik mee en versturen", {**DECIDED, "regel/2-ict-hardware:nodig": "niet-nodig"})
    listed = await room.say("wijzig")
    await room.press("Regel 1")
    change = {"do": "change", "talk": room.answer.views[-1].extra["talk"], "key": "anders/catering"}
    await room.hear(Message("change", tap=change))
    await room.press("Toch kopen")
    await room.press("Tot € 25.000")
    await room.press("Versturen")

    assert "Elke regel is nu een eigen aanvraag" in listed
    assert await room.records_of() == {"catering": ("koop-met-mvoi", 2), "ict-hardware": ("niet-gekocht", 1)}


async def test_discuss_later(room: Room) -> None:
    """Lines to discuss wait each in a talk of their own: the first opens at once, the next when one presses its button."""
    await room.say("12 lunches, 40 laptops à 900 euro en 3 gloepies")
    sent = await room.press("Neem ik mee en versturen", {"regel/1-catering:nodig": "niet-nodig"})
    later = await room.press("Bespreek 3")

    assert "Hebben we het wel nodig?" in sent
    assert "Dit ken ik nog niet." in later
    assert "12 lunches" not in later


async def test_typed_to_the_end(room: Room) -> None:
    """Typed words do all that buttons do, line by line."""
    await room.say("12 lunches en 4 laptops")
    for words in ("te weinig, minder", "niet nodig", "neem ik mee"):
        await room.say(words)
    await room.say("versturen")

    assert await room.records_of() == {"catering": ("koop-met-mvoi", 1), "ict-hardware": ("niet-gekocht", 1)}


async def test_another_list(room: Room) -> None:
    """Another list is no answer to a line of the one that is open; Moi asks which one it is to be."""
    await room.say("12 lunches en 4 laptops")
    asked = await room.say("weer 15 lunches, nieuw bureau huren en 2 beamers")
    begun = await room.press("Ja, begin hiermee")

    assert "Dat lijkt een nieuwe aanvraag." in asked
    assert "2 beamers" in begun
    assert "laptops" not in begun


async def test_on_the_express_card(room: Room) -> None:
    """Several requests in the field of the express card become a list as well: none of them is lost."""
    await room.say("express")
    card = await room.press("Verder", {"wat": "12 lunches en 4 laptops", "nodig": "kapot"})

    assert "1. 12 × catering" in card
    assert "2. 4 × ICT-hardware" in card


async def test_back_and_stop(room: Room) -> None:
    """Back takes the last line that was decided away; stop sends nothing."""
    await room.say("12 lunches en 4 laptops")
    await room.say("te weinig, minder")
    back = await room.say("terug")
    first = await room.say("terug")
    await room.say("stop")

    assert "1. Hebben we het wel nodig?" in back
    assert "Dit is de eerste vraag" in first
    assert await room.records_of() == {}


async def test_goes_on_elsewhere(room: Room) -> None:
    """A list waits like any talk: whoever opens Moi elsewhere finds it there."""
    await room.say("12 lunches en 4 laptops")
    there = await room.hear(Message("x", arrived=True), Place("teams", "ergens"))

    assert "1. 12 × catering" in there


@pytest.mark.parametrize(("change", "after"), [("edited", 2), ("deleted", 0)])
async def test_edited_in_teams(room: Room, change: Any, after: int) -> None:
    """An edit of the message before sending makes new lines; a deletion takes them away."""
    place = Place("teams", "chat")
    await room.hear(Message("m1", text="12 lunches en 4 laptops"), place)
    said = "12 lunches en 3 beamers" if change == "edited" else ""
    said = await room.hear(Message("m2", text=said, changed=change, about="m1"), place)

    assert said.count("Gevraagd:") == after
    assert "laptops" not in said


async def test_edited_after_sending(room: Room) -> None:
    """After sending, an edit or a deletion of the message changes nothing: every line is a talk of its own."""
    place = Place("teams", "chat")
    await room.hear(Message("m1", text="12 lunches en 4 laptops"), place)
    data = next(one.data for one in room.answer.views[0].actions if isinstance(one, Action))
    no = {"regel/1-catering:nodig": "niet-nodig", "regel/2-ict-hardware:nodig": "niet-nodig"}
    await room.hear(Message("m2", tap={**data, **no}), place)
    before = await room.records_of()
    edited = await room.hear(
        Message("m3", text="3 beamers en 2 laptops", changed="edited", about="m1"), place
    )
    deleted = await room.hear(Message("m4", changed="deleted", about="m1"), place)

    assert before == await room.records_of()
    assert "Gevraagd" not in edited + deleted


@pytest.mark.parametrize(
    "words", ["bedankt!", "de printer is stuk", "de printer is stuk en de lamp is kapot", "20 laptops"]
)
async def test_no_list(room: Room, words: str) -> None:
    """One request, or none, is answered as it always was."""
    assert "Kijk per regel" not in await room.say(words)
