"""The desk of Facilitair as a page: what waits, the small purchases of today, and what is lent; to answer and to close."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection

from bot.channel_desk import ChannelDesk, Wish
from bot.depot import DECISIONS
from bot.depot_desk import DepotDesk
from bot.facilitair_desk import PAGE
from bot.html import Html
from bot.people import Person
from bot.rights import NotYoursError, may, require_small
from bot.signin import SignIn
from bot.today import Today, today
from cards.today import back_in_words

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

TOO_LATE = f"{PAGE}?te-laat=ja"


class FacilitairPage:
    """The page and its buttons, which do what the buttons of the channel and of the depot do."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf, depot: DepotDesk) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._depot = depot
        self._channel = ChannelDesk(shelf, records)

    def add_routes(self, app: web.Application) -> None:
        """Add the page and what its buttons do."""
        app.router.add_get(PAGE, self.page)
        app.router.add_post(PAGE + "/depot/{reservation:[0-9a-f]+}", self.decide)
        app.router.add_post(PAGE + "/{record:[0-9a-f]+}", self.act)

    async def page(self, request: web.Request) -> web.Response:
        """Everything of today; raises 403 for whom it is not."""
        person = self._only_for(request)
        knowledge = self._shelf.current

        def read(connection: Connection) -> Today:
            return today(connection, person, knowledge, datetime.now(UTC))

        found = await self._records.read(read)
        return self._html.page(
            request,
            "facilitair.html",
            found=found,
            waiting=found.in_state("waiting"),
            busy=found.in_state("busy"),
            back=partial(back_in_words, knowledge),
            keeps=may(person, "reservering bevestigd"),
            works=may(person, "opgepakt", small=True),
            too_late="te-laat" in request.query,
        )

    async def act(self, request: web.Request) -> web.Response:
        """Pick a check up, give it back, ask its buyer something, or note that it is settled."""
        person, record = self._only_for(request), request.match_info["record"]
        form = await request.post()
        await self._channel.carry_out(
            person, Wish(str(form.get("act", "")), record, str(form.get("vraag", "")))
        )
        raise web.HTTPSeeOther(f"{PAGE}#p-{record}")

    async def decide(self, request: web.Request) -> web.Response:
        """Confirm or decline a reservation, or note that things are back; raises 403 for who may not."""
        person = self._only_for(request)
        act = str((await request.post()).get("act", ""))
        if act not in DECISIONS:
            raise web.HTTPBadRequest(text="Die knop ken ik niet.")
        try:
            done = await self._depot.decide(person, act, request.match_info["reservation"])
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        raise web.HTTPSeeOther(PAGE if done else TOO_LATE)

    def _only_for(self, request: web.Request) -> Person:
        person = self._sign_in.known(request)
        try:
            require_small(person)
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        return person
