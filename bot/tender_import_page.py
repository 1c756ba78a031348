"""A file for the aanbestedingskalender, as pages: read, shown beside what is there, and taken in after a yes."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import Connection, delete, insert, select

from bot.html import Html
from bot.kept_turn import keep_person
from bot.list_commands import shown
from bot.reading_apart import read_apart
from bot.sent_file import NO_FILE, read_sent
from bot.signin import SignIn
from bot.tender_desk import PAGE
from bot.tender_diff import Line, apply, compare
from bot.tender_files import SOME_LIST, read_sheet, refused_source
from bot.tender_keeping import KEEPS_IMPORT
from bot.tender_page import SAID, TenderPage, keeper
from bot.tender_tables import tender_imports
from cards.tender import LABELS, told
from knowledge.sheets import RefusedFileError

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

FIELD = "bestand"


def add_calendar(app: web.Application, html: Html, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
    """Add all pages of the calendar."""
    calendar = TenderPage(html, sign_in, records, shelf)
    calendar.add_routes(app)
    TenderImportPage(html, sign_in, records, shelf, calendar).add_routes(app)


class TenderImportPage:
    """Taking a file in; a wrong one is told about on the `calendar` page."""

    def __init__(
        self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf, calendar: TenderPage
    ) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._calendar = calendar

    def add_routes(self, app: web.Application) -> None:
        """Add sending a file, and the page with what it would do."""
        app.router.add_post(PAGE, self.take)
        app.router.add_get(PAGE + "/inlezen/{file:[0-9a-f]+}", self.look)
        app.router.add_post(PAGE + "/inlezen/{file:[0-9a-f]+}", self.decide)

    async def take(self, request: web.Request) -> web.Response:
        """Read a file and keep it until somebody says yes; a wrong one is refused by row and column."""
        person = keeper(self._sign_in, request)
        sent = await read_sent(request, FIELD)
        source = sent.fields.get("lijst") or SOME_LIST
        try:
            if not sent.content:
                raise RefusedFileError([NO_FILE])
            if refused := refused_source(source):
                raise RefusedFileError([refused])
            sheet = await read_apart(sent.name, sent.content)
            lines = await asyncio.to_thread(read_sheet, sent.name, sheet, self._shelf.current, source)
        except RefusedFileError as wrong:
            return await self._calendar.page(request, shown(wrong), source)
        id_ = uuid.uuid4().hex
        row = {"id": id_, "person_id": person.id, "at": _now(), "name": sent.name, "source": source}
        row["lines"] = [[line.reference, dict(line.values), sorted(line.guessed)] for line in lines]

        def keep(connection: Connection) -> None:
            keep_person(connection, person, _now().date())
            connection.execute(insert(tender_imports), row)

        await self._records.write(keep)
        raise web.HTTPSeeOther(f"{PAGE}/inlezen/{id_}")

    async def look(self, request: web.Request) -> web.Response:
        """What a file that was read would do: new, changed and gone, with old and new values."""
        kept = await self._import(request)
        diff = await self._records.read(partial(compare, source=kept.source, lines=_lines(kept.lines)))
        return self._html.page(
            request,
            "kalender-inlezen.html",
            kept=kept,
            diff=diff,
            number=len(kept.lines),
            said=SAID.get(request.query.get("zei", "")),
            labels=LABELS,
            told=partial(told, self._shelf.current),
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Do it, when it is still what was seen, or leave it."""
        person = keeper(self._sign_in, request)
        kept = await self._import(request)
        form = await request.post()
        yes, mark = form.get("act") == "ja", str(form.get("stand", ""))

        def done(connection: Connection) -> bool:
            lines = _lines(kept.lines)
            if yes and apply(connection, person, kept.source, kept.name, lines, mark, _now()) is None:
                return False
            connection.execute(delete(tender_imports).where(tender_imports.c.id == kept.id))
            return True

        if not await self._records.write(done):
            raise web.HTTPSeeOther(f"{PAGE}/inlezen/{kept.id}?zei=net-veranderd")
        raise web.HTTPSeeOther(f"{PAGE}?zei={'gelezen' if yes else 'niet-gelezen'}")

    async def _import(self, request: web.Request) -> Any:
        """The file that waits; raises 403 for who may not, 404 when it is not theirs, and leads to the calendar when it
        was decided about."""
        person = keeper(self._sign_in, request)
        waits = tender_imports.c.id == request.match_info["file"], tender_imports.c.at > _now() - KEEPS_IMPORT
        found = select(tender_imports).where(*waits)
        row = await self._records.read(lambda connection: connection.execute(found).one_or_none())
        if row is None:
            raise web.HTTPSeeOther(f"{PAGE}?zei=niet-meer")  # Whoever presses twice did nothing wrong.
        if row.person_id != person.id:
            raise web.HTTPNotFound(text="Dit bestand is van een collega.")
        return row


def _lines(kept: list[Any]) -> list[Line]:
    return [Line(reference, values, frozenset(guessed)) for reference, values, guessed in kept]


def _now() -> datetime:
    return datetime.now(UTC)
