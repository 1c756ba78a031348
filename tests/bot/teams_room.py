"""A small Moi behind `/api/messages`, with a fake connector and a fake login around it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.people import Person
from bot.settings import Settings
from bot.talk_state import Answer, Message, Place
from bot.teams import Talks, Teams
from cards.view import Text, View
from tests.fakes.connector import FakeConnector
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity


class Echo:
    """Says back what it hears, once per delivery key; `before` runs first, and may wait or fail."""

    def __init__(self, before: Callable[[Message], Awaitable[None]] | None = None) -> None:
        self.heard: list[tuple[Person, Message, Place]] = []
        self._before = before
        self._seen: set[str] = set()

    async def turn(self, person: Person, message: Message, place: Place) -> Answer:
        repeated = message.id in self._seen
        self._seen.add(message.id)
        self.heard.append((person, message, place))
        if self._before:
            await self._before(message)
        said = "Moi!" if message.arrived else message.text or str(dict(message.tap or {}))
        return Answer((View((Text(said),), summary=said),), repeated=repeated)


class Room:
    """Everything around one Moi in Teams, and the hand that posts to it."""

    def __init__(
        self,
        channel: FakeConnector,
        identity: FakeIdentity,
        heard: list[tuple[Person, Message, Place]],
        session: ClientSession,
        address: str,
    ) -> None:
        self.channel = channel
        self.identity = identity
        self.heard = heard
        self.session = session
        self.address = address
        self._numbers = itertools.count(1)

    def activity(self, **changes: Any) -> dict[str, Any]:
        """A message as Teams delivers it; a change to None leaves the field out."""
        activity = {
            "type": "message",
            "id": f"activity-{next(self._numbers)}",
            "timestamp": "2026-11-24T08:00:00.000Z",
            "serviceUrl": self.channel.url,
            "channelId": "msteams",
            "from": {"id": "29:colleague", "name": "Een collega", "aadObjectId": "person-1"},
            "recipient": {"id": "28:moi", "name": "Moi"},
            "conversation": {"id": "a:chat", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "entities": [{"type": "clientInfo", "locale": "nl-NL", "platform": "Web"}],
            "locale": "nl-NL",
            "text": "hallo",
        } | changes
        return {name: value for name, value in activity.items() if value is not None}

    async def post(self, activity: Any = None, *, token: str | None = None, **more: Any) -> ClientResponse:
        """Deliver an activity with a good token, or with this one; an empty token is no token."""
        token = self.identity.sign(self.channel.url) if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if "data" not in more:
            more["json"] = self.activity() if activity is None else activity
        async with self.session.post(
            f"{self.address}/api/messages", headers=headers | more.pop("headers", {}), **more
        ) as response:
            await response.read()
        return response

    def said(self) -> list[str]:
        """What colleagues see of Moi, in order."""
        return self.channel.texts()


@asynccontextmanager
async def open_room(
    talks: Talks | None = None,
    *,
    typing_after: float = 1.0,
    furnish: Callable[[Teams], Awaitable[None]] | None = None,
) -> AsyncIterator[Room]:
    """Start everything on loopback, and stop it; `furnish` gets the Teams side before the door opens."""
    talks = talks or Echo()
    heard = talks.heard if isinstance(talks, Echo) else []
    async with FakeConnector() as channel, FakeIdentity() as identity:
        settings = Settings(
            app_id=APP_ID,
            app_password=PASSWORD,
            tenant_id=TENANT,
            authority=identity.authority,
            metadata_url=identity.metadata_url,
        )
        teams = Teams(settings, talks, typing_after=typing_after)
        if furnish:
            await furnish(teams)
        app = web.Application()
        app.add_routes(teams.routes())
        try:
            async with TestServer(app) as server, ClientSession() as session:
                yield Room(channel, identity, heard, session, str(server.make_url("")).rstrip("/"))
        finally:
            await teams.close()
