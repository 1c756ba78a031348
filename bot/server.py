"""The server: opens the rooms, serves them, and closes them in the opposite order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

import structlog
from aiohttp import web

from bot.house import open_house
from bot.logs import set_up_logs
from bot.settings import Settings

STOP_SECONDS = 10  # Long enough for a reply to a slow connector, short enough for whoever restarts us.

log = structlog.stdlib.get_logger("moi")


class AddressTaken(Exception):  # noqa: N818  it is said to a person
    """Moi cannot listen at this address; the message says in Dutch what to do."""


def run(settings: Settings) -> None:
    """Serve until somebody stops it with Ctrl+C or a termination signal; raises `AddressTaken`."""
    set_up_logs(settings.log_level, readable=settings.development and sys.stderr.isatty())
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Start everything, wait for the signal to stop, finish what is being answered, and stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with listen(settings.host, settings.port) as door:
        settings = settings.model_copy(update={"port": door.getsockname()[1]})
        async with open_house(settings) as app:
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
            await runner.setup()
            await web.SockSite(runner, door).start()
            log.info("listening", address=settings.address)
            if settings.development:
                print(f"Moi is er: {settings.address} (stoppen met Ctrl+C)", file=sys.stderr)
            await stop.wait()
            log.info("stopping")
            await runner.cleanup()


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything is loaded: whoever connects early waits a moment instead of being refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise AddressTaken(
            f"Op {host}:{port} kan ik niet luisteren ({os.strerror(error.errno or 0)}). Draait Moi al? Stop die, of kies een andere MOI_PORT."
        ) from error
