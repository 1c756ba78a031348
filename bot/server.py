"""The server: opens the rooms, serves them, and closes them in the opposite order."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys

import structlog
from aiohttp import web

from bot.house import INSIDE, open_house
from bot.processes import Doors, Seat
from bot.settings import Settings

STOP_SECONDS = 10  # Long enough for a reply to a slow connector, short enough for whoever restarts us.
ENOUGH_NEW = (
    10_000  # New objects after which it is worth looking for garbage among them; a turn makes thousands.
)

log = structlog.stdlib.get_logger("moi")


def run(settings: Settings, doors: Doors, seat: Seat) -> None:
    """Serve until somebody stops it with Ctrl+C or a termination signal."""
    asyncio.run(serve(settings, doors, seat))


async def serve(settings: Settings, doors: Doors, seat: Seat) -> None:
    """Start everything, wait for the signal to stop, finish what is being answered, and stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seat.leash:
        # Whoever watches over us says nothing; that it can be read means that it is gone.
        loop.add_reader(seat.leash, stop.set)
    settings = settings.model_copy(update={"port": doors.outside.getsockname()[1]})
    async with open_house(settings, settled=set_aside) as app:
        runners = [await _open(app, doors.outside)]
        if doors.inside:
            runners.append(await _open(app[INSIDE], doors.inside))
            log.info("listening inside", port=doors.inside.getsockname()[1])
        log.info("listening", address=settings.address)
        seat.is_up()
        if settings.development and seat.first:
            print(f"Moi is er: {settings.address} (stoppen met Ctrl+C)", file=sys.stderr)
        await stop.wait()
        log.info("stopping")
        for runner in runners:
            await runner.cleanup()


def set_aside() -> None:
    """Leave what is in memory now out of the search for garbage.

    The knowledge and the libraries are nearly a million objects that stay. To look through them again and again takes
    a sixth of the processor, and everybody waits meanwhile.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(ENOUGH_NEW)


async def _open(app: web.Application, door: socket.socket) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    await web.SockSite(runner, door).start()
    return runner
