"""The web pages that are connected now: each gets what is said in its conversation as soon as it is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import WSCloseCode, web

if TYPE_CHECKING:
    from bot.records import Records

HEARTBEAT = 20.0  # Seconds; proxies cut a connection that is silent for a minute.
LOOK_EVERY = 0.25  # Seconds between looks whether another process said something; one look for all pages.
LARGEST_FROM_PAGE = 4 * 1024  # A page says nothing here.

log = structlog.stdlib.get_logger("moi")

Unkept = Mapping[str, Any]


class Streams:
    """One queue per connected page: `wake` has all pages of a conversation look in the log."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._looking: asyncio.Task[None] | None = None
        self._queues: defaultdict[str, set[asyncio.Queue[Unkept | None]]] = defaultdict(set)
        self._open: set[web.WebSocketResponse] = set()

    def wake(self, conversation: str) -> None:
        """Something was said in the conversation."""
        for queue in self._queues.get(conversation, ()):
            queue.put_nowait(None)

    def show(self, conversation: str, activity: Unkept) -> None:
        """Show something now that is not worth keeping, such as that Moi is busy."""
        for queue in self._queues.get(conversation, ()):
            queue.put_nowait(activity)

    async def serve(self, request: web.Request, conversation: str, after: int) -> web.WebSocketResponse:
        """Be connected with one page until it leaves."""
        page = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_FROM_PAGE)
        await page.prepare(request)
        queue: asyncio.Queue[Unkept | None] = asyncio.Queue()
        self._queues[conversation].add(queue)
        self._open.add(page)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        writing = asyncio.create_task(self._write(page, queue, conversation, after))
        # When writing fails the page is of no more use; closing it ends the loop below.
        writing.add_done_callback(lambda _done: asyncio.ensure_future(page.close()))
        try:
            async for _ in page:
                pass
        finally:
            self._open.discard(page)
            self._queues[conversation].discard(queue)
            if not self._queues[conversation]:
                del self._queues[conversation]
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
        return page

    async def close(self) -> None:
        """Say goodbye to every page; they come back by themselves when Moi is there again."""
        for page in tuple(self._open):
            await page.close(code=WSCloseCode.GOING_AWAY)
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        """As long as pages are open, wake those in whose conversation another process said something."""
        known: Mapping[str, int] = {}
        while self._queues:
            await asyncio.sleep(LOOK_EVERY)
            try:
                last = await self._records.last_said(list(self._queues))
            except Exception:
                # The next look may well go better, for instance when the database is back.
                log.exception("streams")
                continue
            for conversation, number in last.items():
                if number != known.get(conversation):
                    self.wake(conversation)
            known = last

    async def _write(
        self, page: web.WebSocketResponse, queue: asyncio.Queue[Unkept | None], conversation: str, after: int
    ) -> None:
        with suppress(ConnectionError):  # The page left.
            while True:
                said = await self._records.activities(conversation, after)
                if said:
                    after = said[-1][0]
                    await send(page, [activity for _, activity in said], after)
                for unkept in await self._news(queue):
                    await send(page, [unkept], after)

    async def _news(self, queue: asyncio.Queue[Unkept | None]) -> list[Unkept]:
        """Wait until there is a reason to look; what came meanwhile is one reason."""
        news = [await queue.get()]
        while not queue.empty():
            news.append(queue.get_nowait())
        return [activity for activity in news if activity is not None]


async def send(page: web.WebSocketResponse, activities: list[Any], watermark: int) -> None:
    """One group of activities, in the shape of Direct Line."""
    await page.send_json({"activities": activities, "watermark": str(watermark)})
