"""A running Moi on loopback with an empty database, for tests that are its browser."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, DummyCookieJar, FormData, web

from bot.house import House
from bot.list_page import FIELD, READING
from bot.people import Person
from bot.records import Records
from bot.sessions import Session, Sessions
from bot.settings import Settings
from bot.tokens import Claim, Tokens
from knowledge.shelf import Shelf

LOOK_EVERY = 0.05  # Seconds.
SECRET = "alleen-voor-deze-test-0123456789"
BUYER = Person("p1", "Inkoper")
COLLEAGUE = Person("p2", "Collega")
PURCHASE = (
    "we willen 50 nieuwe bureaustoelen, zo'n 15k",
    "ja",
    "het is oud, maar heel",
    "opknappen",
    "3000",
    "neem ik mee",
)


@dataclass
class Room:
    """One running Moi and a browser without cookies."""

    address: str
    browser: ClientSession
    house: House
    tokens: Tokens = field(default_factory=lambda: Tokens(SECRET))

    def get(self, path: str, **about: Any) -> Any:
        return self.browser.get(self.address + path, allow_redirects=False, **about)

    def post(self, path: str, **about: Any) -> Any:
        return self.browser.post(self.address + path, allow_redirects=False, **about)

    def bearer(self, person: Person = BUYER, conversation: str = "", seconds: int = 60) -> dict[str, str]:
        token = self.tokens.issue(Claim(person, conversation), "directline", seconds)
        return {"Authorization": f"Bearer {token}"}

    def cookie(self, person: Person) -> dict[str, str]:
        now = time.time()
        sessions = Sessions(self.house.settings, self.house.records.sign_ins)
        return {"Cookie": f"moi={sessions.cookie(Session(person, now, now))}"}


@dataclass
class Page:
    """One Direct Line conversation of a person."""

    room: Room
    person: Person
    id: str
    stream: str
    watermark: str = "0"

    async def say(self, text: str = "", **activity: Any) -> ClientResponse:
        """Send a message; the answer of the server."""
        body = {"type": "message", "text": text, **activity}
        path = f"/directline/conversations/{self.id}/activities"
        answer: ClientResponse = await self.room.post(path, json=body, headers=self.room.bearer(self.person))
        await answer.read()
        return answer

    async def hear(self) -> list[dict[str, Any]]:
        """What was said since the last look."""
        path = f"/directline/conversations/{self.id}/activities?watermark={self.watermark}"
        async with self.room.get(path, headers=self.room.bearer(self.person)) as answer:
            said = await answer.json()
        self.watermark = said["watermark"]
        activities: list[dict[str, Any]] = said["activities"]
        return activities


async def open_page(room: Room, person: Person = BUYER) -> Page:
    """Begin a conversation, as a page does."""
    headers = room.bearer(person, uuid.uuid4().hex)
    async with room.post("/directline/conversations", headers=headers) as answer:
        opened = await answer.json()
    return Page(room, person, opened["conversationId"], opened["streamUrl"])


async def buy(room: Room, person: Person = BUYER, words: tuple[str, ...] = PURCHASE) -> str:
    """Do a whole purchase talk by typing; gives the id of its record."""
    page = await open_page(room, person)
    for text in (*words, "versturen"):
        answer = await page.say(text)
        assert answer.status == 200
    found = await room.house.records.records_of(person.id)
    return found[0].id


@asynccontextmanager
async def open_room(folder: Path, shelf: Shelf, **settings: Any) -> AsyncIterator[Room]:
    """Serve on a free port of loopback."""
    here = Settings(data_dir=folder, secret=SECRET, **settings)
    records = await Records.open(here.database_url)
    house = House(here, shelf, records)
    runner = web.AppRunner(house.application(None), shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with ClientSession(cookie_jar=DummyCookieJar()) as browser:
            yield Room(f"http://127.0.0.1:{port}", browser, house)
    finally:
        await runner.cleanup()
        await records.close()


async def send_file(
    room: Room,
    person: Person,
    content: bytes,
    name: str = "lijst.csv",
    site: str = "same-origin",
    *,
    path: str,
    patient: bool = True,
) -> tuple[int, str]:
    """Send a file to the page of a list, and wait for it when `patient`; gives the status, and where it leads or what the page says."""
    form = FormData(quote_fields=False)
    form.add_field(FIELD, BytesIO(content), filename=name)
    headers = room.cookie(person) | {"Sec-Fetch-Site": site, "Accept": "text/html"}
    async with room.post(path, data=form, headers=headers) as answer:
        status, found = answer.status, answer.headers.get("Location") or await answer.text()
    progress = found
    # On a slow machine the page says first how far it is.
    while patient and f"?{READING}=" in progress and (status == 200 or found == progress):
        await asyncio.sleep(LOOK_EVERY)
        async with room.get(progress, headers=headers) as answer:
            status, found = answer.status, answer.headers.get("Location") or await answer.text()
    return status, found
