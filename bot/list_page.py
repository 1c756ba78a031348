"""A list on a page as a file: out as a workbook, in as the whole list, with how far a long one is.

`bot/list_files.py` is about what stands in such a file, `bot/list_commands.py` is the same at the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from bot.html import Html
from bot.list_files import Progress
from bot.people import Person
from bot.reading_apart import read_apart
from bot.readings import Counts, Reading, Readings
from bot.rights import Action, may
from bot.sent_file import NO_FILE, as_file, read_sent
from bot.signin import SignIn
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, Sheet, Table

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

T = TypeVar("T")
Lines = Sequence[tuple[int, T]]
"""What the rows of a file are, each with its number."""

FIELD = "bestand"
READING = "inlezen"
NOT_KNOWN = (
    "Van dat bestand weet ik niet meer hoe ver het is. Staat het niet in de lijst? Lees het dan nog eens in."
)


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A list as it is on a page, and who may replace it; `counted` are the names of what `take_in` counts."""

    page: str
    action: Action
    not_yours: str
    counted: tuple[str, ...]
    read: Callable[[str, Sheet, Knowledge, Progress], Lines[T]]
    take_in: Callable[[str, Lines[T], Connection, Person], Counts]
    table: Callable[[Connection], Table]


class ListPage(Generic[T]):
    """What the page of a list does with files; `show` shows the page itself, with what was wrong when anything was."""

    def __init__(
        self,
        kept: Listed[T],
        html: Html,
        sign_in: SignIn,
        records: Records,
        shelf: Shelf,
        show: Callable[[web.Request, Sequence[str]], Awaitable[web.Response]],
    ) -> None:
        self._kept = kept
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._show = show
        self._readings = Readings()

    def add_routes(self, app: web.Application) -> None:
        """Add the page, the list as a file, and taking a file in."""
        app.router.add_get(self._kept.page, self.page)
        app.router.add_get(f"{self._kept.page}.xlsx", self.file)
        app.router.add_post(self._kept.page, self.take)
        app.on_shutdown.append(self._stop)

    def about(self, request: web.Request) -> Mapping[str, Any]:
        """What the page of a list says of files: whether this person may send one, and what the last one changed."""
        counts = {name: _count(request, name) for name in self._kept.counted}
        return {
            "keeps": may(self._sign_in.known(request), self._kept.action),
            "counts": [f"{number} {name}" for name, number in counts.items() if number is not None],
        }

    async def page(self, request: web.Request) -> web.Response:
        """The page of the list, or how far a long file is."""
        if READING not in request.query:
            return await self._show(request, ())
        reading = self._readings.find(request.query[READING], self._sign_in.known(request).id)
        return await (self._told(request, reading) if reading else self._show(request, [NOT_KNOWN]))

    async def file(self, request: web.Request) -> web.Response:
        """The whole list as a workbook that can be taken in again."""
        self._sign_in.known(request)
        table = await self._records.read(self._kept.table)
        return await as_file(f"{table.name}.xlsx", table)

    async def take(self, request: web.Request) -> web.Response:
        """Make a file the list, all of it or nothing; raises 403 for who may not, 400 for what is no form, 413 for too much."""
        person = self._sign_in.known(request)
        if not may(person, self._kept.action):
            raise web.HTTPForbidden(text=self._kept.not_yours)
        sent = await read_sent(request, FIELD)
        reading = Reading(person.id, sent.name)
        await self._readings.begin(reading, partial(self._take, person, sent.content))
        if not reading.done:
            raise web.HTTPSeeOther(f"{self._kept.page}?{urlencode({READING: reading.id})}")
        return await self._told(request, reading)

    async def _take(self, person: Person, content: bytes, reading: Reading) -> Counts:
        if not content:
            raise RefusedFileError([NO_FILE])
        sheet = await read_apart(reading.name, content)
        reading.rows = len(sheet[1])
        knowledge = self._shelf.current
        lines = await asyncio.to_thread(self._kept.read, reading.name, sheet, knowledge, reading.advance)
        return await self._records.write(
            lambda connection: self._kept.take_in(reading.name, lines, connection, person)
        )

    async def _told(self, request: web.Request, reading: Reading) -> web.Response:
        """What came of a file, or how far it is."""
        if reading.counts is not None:
            raise web.HTTPSeeOther(f"{self._kept.page}?{urlencode(reading.counts)}")
        if reading.problems is not None:
            return await self._show(request, reading.problems)
        return self._html.page(request, "inlezen.html", reading=reading, back=self._kept.page)

    async def _stop(self, _app: web.Application) -> None:
        await self._readings.stop()


def _count(request: web.Request, name: str) -> int | None:
    """How many lines the last file changed in this way, by the address; None when nothing was taken in."""
    said = request.query.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else None
