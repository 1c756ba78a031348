"""A turn on the web, answered and durably kept, beside a bare aiohttp handler that only echoes."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from functools import partial

from aiohttp import ClientSession

from bench.databases import KINDS
from bench.load import Speed, numbered, post, speed
from bench.rows import Row
from bench.servers import PYTHON, free_port, running
from bot.people import Person
from bot.tokens import Claim, Tokens

PEOPLE = 16  # at once
SECRET = "KvY2cXq8ZtR5wN1mJ7uLh4sPbG9dEa3f"
SAID = ("we willen 50 nieuwe bureaustoelen, zo'n 15k", "ja", "terug", "ja", "stop")


def measure() -> Iterator[Row]:
    """Turns a second and the median of a turn, with many people at once and with one."""
    for people, who in ((PEOPLE, f"{PEOPLE} people at once"), (1, "one person")):
        bare = _bare(people)
        for kind, database in KINDS.items():
            with database() as url:
                found = _moi(url, people)
            yield Row(
                f"web turn kept in {kind}, {who}",
                found.per_second,
                "turns/s",
                "bare aiohttp",
                bare.per_second,
            )
            yield Row(
                f"web turn kept in {kind}, {who}, median", found.median, "ms", "bare aiohttp", bare.median
            )


def _bare(people: int) -> Speed:
    port = free_port()
    request = post("/", {"type": "message", "text": SAID[0]})
    with running((*PYTHON, "bench.peers.bare", str(port)), port):
        return asyncio.run(speed(port, [lambda: request] * people, 6000))


def _moi(url: str, people: int) -> Speed:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="moi-bench-") as folder:
        settings = {
            "MOI_PORT": str(port),
            "MOI_DATA_DIR": folder,
            "MOI_DATABASE_URL": url,
            "MOI_SECRET": SECRET,
            "MOI_LOG_LEVEL": "ERROR",
        }
        with running((sys.executable, "app.py"), port, settings):
            return asyncio.run(_talks(port, people))


async def _talks(port: int, people: int) -> Speed:
    """Everybody talks in a conversation of their own."""
    tokens = Tokens(SECRET)
    callers = []
    async with ClientSession(f"http://127.0.0.1:{port}", raise_for_status=True) as session:
        for number in range(people):
            person = Person(f"bench:{number}", "Een collega")
            token = tokens.issue(Claim(person, f"conversation-{number}"), "directline", 3600)
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post("/directline/conversations", headers=headers) as opened:
                await opened.read()
            callers.append(numbered(partial(_message, f"conversation-{number}", headers)))
    return await speed(port, callers, 800)


def _message(conversation: str, headers: dict[str, str], number: int) -> bytes:
    said = {
        "type": "message",
        "text": SAID[number % len(SAID)],
        "channelData": {"clientActivityID": str(number)},
    }
    return post(f"/directline/conversations/{conversation}/activities", said, headers)
