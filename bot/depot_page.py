"""The depot as a page: what is free for everybody, one's own reservations, and for Facilitair what waits and what is lent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from babel.dates import format_date
from sqlalchemy import Connection

from bot.depot import DECISIONS, STATE_NAMES, Item, Reservation, all_items, reservations, withdraw
from bot.depot_desk import PAGE, DepotDesk
from bot.depot_files import COLUMNS, as_table, read_sheet, take_in
from bot.html import Html
from bot.list_page import Lines, Listed, ListPage
from bot.people import Person
from bot.readings import Counts
from bot.rights import NotYoursError
from bot.signin import SignIn

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

SHOWN = 200
TOO_LATE = f"{PAGE}?te-laat=ja"


class DepotPage:
    """The list, searchable as in the talk, and the buttons of Facilitair."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf, desk: DepotDesk) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._desk = desk
        self._file = ListPage(LISTED, html, sign_in, records, shelf, self._page)

    def add_routes(self, app: web.Application) -> None:
        """Add the page, what its buttons do, and the list as a file."""
        self._file.add_routes(app)
        app.router.add_post(PAGE + "/{reservation:[0-9a-f]+}", self.act)

    async def _page(self, request: web.Request, problems: Sequence[str]) -> web.Response:
        """What is free and fits what was looked for, and the reservations that are open."""
        person = self._sign_in.known(request)
        asked = request.query.get("zoek", "")[:200]
        items, more = await self._desk.look(asked, SHOWN)
        file = self._file.about(request)
        # Who keeps the list decides on reservations as well.
        everybody = await self._records.read(reservations) if file["keeps"] else []
        return self._html.page(
            request,
            "depot.html",
            status=422 if problems else 200,
            items=[(item, _until(item)) for item in items],
            more=more,
            asked=asked,
            mine=await self._records.read(partial(reservations, person_id=person.id)),
            waiting=_in_state(everybody, "waiting"),
            lent=_in_state(everybody, "confirmed"),
            **file,
            problems=problems,
            columns=COLUMNS,
            state_names=STATE_NAMES,
            too_late="te-laat" in request.query,
        )

    async def act(self, request: web.Request) -> web.Response:
        """Confirm, decline or take back; withdraw one's own. Raises 403 for who may not, 400 for anything else."""
        person = self._sign_in.known(request)
        reservation = request.match_info["reservation"]
        act = str((await request.post()).get("act", ""))
        try:
            if act == "toch-niet":
                done = await self._records.write(
                    lambda connection: withdraw(connection, person.id, reservation)
                )
            elif act in DECISIONS:
                done = await self._desk.decide(person, act, reservation)
            else:
                raise web.HTTPBadRequest(text="Die knop ken ik niet.")
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        raise web.HTTPSeeOther(PAGE if done else TOO_LATE)


def _in_state(found: list[Reservation], state: str) -> list[Reservation]:
    return [one for one in found if one.state == state]


def _until(item: Item) -> str:
    return format_date(item.until, "d MMMM y", locale="nl") if item.until else ""


def _taken_in(name: str, lines: Lines[Item], connection: Connection, person: Person) -> Counts:
    done = take_in(name, lines, connection, person)
    return {"nieuw": done.new, "bekend": done.known, "weg": done.gone, "gebleven": len(done.kept)}


LISTED: Listed[Item] = Listed(
    page=PAGE,
    action="depot bijgewerkt",
    not_yours="De lijst bijhouden is voor Facilitair en beheer.",
    counted=("nieuw", "bekend", "weg", "gebleven"),
    read=read_sheet,
    take_in=_taken_in,
    table=lambda connection: as_table(all_items(connection)),
)
