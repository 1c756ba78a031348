"""A door in front of `/api/messages` that signs what the emulator of Teams sends, because it has no token of its own.

The emulator knows one person only, so that one is somebody else in the channel: there a colleague of Team Inkoop is at it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from tests.fakes.identity import FakeIdentity


@asynccontextmanager
async def open_signing_door(
    identity: FakeIdentity, messages: str, in_channel: Mapping[str, str]
) -> AsyncIterator[str]:
    """Pass every activity on to `messages` with a good token, those of a channel as from the person `in_channel`; gives
    the address for the emulator."""
    async with ClientSession() as session:

        async def pass_on(request: web.Request) -> web.Response:
            activity = await request.json()
            if activity["conversation"].get("conversationType") == "channel":
                activity["from"] = dict(in_channel)
            token = identity.sign(activity["serviceUrl"])
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(messages, json=activity, headers=headers) as answer:
                body = await answer.read()
                return web.Response(body=body, status=answer.status, content_type=answer.content_type)

        app = web.Application()
        app.add_routes([web.post("/api/messages", pass_on)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        finally:
            await runner.cleanup()
