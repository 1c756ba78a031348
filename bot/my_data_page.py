"""The page Mijn gegevens: what is kept of whoever looks, to take along as JSON or text, and to have deleted."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channel_page import in_dutch
from bot.channel_posts import Record, to_record
from bot.html import Html
from bot.my_data import MyData, read_mine, readable, role_names
from bot.signin import SignIn
from bot.summaries import view_of
from cards.campaign import subject_names
from cards.mine import FILE
from cards.plain import text

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

AT_NO_OTHER_PLACE = {"Cache-Control": "no-store"}


class MyDataPage:
    """Everything of one person, for that person and nobody else."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf

    def add_routes(self, app: web.Application) -> None:
        """Add the page, its two files and the way to delete it all."""
        app.router.add_get("/mijn-gegevens", self.page)
        app.router.add_get("/mijn-gegevens.json", self.as_json)
        app.router.add_get("/mijn-gegevens.txt", self.as_text)
        app.router.add_get("/mijn-gegevens/verwijderen", self.sure)
        app.router.add_post("/mijn-gegevens/verwijderen", self.forget)

    async def page(self, request: web.Request) -> web.Response:
        """All that is kept."""
        mine = await self._mine(request)
        roles = role_names(mine.person["roles"]) if mine.person else ""
        shown = self._html.page(
            request,
            "mijn-gegevens.html",
            mine=mine,
            roles=roles,
            moment=in_dutch,
            say=self._say,
            subject=self._subject,
        )
        shown.headers.update(AT_NO_OTHER_PLACE)
        return shown

    async def as_json(self, request: web.Request) -> web.Response:
        """All that is kept, for a program."""
        mine = await self._mine(request)
        return _file(mine.dump(), "application/json", "mijn-gegevens.json")

    async def as_text(self, request: web.Request) -> web.Response:
        """All that is kept, to read."""
        mine = await self._mine(request)
        summaries = await asyncio.to_thread(_summaries, [to_record(row) for row in mine.records])
        return _file(readable(mine, summaries), "text/plain", "mijn-gegevens.txt")

    async def sure(self, request: web.Request) -> web.Response:
        """What goes and what stays, before it goes."""
        mine = await self._mine(request)
        return self._html.page(request, "verwijderen.html", mine=mine, say=self._say)

    async def forget(self, request: web.Request) -> web.Response:
        """Delete it, for a form that was sent from the page with what goes and what stays."""
        person = self._sign_in.known(request)
        if (await request.post()).get("zeker") != "ja":
            raise web.HTTPSeeOther("/mijn-gegevens/verwijderen")
        await self._records.forget(person.id)
        return self._html.page(request, "verwijderd.html", say=self._say)

    async def _mine(self, request: web.Request) -> MyData:
        return await self._records.read(partial(read_mine, self._sign_in.known(request).id))

    def _subject(self, id_: str) -> str:
        return subject_names(self._shelf.current).get(id_, id_)

    def _say(self, key: str, number: int | None = None) -> str:
        values = {} if number is None else {"aantal": str(number)}
        return self._shelf.current.words.say(FILE, key, **values)


def _summaries(records: list[Record]) -> dict[str, str]:
    return {record.id: text(view_of(record)) for record in records}


def _file(content: str, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **AT_NO_OTHER_PLACE}
    return web.Response(text=content, content_type=kind, charset="utf-8", headers=headers)
