"""The running contracts as a page: to read for everybody, to replace by a file for who keeps them, and which end first."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import BodyPartReader, web
from sqlalchemy import Connection

from bot.contract_desk import HERE, PAGE
from bot.contract_files import CERTAINTIES, COLUMNS, as_table, read_sheet, take_in
from bot.contract_search import running, words_of
from bot.contracts import (
    SOON,
    Contract,
    all_contracts,
    all_running,
    count_running,
    ended,
    expiring,
    months_later,
)
from bot.html import Html
from bot.people import Person
from bot.reading_apart import read_apart
from bot.readings import Counts, Reading, Readings
from bot.rights import may
from bot.signin import SignIn
from cards.contract import last_day, role_name, written
from cards.marks import legible
from knowledge.sheets import RefusedFileError, write_workbook

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

SHOWN = 100
SHOWN_ENDED = 20
LARGEST_FILE = 16 * 1024 * 1024  # bytes; 50.000 long rows as CSV
FIELD = "bestand"
COUNTED = ("nieuw", "gewijzigd", "weg")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READING = "inlezen"
NOT_KNOWN = (
    "Van dat bestand weet ik niet meer hoe ver het is. Staat het niet in de lijst? Lees het dan nog eens in."
)
NO_FILE = "Kies eerst een bestand."


class ContractPage:
    """The register: searchable as in the talk, with a file in and a file out."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._readings = Readings()

    def add_routes(self, app: web.Application) -> None:
        """Add the page, the list as a file, and taking a file in."""
        app.router.add_get(PAGE, self.page)
        app.router.add_get(f"{PAGE}.xlsx", self.file)
        app.router.add_post(PAGE, self.take)
        app.on_shutdown.append(self._stop)

    async def page(self, request: web.Request) -> web.Response:
        """What can be ordered now and fits what was looked for, what ends soon, and how far a long file is."""
        if READING not in request.query:
            return await self._page(request)
        reading = self._readings.find(request.query[READING], self._sign_in.known(request).id)
        if reading is None:
            return await self._page(request, [NOT_KNOWN])
        return await self._told(request, reading)

    async def file(self, request: web.Request) -> web.Response:
        """The whole list as a workbook that can be taken in again."""
        self._sign_in.known(request)
        table = as_table(await self._records.read(all_contracts))

        def written_out() -> bytes:
            book = BytesIO()
            write_workbook(book, [table])
            return book.getvalue()

        headers = {"Content-Disposition": 'attachment; filename="contracten.xlsx"'}
        return web.Response(body=await asyncio.to_thread(written_out), content_type=EXCEL, headers=headers)

    async def take(self, request: web.Request) -> web.Response:
        """Make a file the list, all of it or nothing; raises 403 for who may not, 400 for what is no form, 413 for too much."""
        person = self._sign_in.known(request)
        if not may(person, "contracten bijgewerkt"):
            raise web.HTTPForbidden(
                text="De lijst bijhouden is voor Facilitair, Team Inkoop, het MVOI-team en beheer."
            )
        name, content = await _sent(request)
        reading = Reading(person.id, name)
        await self._readings.begin(reading, partial(self._take, person, content))
        if not reading.done:
            raise web.HTTPSeeOther(f"{PAGE}?{urlencode({READING: reading.id})}")
        return await self._told(request, reading)

    async def _take(self, person: Person, content: bytes, reading: Reading) -> Counts:
        """Read a file and make it the list; raises `RefusedFileError` and then nothing is changed."""
        if not content:
            raise RefusedFileError([NO_FILE])
        sheet = await read_apart(reading.name, content)
        reading.rows = len(sheet[1])
        knowledge = self._shelf.current
        lines = await asyncio.to_thread(read_sheet, reading.name, sheet, knowledge, reading.advance)
        done = await self._records.write(partial(take_in, reading.name, lines, person=person))
        return dict(zip(COUNTED, (done.new, done.changed, done.gone), strict=True))

    async def _told(self, request: web.Request, reading: Reading) -> web.Response:
        """What came of a file, or how far it is."""
        if reading.counts is not None:
            raise web.HTTPSeeOther(f"{PAGE}?{urlencode(reading.counts)}")
        if reading.problems is not None:
            return await self._page(request, reading.problems)
        return self._html.page(request, "inlezen.html", reading=reading, back=PAGE)

    async def _stop(self, _app: web.Application) -> None:
        await self._readings.stop()

    async def _page(self, request: web.Request, problems: list[str] | None = None) -> web.Response:
        person, knowledge = self._sign_in.known(request), self._shelf.current
        asked = legible(request.query.get("zoek", ""))[:200].strip()
        on = datetime.now(HERE).date()
        found = await self._records.read(partial(self._found, asked, on))
        soon = await self._records.read(partial(expiring, first=on, last=months_later(on, SOON)))
        keeps = may(person, "contracten bijgewerkt")
        return self._html.page(
            request,
            "contracten.html",
            status=422 if problems else 200,
            found=found[:SHOWN],
            more=len(found) > SHOWN,
            asked=asked,
            soon=soon,
            over=await self._records.read(partial(ended, on=on, most=SHOWN_ENDED)) if keeps else [],
            number=await self._records.read(partial(count_running, on=on)),
            keeps=keeps,
            problems=problems or [],
            counts=[f"{number} {name}" for name in COUNTED if (number := _count(request, name)) is not None],
            columns=COLUMNS,
            roles=[role.name for role in knowledge.roles.values()],
            certainties=CERTAINTIES,
            written=written,
            last_day=partial(last_day, knowledge),
            role_name=partial(role_name, knowledge),
        )

    def _found(self, asked: str, on: date, connection: Connection) -> list[Contract]:
        knowledge = self._shelf.current
        if words_of(connection, knowledge).telling(asked):
            return running(connection, knowledge, None, asked, on, SHOWN + 1)
        return all_running(connection, on, SHOWN + 1)


def _count(request: web.Request, name: str) -> int | None:
    """How many contracts the last file changed in this way, by the address; None when nothing was taken in."""
    said = request.query.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else None


async def _sent(request: web.Request) -> tuple[str, bytes]:
    """The name and the content of the file in a form; raises 400 when it is no such form, 413 when it is too large."""
    try:
        if request.content_type != "multipart/form-data":
            raise ValueError(request.content_type)
        parts = await request.clone(client_max_size=LARGEST_FILE).multipart()
        while (part := await parts.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name == FIELD:
                name = re.sub(r"[^\w .()-]", "_", legible(part.filename or ""))
                # Whatever it is called, the end says what kind of file it is.
                return name[-60:].strip() or FIELD, bytes(await part.read(decode=True))
    except ValueError as error:
        raise web.HTTPBadRequest(text=NO_FILE) from error
    raise web.HTTPBadRequest(text=NO_FILE)
