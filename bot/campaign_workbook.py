"""What became of a campaign as an Excel file, for the MVOI team."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection

from bot.campaign_report import Report, report, tables
from bot.campaigns import Campaign, read
from bot.counts_page import EXCEL
from bot.rights import NotYoursError, require
from bot.signin import SignIn
from knowledge.sheets import write_workbook

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf


class CampaignWorkbook:
    """The file beside the page of a campaign."""

    def __init__(self, sign_in: SignIn, records: Records, shelf: Shelf) -> None:
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf

    def add_routes(self, app: web.Application) -> None:
        """Add the file."""
        app.router.add_get("/campagnes/{campaign:[0-9a-f]+}.xlsx", self.workbook)

    async def workbook(self, request: web.Request) -> web.Response:
        """All that is on the page, a sheet for each part; raises 403 for whom it is not."""
        try:
            require(self._sign_in.known(request), "campagne geschreven")
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        id_ = request.match_info["campaign"]

        def look(connection: Connection) -> tuple[Campaign, Report]:
            campaign = read(connection, id_)
            if campaign is None:
                raise web.HTTPNotFound
            return campaign, report(connection, campaign, datetime.now(UTC))

        campaign, found = await self._records.read(look)
        into = BytesIO()
        await asyncio.to_thread(write_workbook, into, tables(self._shelf.current, campaign, found))
        headers = {"Content-Disposition": f'attachment; filename="moi-campagne-{id_[:8]}.xlsx"'}
        return web.Response(body=into.getvalue(), content_type=EXCEL, headers=headers)
