"""A turn over the Bot Framework beside an echo on the stock CloudAdapter and on the Agents SDK.

All of them talk to the same connector on loopback, which answers at once, and get the same activities.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from bench.bot_service import login, message
from bench.load import numbered, post, speed
from bench.rows import Goal, Row
from bench.servers import PYTHON, free_port, peer, running
from tests.fakes.identity import FakeIdentity

PEOPLE = 16  # at once
SAID = ("we willen 50 nieuwe bureaustoelen, zo'n 15k", "ja", "terug")


def measure() -> Iterator[Row]:
    """A row for the echo beside each peer, and for a whole turn of Moi."""
    with ExitStack() as stack:
        connector = free_port()
        stack.enter_context(running((*PYTHON, "bench.peers.connector", str(connector)), connector))
        found = asyncio.run(_all(f"http://127.0.0.1:{connector}/"))
    stock, agents, echo, moi = found
    unit = "turns/s"
    yield Row("Bot Framework echo", echo, unit, "stock CloudAdapter echo", stock, Goal("at least", 8))
    yield Row("Bot Framework echo", echo, unit, "Agents SDK echo", agents)
    yield Row("Bot Framework turn of Moi, kept in SQLite", moi, unit, "stock CloudAdapter echo", stock)
    yield Row("Bot Framework turn of Moi, kept in SQLite", moi, unit, "Agents SDK echo", agents)


async def _all(service_url: str) -> tuple[float, float, float, float]:
    async with FakeIdentity() as identity:
        headers = {"Authorization": f"Bearer {identity.sign(service_url)}"}
        settings = login(identity)
        stock = await _turns(peer("stock_echo"), service_url, {}, {}, 40)
        agents = await _turns(peer("agents_echo"), service_url, {}, {}, 150)
        echo = await _turns((*PYTHON, "bench.teams_echo"), service_url, settings, headers, 200)
        with tempfile.TemporaryDirectory(prefix="moi-bench-") as folder:
            kept = {**settings, "MOI_DATA_DIR": folder}
            moi = await _turns((sys.executable, "app.py"), service_url, kept, headers, 60)
    return stock, agents, echo, moi


async def _turns(
    command: tuple[str, ...],
    service_url: str,
    settings: Mapping[str, str],
    headers: Mapping[str, str],
    each: int,
) -> float:
    """Turns a second of one bot, with so many turns for each person in a round."""
    port = free_port()
    where = {"MOI_PORT": str(port), **settings}
    arguments = () if command[-1] == "app.py" else (str(port),)
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, running((*command, *arguments), port, where))
        callers: list[Callable[[], bytes]] = [
            numbered(partial(_message, service_url, headers, person)) for person in range(PEOPLE)
        ]
        found = await speed(port, callers, each * PEOPLE)
    return found.per_second


def _message(service_url: str, headers: Mapping[str, str], person: int, number: int) -> bytes:
    said = SAID[number % len(SAID)]
    return post("/api/messages", message(service_url, person, str(number), said), headers)
