"""Care for the content in a running Moi: the report as a page, and once a month as a note in the procurement channel."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from babel.dates import format_date

from bot.channel_posts import REPORT
from bot.follow_up_totals import counted, lines
from bot.html import Html
from bot.signin import SignIn
from cards.care import report_lines, report_view
from cards.view import Lines
from knowledge.care.report import CareReport, first_working_day
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.records import Records

HERE = ZoneInfo("Europe/Amsterdam")
LAST_CHANCE = 7  # The day of the month until which a report that was missed is still sent.

log = structlog.stdlib.get_logger("moi")


def today_here() -> date:
    """The day it is in the Netherlands."""
    return datetime.now(HERE).date()


class CareOfContent:
    """Looks after the content that a shelf holds; what was found on a day is kept as long as nothing changes."""

    def __init__(self, shelf: Shelf, folder: Path, today: Callable[[], date] = today_here) -> None:
        self._shelf = shelf
        self._folder = folder
        self._today = today
        self._found: tuple[tuple[str, date], CareReport] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def report(self) -> CareReport | None:
        """The report of today; None as long as the last edit cannot be used. Takes a second or two, in a thread."""
        async with self._one_at_a_time:
            now = (self._shelf.current.version, self._today())
            if self._found is None or self._found[0] != now:
                report = await asyncio.to_thread(self._look, now[1])
                self._found = (now, report) if report else None
            return self._found[1] if self._found else None

    def _look(self, day: date) -> CareReport | None:
        # Only now, because it is read once a month and brings a dictionary of syllables.
        found = import_module("knowledge.check").check_with_care(day, self._folder, self._shelf.current)
        if found.material is None:
            return None
        report: CareReport = import_module("knowledge.care.report").report(
            found.material, found.errors, found.findings
        )
        return report


class MonthlyReport:
    """Puts the report in the procurement channel on the first working day of the month."""

    def __init__(
        self, keep: Records, care: CareOfContent, shelf: Shelf, today: Callable[[], date] = today_here
    ) -> None:
        self._records = keep
        self._care = care
        self._shelf = shelf
        self._today = today

    async def post(self) -> None:
        """Post the report of this month when it is time and nobody did; may be called as often as one likes."""
        today = self._today()
        if not first_working_day(today) <= today <= today.replace(day=LAST_CHANCE) or today.weekday() > 4:
            return
        if await self._records.record(note_id(today)):
            return
        report = await self._care.report()
        if report is None:
            log.warning("report", problem="the knowledge does not load")
            return
        month = format_date(today, "MMMM y", locale="nl")
        note = {
            "title": f"Onderhoud van de kennis · {month}",
            "lines": [list(line) for line in report_lines(report)],
        }
        await self._records.add_note(note_id(today), REPORT, note, self._shelf.current.version)


def note_id(month: date) -> str:
    """The record of the report of a month: the same for every instance, so that it is made once."""
    return hashlib.sha256(f"onderhoud van de kennis {month:%Y-%m}".encode()).hexdigest()[:32]


class CarePage:
    """The report as a page, for who reads the procurement channel."""

    def __init__(self, html: Html, sign_in: SignIn, care: CareOfContent, keep: Records) -> None:
        self._records = keep
        self._html = html
        self._sign_in = sign_in
        self._care = care

    def add_routes(self, app: web.Application) -> None:
        """Add the page."""
        app.router.add_get("/onderhoud", self.page)

    async def page(self, request: web.Request) -> web.Response:
        """What is to be done about the content, for all roles or for the one that is asked for."""
        if not self._sign_in.known(request).may_read_channel():
            raise web.HTTPForbidden
        report = await self._care.report()
        if report is None:
            raise web.HTTPServiceUnavailable(
                text="De laatste wijziging van de kennis klopt niet. Verbeter die eerst."
            )
        roles = [part.role for part in report.roles]
        role = request.query.get("rol")
        view = report_view(report, role if role in roles else None)
        worked_out = Lines(tuple(lines(await self._records.read(counted))))
        return self._html.page(
            request, "onderhoud.html", view=view, roles=roles, chosen=role, worked_out=worked_out
        )
