"""How requests were solved as a page, with the same as CSV and Excel: small purchases for Facilitair, all for procurement."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from aiohttp import web

from bot.counts import FILE, HERE, KINDS, Found, found, in_words, money_in_words, tables, this_year
from bot.facilitair_desk import PAGE
from bot.html import Html
from bot.log_page import asked_day
from bot.rights import NotYoursError, require_small
from bot.signin import SignIn
from knowledge.sheets import csv_text, write_workbook

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

ADDRESS = f"{PAGE}/telling"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CountsPage:
    """The counts of a period, and the files of it."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf

    def add_routes(self, app: web.Application) -> None:
        """Add the page and its files."""
        app.router.add_get(ADDRESS, self.page)
        app.router.add_get(f"{ADDRESS}.csv", self.csv)
        app.router.add_get(f"{ADDRESS}-aannames.csv", self.assumptions)
        app.router.add_get(f"{ADDRESS}.xlsx", self.workbook)

    async def page(self, request: web.Request) -> web.Response:
        """The counts as a table; raises 403 for whom they are not."""
        about = await self._found(request)
        knowledge = self._shelf.current
        words = partial(knowledge.words.say, FILE)
        return self._html.page(
            request,
            "telling.html",
            found=about,
            say=words,
            solved=partial(in_words, knowledge),
            money=partial(money_in_words, knowledge),
            kinds=[(kind, knowledge.words.question(FILE, "geld").options[kind]) for kind in KINDS],
            all_of_it=self._all(request),
            sees_all=self._sign_in.known(request).may_read_channel(),
            search=request.query_string,
        )

    async def csv(self, request: web.Request) -> web.Response:
        """The counts as CSV."""
        return await self._as_csv(request, 0)

    async def assumptions(self, request: web.Request) -> web.Response:
        """What every figure assumes, as CSV."""
        return await self._as_csv(request, 1)

    async def workbook(self, request: web.Request) -> web.Response:
        """Both as an Excel file, a sheet each."""
        about, into = await self._found(request), BytesIO()
        await asyncio.to_thread(write_workbook, into, tables(self._shelf.current, about))
        headers = {"Content-Disposition": 'attachment; filename="moi-telling.xlsx"'}
        return web.Response(body=into.getvalue(), content_type=EXCEL, headers=headers)

    async def _as_csv(self, request: web.Request, which: int) -> web.Response:
        table = tables(self._shelf.current, await self._found(request))[which]
        headers = {"Content-Disposition": f'attachment; filename="moi-{table.name}.csv"'}
        # With the mark by which a spreadsheet knows that this is UTF-8.
        body = csv_text(table).encode("utf-8-sig")
        return web.Response(body=body, content_type="text/csv", headers=headers)

    async def _found(self, request: web.Request) -> Found:
        try:
            require_small(self._sign_in.known(request))
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        first, last = this_year(datetime.now(HERE).date())
        first, last = asked_day(request, "van") or first, asked_day(request, "tot") or last
        small = not self._all(request)
        knowledge = self._shelf.current
        return await self._records.read(
            partial(found, knowledge=knowledge, first=first, last=last, only_small=small)
        )

    def _all(self, request: web.Request) -> bool:
        """Whether all requests are asked for, by somebody who may read them."""
        return request.query.get("welke") == "alle" and self._sign_in.known(request).may_read_channel()
