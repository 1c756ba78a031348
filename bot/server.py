"""The server: opens the rooms, serves them, and closes them in the opposite order."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from contextlib import ExitStack

import structlog
from aiohttp import web

from bot.house import INSIDE, open_house
from bot.logs import set_up_logs
from bot.settings import Settings

STOP_SECONDS = 10  # Long enough for a reply to a slow connector, short enough for whoever restarts us.
ENOUGH_NEW = (
    10_000  # New objects after which it is worth looking for garbage among them; a turn makes thousands.
)

log = structlog.stdlib.get_logger("moi")


class AddressTaken(Exception):  # noqa: N818  it is said to a person
    """Moi cannot listen at this address; the message says in Dutch what to do."""


def run(settings: Settings) -> None:
    """Serve until somebody stops it with Ctrl+C or a termination signal; raises `AddressTaken`."""
    readable = settings.development and sys.stderr.isatty()
    set_up_logs(settings.log_level, readable=readable, secrets=settings.secrets())
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Start everything, wait for the signal to stop, finish what is being answered, and stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ExitStack() as doors:
        door = doors.enter_context(listen(settings.host, settings.port, "MOI_PORT"))
        settings = settings.model_copy(update={"port": door.getsockname()[1]})
        inside = None
        if settings.inside_port is not None:
            inside = doors.enter_context(listen(settings.host, settings.inside_port, "MOI_INSIDE_PORT"))
        async with open_house(settings, settled=set_aside) as app:
            runners = [await _open(app, door)]
            if inside:
                runners.append(await _open(app[INSIDE], inside))
                log.info("listening inside", port=inside.getsockname()[1])
            log.info("listening", address=settings.address)
            if settings.development:
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


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Take the address before anything is loaded: whoever connects early waits a moment instead of being refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise AddressTaken(
            f"Op {host}:{port} kan ik niet luisteren ({os.strerror(error.errno or 0)}). Draait Moi al? Stop die, of kies een andere {setting}."
        ) from error
