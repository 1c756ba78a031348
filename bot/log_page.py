"""The log of actions as a page, and as a file for a spreadsheet: for beheer, and for the MVOI team what is theirs."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bot.action_log import HERE, Entry, read_log
from bot.html import Html
from bot.rights import Action, readable
from bot.signin import SignIn

if TYPE_CHECKING:
    from bot.records import Records

MOST_ON_A_PAGE = 200
MOST_IN_A_FILE = 50_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 1, 1)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LogPage:
    """What was done with something of others, searchable by day and action."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records

    def add_routes(self, app: web.Application) -> None:
        """Add the page and the file."""
        app.router.add_get("/log", self.page)
        app.router.add_get("/log.csv", self.file)

    async def page(self, request: web.Request) -> web.Response:
        """The newest actions that fit."""
        found = await self._found(request, MOST_ON_A_PAGE)
        return self._html.page(
            request,
            "log.html",
            entries=[(f"{entry.at.astimezone(HERE):%d-%m-%Y %H:%M}", entry) for entry in found],
            most=MOST_ON_A_PAGE,
            actions=sorted(readable(self._sign_in.known(request))),
            asked={name: request.query.get(name, "") for name in ("van", "tot", "actie")},
            search=request.query_string,
        )

    async def file(self, request: web.Request) -> web.Response:
        """The same actions as CSV, with a semicolon, as a Dutch spreadsheet reads it."""
        text = io.StringIO()
        rows = csv.writer(text, delimiter=";")
        rows.writerow(["wanneer", "wie", "nummer", "wat", "waarover"])
        rows.writerows(_row(entry) for entry in await self._found(request, MOST_IN_A_FILE))
        headers = {"Content-Disposition": 'attachment; filename="moi-log.csv"'}
        # With the mark by which a spreadsheet knows that this is UTF-8.
        return web.Response(
            body=text.getvalue().encode("utf-8-sig"), content_type="text/csv", headers=headers
        )

    async def _found(self, request: web.Request, most: int) -> list[Entry]:
        allowed = readable(self._sign_in.known(request))
        if not allowed:
            raise web.HTTPForbidden(text="Het logboek is voor beheer, en voor het MVOI-team.")
        asked = request.query.get("actie", "")
        chosen: set[Action] = {action for action in allowed if asked in ("", action)}
        first, last = asked_day(request, "van"), asked_day(request, "tot")
        return await self._records.read(partial(read_log, chosen, first, last, most))


def asked_day(request: web.Request, name: str) -> date | None:
    """A day from the address; raises 400 for what is no day."""
    given = request.query.get(name, "")
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise web.HTTPBadRequest(text="Een dag schrijf je als 2026-11-24.") from error
    return min(max(day, FIRST_DAY), LAST_DAY)


def _row(entry: Entry) -> list[str]:
    row = [entry.at.astimezone(HERE).isoformat(timespec="seconds"), entry.name, entry.person_id]
    # A spreadsheet would carry out what begins like this.
    return [f"'{kept}" if kept.startswith(FORMULA) else kept for kept in (*row, entry.action, entry.about)]
