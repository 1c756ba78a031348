"""Messages that are edited, deleted or put back in Teams, in the real talk: the answer in them follows, or Moi says why not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.conversation import Conversation
from bot.records import Records
from bot.tables import talks
from knowledge.shelf import Shelf
from tests.bot.teams_room import Room, open_room
from tests.fakes.identity import TENANT

ME = "aad:person-1"
TALK = ("50 bureaustoelen", "ja", "het is oud, maar heel", "opknappen", "3000")
EDITED = "Ik zie dat je je bericht hebt aangepast"
CONFIRMED = f"{EDITED}, en ga uit van je nieuwe antwoord."


@dataclass
class Chat:
    """Somebody who types, edits and deletes; messages are called m1, m2, …"""

    room: Room
    records: Records
    typed: int = 0

    async def say(self, *lines: str) -> list[str]:
        """Type lines one after the other; gives what Moi said to the last."""
        heard: list[str] = []
        for line in lines:
            self.typed += 1
            heard = await self.post(id=f"m{self.typed}", text=line)
        return heard

    async def edit(self, message: str, text: str, event: str = "editMessage", **more: Any) -> list[str]:
        return await self.post(type="messageUpdate", id=message, text=text, channelData=_data(event), **more)

    async def delete(self, message: str, **more: Any) -> list[str]:
        data = _data("softDeleteMessage")
        return await self.post(type="messageDelete", id=message, text=None, channelData=data, **more)

    async def post(self, **changes: Any) -> list[str]:
        """Deliver an activity; gives what Moi said to it."""
        before = len(self.room.said())
        response = await self.room.post(self.room.activity(**changes))
        if response.status != 200:
            raise AssertionError(response.status)
        return self.room.said()[before:]

    async def answers(self) -> dict[str, Any]:
        """What is kept of the talk that was changed last."""
        newest = select(talks.c.answers).order_by(talks.c.changed.desc()).limit(1)
        found: dict[str, Any] = await self.records.read(
            lambda connection: connection.execute(newest).scalar_one()
        )
        return found


def _data(event: str) -> dict[str, Any]:
    return {"tenant": {"id": TENANT}, "eventType": event}


@pytest_asyncio.fixture
async def chat(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Chat]:
    records = await Records.open(f"sqlite:///{tmp_path}/moi.sqlite")
    async with open_room(Conversation(shelf, records)) as room:
        yield Chat(room, records)
    await records.close()


async def test_edited_answer(chat: Chat) -> None:
    """New words in place of an answer count as that answer, are confirmed in a sentence, and the talk goes on."""
    asked = await chat.say(*TALK)
    once = await chat.edit("m5", "4000", timestamp="t1")
    twice = await chat.edit("m5", "4000", timestamp="t1")
    again = await chat.edit("m5", "5000", timestamp="t2")
    answers = await chat.answers()

    assert once == again == [CONFIRMED, *asked]
    assert twice == []
    assert answers["waarde-anders"] == {"low": 5000, "high": 5000}


async def test_edited_first_message(chat: Chat) -> None:
    """Of an edited first message every answer in it changes, and only what hangs on it is asked anew."""
    await chat.say(*TALK)
    said = await chat.edit("m1", "60 bureaustoelen")
    answers = await chat.answers()

    assert said == [CONFIRMED, "Weet je al wat dat ongeveer kost, zonder btw? Een schatting is prima."]
    assert answers["aantal"] == 60
    assert answers["nodig/kantoormeubilair"] == "oud-maar-heel"


async def test_edited_mistake(chat: Chat) -> None:
    """A mistake in words that Moi did not understand can be put right by editing them, also in the very first ones."""
    puzzled = await chat.say("xqzv")
    began = await chat.edit("m1", "50 bureaustoelen")
    await chat.say("ja", "xqzv")
    went_on = await chat.edit("m3", "kapot")

    assert puzzled[0].startswith("Dat begreep ik niet.")
    assert began == ["Klopt dat?"]
    assert went_on
    assert (await chat.answers())["nodig/kantoormeubilair"] == "kapot"


async def test_edit_that_changes_nothing(chat: Chat) -> None:
    """An edit by which the answer stays the same, or is not understood, is said so, and what was clear stays."""
    asked = await chat.say(*TALK[:2])
    same = await chat.edit("m2", "Ja.")
    unclear = await chat.edit("m2", "xqzv")

    assert same == ["Ik zie dat je je bericht hebt aangepast; voor mij blijft je antwoord hetzelfde."]
    assert unclear[-1] == "Klopt dat?"
    assert asked


async def test_edit_of_what_is_not_used(chat: Chat) -> None:
    """Of a message whose answer was given again since, a sentence says so, and the newer answer stays."""
    asked = (await chat.say(*TALK))[-1]
    await chat.say("terug", "4000")
    said = await chat.edit("m5", "9000")

    assert said[0].startswith("Het bericht dat je aanpaste, gebruik ik niet meer")
    assert said[1:] == [asked]
    assert (await chat.answers())["waarde-anders"]["low"] == 4000


async def test_edit_too_late(chat: Chat) -> None:
    """After stopping or sending, an edit changes nothing, and a sentence says so."""
    await chat.say(*TALK[:3], "stop")
    stopped = await chat.edit("m3", "kapot")
    await chat.say(*TALK, "neem ik mee", "versturen")
    sent = await chat.edit("m9", "9000")

    assert stopped == [f"{EDITED}, maar dat gesprek is gestopt. Vertel wat je wilt kopen, dan beginnen we."]
    assert sent == [f"{EDITED}, maar de aanvraag is al verstuurd. Wil je die veranderen? Typ dan: wijzig."]
    assert (await chat.answers())["waarde-anders"]["low"] == 3000


async def test_deleted_and_put_back(chat: Chat) -> None:
    """The answer in a deleted message is forgotten and asked again; put back, it counts again."""
    asked = await chat.say(*TALK)
    deleted = await chat.delete("m5")
    answers = await chat.answers()
    put_back = await chat.edit("m5", "3000", "undeleteMessage")

    assert deleted[0].startswith("Je hebt je bericht weggehaald. Het antwoord daarin ben ik vergeten")
    assert deleted[1].startswith("Weet je al wat dat ongeveer kost")
    assert "waarde-anders" not in answers
    assert put_back == asked


async def test_deleted_after_sending(chat: Chat) -> None:
    """What was sent stays in the channel, which is said; it is asked again here unless another talk goes on."""
    await chat.say(*TALK, "neem ik mee", "versturen")
    sending = await chat.delete("m7")
    await chat.say("20 laptops")
    busy = await chat.delete("m5")
    await chat.say("stop")
    gone = await chat.delete("m5", timestamp="t2")

    assert sending == busy
    assert "blijft in het inkoopkanaal staan" in busy[0]
    assert "In het inkoopkanaal staat het nog" in gone[0]
    assert gone[1].startswith("Weet je al wat dat ongeveer kost")
    assert "waarde-anders" not in await chat.answers()


async def test_deleted_without_an_answer(chat: Chat) -> None:
    """About a deleted message of which Moi keeps nothing, nothing is said."""
    await chat.say("hallo", "50 bureaustoelen")

    assert await chat.delete("m1") == await chat.delete("onbekend") == []


@pytest.mark.parametrize("text", ["", "20 laptops"])
async def test_file(chat: Chat, text: str) -> None:
    """A file is answered once and kindly; text beside it counts, and nothing of the file is kept."""
    file = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": "https://kwaad.example/offerte.pdf",
        "name": "offerte.pdf",
    }
    said = await chat.post(text=text, attachments=[file, file | {"contentType": "image/png"}])

    assert said[0].startswith("Ik kan geen bestanden of afbeeldingen lezen")
    assert len(said) == (2 if text else 1)
    assert not text or "offerte" not in str(await chat.answers())


async def test_no_file(chat: Chat) -> None:
    """What Teams itself adds to a message is no file."""
    added = [{"contentType": kind} for kind in ("text/html", "messageReference")]
    said = await chat.post(text="20 laptops", attachments=added)

    assert not said[0].startswith("Ik kan geen bestanden")
