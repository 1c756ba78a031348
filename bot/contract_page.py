"""The running contracts as a page: to read for everybody, to replace by a file for who keeps them, and which end first."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web
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
from bot.list_commands import shown
from bot.reading_apart import read_apart
from bot.rights import may
from bot.sent_file import NO_FILE, as_file, read_sent
from bot.signin import SignIn
from cards.contract import last_day, role_name, written
from cards.marks import legible
from knowledge.sheets import RefusedFileError

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

SHOWN = 100
SHOWN_ENDED = 20
FIELD = "bestand"
COUNTED = ("nieuw", "gewijzigd", "weg")


class ContractPage:
    """The register: searchable as in the talk, with a file in and a file out."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf

    def add_routes(self, app: web.Application) -> None:
        """Add the page, the list as a file, and taking a file in."""
        app.router.add_get(PAGE, self.page)
        app.router.add_get(f"{PAGE}.xlsx", self.file)
        app.router.add_post(PAGE, self.take)

    async def page(self, request: web.Request) -> web.Response:
        """What can be ordered now and fits what was looked for, and what ends soon."""
        return await self._page(request)

    async def file(self, request: web.Request) -> web.Response:
        """The whole list as a workbook that can be taken in again."""
        self._sign_in.known(request)
        table = as_table(await self._records.read(all_contracts))
        return await as_file("contracten.xlsx", table)

    async def take(self, request: web.Request) -> web.Response:
        """Make a file the list, all of it or nothing; raises 403 for who may not, 400 for what is no form, 413 for too much."""
        person = self._sign_in.known(request)
        if not may(person, "contracten bijgewerkt"):
            raise web.HTTPForbidden(
                text="De lijst bijhouden is voor Facilitair, Team Inkoop, het MVOI-team en beheer."
            )
        sent = await read_sent(request, FIELD)
        try:
            if not sent.content:
                raise RefusedFileError([NO_FILE])
            sheet = await read_apart(sent.name, sent.content)
            lines = await asyncio.to_thread(read_sheet, sent.name, sheet, self._shelf.current)
        except RefusedFileError as refused:
            return await self._page(request, shown(refused))
        done = await self._records.write(partial(take_in, sent.name, lines, person=person))
        counts = dict(zip(COUNTED, (done.new, done.changed, done.gone), strict=True))
        raise web.HTTPSeeOther(f"{PAGE}?{urlencode(counts)}")

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
