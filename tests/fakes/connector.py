"""A Bot Connector on loopback: a real HTTP server that can be slow, busy, broken and gone, and that logs what landed."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """How the next call fails: with a status, by a dropped connection, or by silence."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    drop: Literal["", "before", "after", "silence"] = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in, whatever became of it."""

    method: str
    path: str
    token: str


@dataclass(frozen=True, slots=True)
class Landed:
    """One thing that really happened in the channel."""

    what: Literal["send", "reply", "update", "delete", "create"]
    conversation: str
    id: str
    activity: Mapping[str, Any]
    reply_to: str | None = None


class FakeConnector:
    """Use as `async with FakeConnector() as connector`; `connector.url` is the service address.

    `faults` are used up one per call. `good_tokens` (when not None) are the only ones let in. `latency` is in seconds.
    `stop` and `start` make it unreachable and reachable again at the same address.
    """

    def __init__(self, *, latency: float = 0.0, port: int = 0) -> None:
        self.latency = latency
        self.port = port
        self.faults: deque[Fault] = deque()
        self.good_tokens: set[str] | None = None
        self.calls: list[Call] = []
        self.landed: list[Landed] = []
        self._numbers = itertools.count(1)
        self._released = asyncio.Event()
        self._something_landed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The service address to put in an activity."""
        return f"http://127.0.0.1:{self.port}/teams/"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, at the same port as before."""
        self._released.clear()
        app = web.Application()
        room = "/teams/v3/conversations"
        app.add_routes(
            [
                web.post(room, self._create),
                web.post(room + "/{conversation:[^/]+}/activities", self._post),
                web.post(room + "/{conversation:[^/]+}/activities/{activity:[^/]+}", self._post),
                web.put(room + "/{conversation:[^/]+}/activities/{activity:[^/]+}", self._update),
                web.delete(room + "/{conversation:[^/]+}/activities/{activity:[^/]+}", self._delete),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the door; what landed stays known."""
        self._released.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something landed that makes this true."""
        while not true():
            self._something_landed.clear()
            await self._something_landed.wait()

    def texts(self) -> list[str]:
        """The text or summary of every message now in the channel, in order of arrival."""
        shown: dict[tuple[str, str], Mapping[str, Any]] = {}
        for event in self.landed:
            if event.what == "delete":
                shown.pop((event.conversation, event.id), None)
            elif event.what != "create" and event.activity.get("type") == "message":
                shown[event.conversation, event.id] = event.activity
        return [activity.get("text") or activity.get("summary") or "" for activity in shown.values()]

    async def _create(self, request: web.Request) -> web.Response:
        number = next(self._numbers)
        return await self._happen(
            request, "create", f"conversation-{number}", str(number), {"id": f"conversation-{number}"}
        )

    async def _post(self, request: web.Request) -> web.Response:
        what: Literal["reply", "send"] = "reply" if "activity" in request.match_info else "send"
        activity_id = f"sent-{next(self._numbers)}"
        return await self._happen(
            request, what, request.match_info["conversation"], activity_id, {"id": activity_id}
        )

    async def _update(self, request: web.Request) -> web.Response:
        activity_id = request.match_info["activity"]
        return await self._happen(
            request, "update", request.match_info["conversation"], activity_id, {"id": activity_id}
        )

    async def _delete(self, request: web.Request) -> web.Response:
        return await self._happen(
            request, "delete", request.match_info["conversation"], request.match_info["activity"], {}
        )

    async def _happen(
        self,
        request: web.Request,
        what: Literal["send", "reply", "update", "delete", "create"],
        conversation: str,
        activity_id: str,
        answer: Mapping[str, Any],
    ) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(request.method, request.path, token))
        activity = await request.json() if request.body_exists else {}
        if self.latency:
            await asyncio.sleep(self.latency)
        if self.good_tokens is not None and token not in self.good_tokens:
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        fault = self.faults.popleft() if self.faults else Fault()
        if fault.status:
            return web.json_response(dict(fault.body), status=fault.status, headers=dict(fault.headers))
        if fault.drop == "before":
            return _hang_up(request)
        reply_to = request.match_info.get("activity") if what == "reply" else None
        self.landed.append(Landed(what, conversation, activity_id, activity, reply_to))
        self._something_landed.set()
        if fault.drop == "after":
            return _hang_up(request)
        if fault.drop == "silence":
            await self._released.wait()
        return web.json_response(dict(answer))


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
