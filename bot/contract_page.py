"""The running contracts as a page: to read for everybody, to replace by a file for who keeps them, and which end first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

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
from bot.list_page import Lines, Listed, ListPage
from bot.people import Person
from bot.readings import Counts
from bot.signin import SignIn
from cards.contract import last_day, role_name, written
from cards.marks import legible

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

SHOWN = 100
SHOWN_ENDED = 20


class ContractPage:
    """The register: searchable as in the talk, with a file in and a file out."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._file = ListPage(LISTED, html, sign_in, records, shelf, self._page)

    def add_routes(self, app: web.Application) -> None:
        """Add the page, the list as a file, and taking a file in."""
        self._file.add_routes(app)

    async def _page(self, request: web.Request, problems: Sequence[str]) -> web.Response:
        """What can be ordered now and fits what was looked for, and what ends soon."""
        knowledge, file = self._shelf.current, self._file.about(request)
        asked = legible(request.query.get("zoek", ""))[:200].strip()
        on = datetime.now(HERE).date()
        found = await self._records.read(partial(self._found, asked, on))
        soon = await self._records.read(partial(expiring, first=on, last=months_later(on, SOON)))
        return self._html.page(
            request,
            "contracten.html",
            status=422 if problems else 200,
            found=found[:SHOWN],
            more=len(found) > SHOWN,
            asked=asked,
            soon=soon,
            over=await self._records.read(partial(ended, on=on, most=SHOWN_ENDED)) if file["keeps"] else [],
            number=await self._records.read(partial(count_running, on=on)),
            **file,
            problems=problems,
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


def _taken_in(name: str, lines: Lines[Contract], connection: Connection, person: Person) -> Counts:
    done = take_in(name, lines, connection, person)
    return {"nieuw": done.new, "gewijzigd": done.changed, "weg": done.gone}


LISTED: Listed[Contract] = Listed(
    page=PAGE,
    action="contracten bijgewerkt",
    not_yours="De lijst bijhouden is voor Facilitair, Team Inkoop, het MVOI-team en beheer.",
    counted=("nieuw", "gewijzigd", "weg"),
    read=read_sheet,
    take_in=_taken_in,
    table=lambda connection: as_table(all_contracts(connection)),
)
