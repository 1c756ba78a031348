"""The aanbestedingskalender as pages: what comes up, one purchase of it with its log, and a file read in after a yes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import Connection, select

from bot.channel_page import in_dutch
from bot.html import Html
from bot.kept_turn import keep_person
from bot.nudges import nudges_of
from bot.people import Person
from bot.rights import NotYoursError, require
from bot.sent_file import as_file
from bot.signin import SignIn
from bot.tables import people
from bot.tender_columns import COLUMNS, FILE
from bot.tender_desk import HERE, PAGE, last_day
from bot.tender_files import SOME_LIST, as_table, guessed, read_form
from bot.tenders import (
    BY_HAND,
    CONTRACTS,
    GONE,
    Tender,
    add,
    all_tenders,
    coming,
    edit,
    history,
    hold,
    off_the_list,
    sources,
    stand,
    take_off,
    tender_of,
)
from cards.marks import legible
from cards.tender import DAYS, LABELS, told, written

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

FIELD = "bestand"
SHOWN = 200
SHOWN_GONE = 20
SAID = {
    "bewaard": "Bewaard.",
    "niets": "Er is niets veranderd.",
    "gelezen": "Gedaan. De kalender is bijgewerkt.",
    "niet-gelezen": "Goed, er is niets veranderd.",
    "niet-meer": "Dit bestand wacht niet meer: er is al over beslist, of het is te lang geleden. Hier zie je hoe het nu is.",
    "net-veranderd": "Iemand anders was je net voor. Kijk eerst wat er nu staat.",
    "weggehaald": "Weggehaald. Een bestand zet dit niet terug; jij kunt dat wel.",
    "teruggezet": "Dit staat weer in de kalender.",
}


class TenderPage:
    """The pages, for the MVOI team and Team Inkoop."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf

    def add_routes(self, app: web.Application) -> None:
        """Add the pages, the list as a file, and what the buttons do."""
        app.router.add_get(PAGE, self.page)
        for kind in ("xlsx", "csv"):
            app.router.add_get(f"{PAGE}.{kind}", self.file)
        app.router.add_get(f"{PAGE}/nieuw", self.new)
        app.router.add_post(f"{PAGE}/nieuw", self.new)
        app.router.add_get(PAGE + "/{tender:[0-9a-f]+}", self.one)
        app.router.add_post(PAGE + "/{tender:[0-9a-f]+}", self.change)

    async def page(
        self, request: web.Request, problems: list[str] | None = None, chosen: str = ""
    ) -> web.Response:
        """What comes up, the soonest first; and what is wrong with a file for the `chosen` list that was just sent."""
        keeper(self._sign_in, request)
        today = datetime.now(HERE).date()
        last = last_day(self._shelf.current, today)

        def look(connection: Connection) -> Mapping[str, Any]:
            found = coming(connection, today, last)
            later = sum(tender.start > last for tender in all_tenders(connection))
            past = coming(connection, date.min, today - timedelta(days=1))[-SHOWN_GONE:]
            return {
                "found": found[:SHOWN],
                "nudged": nudges_of(connection, [tender.id for tender in found[:SHOWN]]),
                "number": len(found),
                "later": later,
                "past": past[::-1],
                "gone": off_the_list(connection, SHOWN_GONE),
                "sources": sources(connection),
            }

        return self._html.page(
            request,
            "kalender.html",
            status=422 if problems else 200,
            **await self._records.read(look),
            problems=problems or [],
            said=SAID.get(request.query.get("zei", "")),
            columns=FILE,
            some_list=SOME_LIST,
            chosen=chosen,
            ahead=written(last),
            told=partial(told, self._shelf.current),
            subject=self._subject,
            moment=in_dutch,
        )

    async def file(self, request: web.Request) -> web.Response:
        """The list, or that of one source, as a file that can be read in again."""
        keeper(self._sign_in, request)
        source = request.query.get("lijst") or None
        found = await self._records.read(partial(all_tenders, source=source))
        kept = [tender for tender in found if not tender.gone]
        return await as_file(request.path.removeprefix("/"), as_table(kept))

    async def new(self, request: web.Request) -> web.Response:
        """A form for something that stands in no file, and keeping it."""
        person = keeper(self._sign_in, request)
        if request.method == "GET":
            return self._form(request, dict.fromkeys(COLUMNS.values(), ""))
        typed = {name: legible(str(said)) for name, said in (await request.post()).items()}
        values, problems = await asyncio.to_thread(read_form, self._shelf.current, typed)
        if problems:
            return self._form(request, typed, problems)
        # What somebody leaves open Moi recognises.
        values = await asyncio.to_thread(guessed, self._shelf.current, values)

        def keep(connection: Connection) -> str:
            keep_person(connection, person, _now().date())
            return add(connection, person, values, _now())

        raise web.HTTPSeeOther(f"{PAGE}/{await self._records.write(keep)}?zei=bewaard")

    async def one(self, request: web.Request) -> web.Response:
        """One purchase: all that is known of it, as a form, and what was done with it."""
        keeper(self._sign_in, request)
        tender = await self._tender(request)
        typed = {column: tender.values[name] for name, column in COLUMNS.items()}
        return self._form(request, typed, tender=tender, **await self._about(tender))

    async def change(self, request: web.Request) -> web.Response:
        """Keep what a person says of it, or take it off the list and put it back."""
        person = keeper(self._sign_in, request)
        tender = await self._tender(request)
        form = await request.post()
        typed = {name: legible(str(said)) for name, said in form.items()}
        act, follow = typed.get("act"), [name for name in COLUMNS if name in form.getall("volg", [])]
        if act not in ("bewaar", "weg"):
            raise web.HTTPBadRequest(text="Die knop ken ik niet.")
        values, problems = (
            await asyncio.to_thread(read_form, self._shelf.current, typed)
            if act == "bewaar"
            else (tender.values, [])
        )
        if problems:
            return self._form(request, typed, problems, tender=tender, **await self._about(tender))

        def keep(connection: Connection) -> str:
            hold(connection)
            now = tender_of(connection, tender.id)
            if now is None or stand(now) != typed.get("stand"):
                return "net-veranderd"
            keep_person(connection, person, _now().date())
            if act == "weg":
                take_off(connection, person, now, _now())
                return "teruggezet" if now.gone else "weggehaald"
            return "bewaard" if edit(connection, person, now, values, follow, _now()) else "niets"

        raise web.HTTPSeeOther(f"{PAGE}/{tender.id}?zei={await self._records.write(keep)}")

    def _form(
        self,
        request: web.Request,
        typed: Mapping[str, str],
        problems: list[str] | None = None,
        *,
        tender: Tender | None = None,
        log: list[Any] | None = None,
        nudged: Sequence[Any] = (),
    ) -> web.Response:
        knowledge = self._shelf.current
        by_name = sorted((group.name, group.id) for group in knowledge.groups.values())
        return self._html.page(
            request,
            "kalender-inkoop.html",
            status=422 if problems else 200,
            tender=tender,
            typed={column: typed.get(column, "") for column in COLUMNS.values()},
            stand=stand(tender) if tender else "",
            columns=COLUMNS,
            labels=LABELS,
            days=DAYS,
            by_hand=[
                name for name in COLUMNS if tender and tender.source != BY_HAND and name in tender.by_hand
            ],
            follows=bool(tender and GONE not in tender.by_hand),
            contract=bool(tender and tender.source == CONTRACTS),
            groups=by_name,
            categories=sorted((one.name, one.id) for one in knowledge.categories.values()),
            problems=problems or [],
            said=SAID.get(request.query.get("zei", "")),
            log=log or [],
            nudged=nudged,
            phases={one.id: one.phase for one in knowledge.tenders.moments} if knowledge.tenders else {},
            moment=in_dutch,
            told=partial(told, self._shelf.current),
        )

    async def _about(self, tender: Tender) -> dict[str, Any]:
        """What was said about it, and what was done with it, by whom."""

        def look(connection: Connection) -> dict[str, Any]:
            nudged = nudges_of(connection, [tender.id]).get(tender.id, ())
            found = history(connection, tender.id)
            wanted = select(people).where(people.c.id.in_({one.person_id for one in found}))
            names = {row.id: row.name for row in connection.execute(wanted)}
            log = [
                (in_dutch(one.at), names.get(one.person_id) or ROLE.get(one.person_id, "een collega"), one)
                for one in found
            ]
            return {"log": log, "nudged": nudged}

        return await self._records.read(look)

    def _subject(self, tender: Tender) -> str:
        name = "product_group" if tender.values["product_group"] else "category"
        return told(self._shelf.current, name, tender.subject) if tender.subject else ""

    async def _tender(self, request: web.Request) -> Tender:
        found = await self._records.read(partial(tender_of, id_=request.match_info["tender"]))
        if found is None:
            raise web.HTTPNotFound
        return found


ROLE = {"moi": "Moi"}


def _now() -> datetime:
    return datetime.now(UTC)


def keeper(sign_in: SignIn, request: web.Request) -> Person:
    """Who sends the request; raises 403 for who does not keep the calendar."""
    person = sign_in.known(request)
    try:
        require(person, "kalender gewijzigd")
    except NotYoursError as refused:
        raise web.HTTPForbidden(text=str(refused)) from refused
    return person
