"""One talk on the web and in Teams: one Moi, one colleague who signs in with a real provider and writes with a real token."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestServer

from bot.house import House
from bot.records import Records
from bot.settings import Settings
from bot.teams import Teams
from knowledge.shelf import Shelf
from tests.bot import teams_room, web_room
from tests.bot.provider_room import TENANT, Browser, with_provider
from tests.fakes import provider as fake
from tests.fakes.connector import FakeConnector
from tests.fakes.identity import APP_ID, PASSWORD, FakeIdentity
from tests.fakes.provider import Provider

OID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
ANNA = {"id": "29:anna", "name": "Anna", "aadObjectId": OID}
BEN = {"id": "29:ben", "name": "Ben", "aadObjectId": "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee"}
SENTENCE = "we willen 50 nieuwe bureaustoelen, zo'n 15k"
KNOWN = ("Moi, daar ben je weer", "50 × kantoormeubilair, ongeveer € 15.000", "Het is oud, maar heel")


def words(said: Any) -> str:
    """Everything one reads in a message, or in a part of a card."""
    if isinstance(said, list):
        return "\n".join(filter(None, map(words, said)))
    if not isinstance(said, dict):
        return ""
    parts = [said[name] for name in ("text", "title", "value", "label") if isinstance(said.get(name), str)]
    return "\n".join(
        [*parts, *filter(None, (words(part) for name, part in said.items() if name != "channelData"))]
    )


@dataclass
class Tab:
    """A page that Anna opened after signing in."""

    room: web_room.Room
    token: str
    conversation: str
    heard: int = 0

    async def hear(self) -> list[str]:
        """What Moi said since the last look."""
        path = f"/directline/conversations/{self.conversation}/activities?watermark={self.heard}"
        async with self.room.get(path, headers={"Authorization": f"Bearer {self.token}"}) as answer:
            said = await answer.json()
        self.heard = int(said["watermark"])
        return [words(one) for one in said["activities"] if one["from"]["role"] == "bot"]

    async def say(self, *lines: str) -> list[str]:
        """Type, and hear what Moi says to all of it."""
        path = f"/directline/conversations/{self.conversation}/activities"
        for line in lines:
            message = {"type": "message", "text": line}
            async with self.room.post(
                path, json=message, headers={"Authorization": f"Bearer {self.token}"}
            ) as answer:
                assert answer.status == 200
        return await self.hear()


@dataclass
class Both:
    """Moi with both its doors open."""

    web: web_room.Room
    teams: teams_room.Room
    browser: Browser

    async def open_tab(self) -> Tab:
        """Open the page, and the conversation on it."""
        assert await self.browser.open("/") == 200
        found = re.search(r'data-token="([^"]+)"', self.browser.page)
        assert found
        headers = {"Authorization": f"Bearer {found[1]}"}
        async with self.web.post("/directline/conversations", headers=headers) as answer:
            return Tab(self.web, found[1], (await answer.json())["conversationId"])

    async def in_teams(self, *lines: str, who: Any = ANNA, **more: Any) -> list[str]:
        """Type in Teams, and read what Moi says to all of it."""
        before = len(self.teams.channel.landed)
        for line in lines:
            answer = await self.teams.post(self.teams.activity(**{"from": who, "text": line}, **more))
            assert answer.status == 200
        return [words(landed.activity) for landed in self.teams.channel.landed[before:]]

    async def press(self, label: str) -> list[str]:
        """Press the last button with this label in Teams."""
        data = [
            action["data"]
            for landed in self.teams.channel.landed
            for attachment in landed.activity.get("attachments", ())
            for action in attachment["content"].get("actions", ())
            if action.get("title") == label
        ][-1]
        before = len(self.teams.channel.landed)
        value = {"action": {"type": "Action.Execute", "data": data}}
        pressed = {"type": "invoke", "name": "adaptiveCard/action", "text": None, "value": value}
        await self.teams.post(self.teams.activity(**{"from": ANNA}, **pressed))
        return [words(landed.activity) for landed in self.teams.channel.landed[before:]]

    async def records(self) -> list[tuple[str, int]]:
        """What Anna sent: the outcome, and in which version."""
        kept = await self.web.house.records.records_of(f"aad:{OID}")
        return [(one.outcome, one.version) for one in kept]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """Somebody who can sign in with the object id that Teams gives as well."""
    with fake.running() as started:
        started.user("anna", name="Anna", oid=OID, tid=TENANT)
        yield started


@pytest_asyncio.fixture
async def both(tmp_path: Path, shelf: Shelf, provider: Provider) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        channel = await stack.enter_async_context(FakeConnector())
        identity = await stack.enter_async_context(FakeIdentity())
        settings = Settings(
            data_dir=tmp_path,
            secret=web_room.SECRET,
            app_id=APP_ID,
            app_password=PASSWORD,
            authority=identity.authority,
            metadata_url=identity.metadata_url,
            **with_provider(provider),
        )
        records = await Records.open(settings.database_url)
        stack.push_async_callback(records.close)
        house = House(settings, shelf, records)
        teams = Teams(settings, house.turns)
        stack.push_async_callback(teams.close)
        server = await stack.enter_async_context(TestServer(house.application(teams)))
        session = await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar()))
        address = str(server.make_url("")).rstrip("/")
        web = web_room.Room(address, session, house)
        browser = Browser(web)
        await browser.sign_in("anna", "/")
        yield Both(web, teams_room.Room(channel, identity, [], session, address), browser)


async def test_from_teams_to_the_web(both: Both) -> None:
    """What began in Teams goes on on the web: what is known, then the open question with all that belongs to it."""
    await both.in_teams(SENTENCE, "ja", "het is oud, maar heel")
    tab = await both.open_tab()
    known, question = await tab.hear()
    await tab.say("opknappen", "3000", "neem ik mee", "versturen")

    assert [word for word in KNOWN if word not in known] == []
    assert "Wat past het best?" in question
    assert "Laat stoelen opnieuw stofferen" in question
    assert await both.records() == [("anders-opgelost", 1)]
    assert "digitale assistent" in (await both.in_teams("hallo"))[0]


async def test_from_the_web_to_teams(both: Both) -> None:
    """What began on the web goes on in Teams, by words and by buttons, and ends once."""
    tab = await both.open_tab()
    await tab.say(SENTENCE, "ja", "het is oud, maar heel")
    known, question = await both.in_teams("hallo")
    await both.press("Opknappen of repareren")
    await both.in_teams("3000", "neem ik mee", "versturen")

    assert [word for word in KNOWN if word not in known] == []
    assert "Wat past het best?" in question
    assert "Laat stoelen opnieuw stofferen" in question
    assert await both.records() == [("anders-opgelost", 1)]


async def test_what_was_understood(both: Both) -> None:
    """Who arrives while Moi asks whether it understood, reads what it understood."""
    await both.in_teams(SENTENCE)
    _, question = await (await both.open_tab()).hear()

    assert "50 × kantoormeubilair" in question
    assert "Klopt dat?" in question


async def test_known_once(both: Both) -> None:
    """On the last card everything stands already, so it is not said twice."""
    await both.in_teams(SENTENCE, "ja", "het is oud, maar heel", "opknappen", "3000", "neem ik mee")
    known, question = await (await both.open_tab()).hear()

    assert "Het is oud, maar heel" not in known
    assert "Het is oud, maar heel" in question


async def test_old_button(both: Both) -> None:
    """A button in Teams of a question that was answered on the web changes nothing, and says where the talk is."""
    await both.in_teams(SENTENCE, "ja")
    await (await both.open_tab()).say("het is oud, maar heel", "opknappen")
    said = await both.press("Wat er is, is kapot")

    assert "Deze kaart is van een eerder moment." in said[0]
    assert "Weet je al wat dat ongeveer kost" in said[1]


async def test_words_to_an_old_question(both: Both) -> None:
    """Words in Teams that answer what still stands there, but was answered on the web, are not taken for another answer."""
    await both.in_teams(SENTENCE, "ja")
    await (await both.open_tab()).say("het is oud, maar heel", "opknappen")
    known, question = await both.in_teams("1")
    after = await both.in_teams("3000")

    assert "Je gesprek ging op een andere plek verder." in known
    assert "Het is oud, maar heel" in known
    assert "Weet je al wat dat ongeveer kost" in question
    assert "€ 3.000" in after[0]


async def test_same_question_on_both_sides(both: Both) -> None:
    """Whoever only looked on the web answers in Teams as before, and the other way round."""
    await both.in_teams(SENTENCE)
    tab = await both.open_tab()
    await tab.hear()
    in_teams = await both.in_teams("ja")
    await both.in_teams("hallo")
    on_the_web = await tab.say("het is oud, maar heel")

    assert "Hebben we het wel nodig?" in in_teams[0]
    assert "Wat past het best?" in on_the_web[-1]


async def test_changed_on_the_other_side(both: Both) -> None:
    """What was sent from Teams is changed from its page on the web, and stays one record."""
    await both.in_teams(
        SENTENCE, "ja", "het is oud, maar heel", "opknappen", "3000", "neem ik mee", "versturen"
    )
    record = (await both.web.house.records.records_of(f"aad:{OID}"))[0].id
    opened = await both.browser.open(f"/?wijzig={record}:waarde")

    assert opened == 200
    assert 'data-name="Wijzig: Waarde nu"' in both.browser.page


async def test_in_a_channel(both: Both) -> None:
    """Where colleagues read along Moi does not tell what one said elsewhere."""
    await (await both.open_tab()).say(SENTENCE, "ja", "het is oud, maar heel")
    moi = {"id": "28:moi", "name": "Moi"}
    said = await both.in_teams(
        "<at>Moi</at> hallo",
        entities=[{"type": "mention", "text": "<at>Moi</at>", "mentioned": moi}],
        conversation={
            "id": "19:team@thread.tacv2;messageid=1",
            "conversationType": "channel",
            "tenantId": TENANT,
        },
    )

    assert "Moi, daar ben je weer" in said[0]
    assert "bureaustoelen" not in "".join(said)


async def test_somebody_else(both: Both) -> None:
    """Another colleague in Teams hears nothing of it."""
    await (await both.open_tab()).say(SENTENCE, "ja")
    said = await both.in_teams("hallo", who=BEN)

    assert len(said) == 1
    assert "digitale assistent" in said[0]
