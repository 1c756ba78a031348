"""A thousand people who talk at once in Teams, an answer every five seconds each, with a connector 100 ms away.

Moi walks through whole talks, checks every token and keeps every turn; the stock CloudAdapter beside it only echoes, and
checks and keeps nothing. Both get the same load, which does not slow down for whoever cannot keep up. Moi runs in as many
processes as there are processors, the stock adapter knows one. It is about the bot and not about Teams, which takes 50
requests a second for a whole municipality: the connector here takes everything.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp

from bench.bot_service import login
from bench.crowd_load import Crowd, Line, Load
from bench.databases import KINDS
from bench.rows import Goal, Row
from bench.servers import PATIENCE, free_port, peer, running
from tests.fakes.identity import FakeIdentity

Database = Callable[[], AbstractContextManager[str]]

STOCK = "stock CloudAdapter echo"
PEOPLE = 1000
SECONDS = 40.0
PROBE_SECONDS = 15.0
PROCESSES = os.cpu_count() or 1
LOOK_EVERY = 0.1  # Seconds, until all processes are there.
PROBES = 4  # Halvings: the most people are known to sixty or so.
TALK = (
    Line("onderhoud van het groen, 150.000 euro", ("Klopt dat?",)),
    Line("ja", ("Hebben we het wel nodig?",)),
    Line("het contract loopt af", ("Wat past het best?",)),
    Line("toch kopen", ("Pas toe, of leg uit.",)),
    Line("1 ja, 2 te duur, 3 ja", ("Welke contractvorm",)),
    Line("reken de levensduur uit", ("meer bij aanschaf?",)),
    Line("1000", ("Hoeveel scheelt het per jaar",)),
    Line("500", ("Hoeveel jaar gebruiken we het?",)),
    Line("10", ("aan het einde meer waard?",)),
    Line("0", ("Welke contractvorm",)),
    Line("raamovereenkomst", ("Welke kansen zie je?",)),
    Line("geen", ("Dit ga ik doorgeven.",)),
    Line("versturen", ("Gedaan.", "Mijn advies")),
)
ECHO = (Line("we willen 50 nieuwe bureaustoelen, zo'n 15k", ("bureaustoelen",)),)


@dataclass(frozen=True, slots=True)
class Found:
    """What the crowd went through, and the processor time in seconds that the bot took for it."""

    crowd: Crowd
    cpu: float

    @property
    def a_turn(self) -> float:
        """Milliseconds of processor time for one answer."""
        return self.cpu / max(len(self.crowd.handed), 1) * 1000

    @property
    def kept_up(self) -> bool:
        """Whether everybody had a right answer, nearly always within a second."""
        crowd = self.crowd
        return not (crowd.late + crowd.lost + crowd.errors) and _at(crowd.answered, 99) < 1000


def measure() -> Iterator[Row]:
    """Rows for Moi on each database beside the stock CloudAdapter, and how many people that one can have."""
    # Whoever cannot keep up has a connection open for everybody.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    stock = _stock(PEOPLE, SECONDS)
    for kind, database in KINDS.items():
        moi = _moi(database, PEOPLE, SECONDS)
        yield from _rows(f"1.000 people in Teams, {kind}", moi, stock)
    yield from _own(f"1.000 people in Teams, {STOCK}", stock)
    theirs = _most_people(_stock)
    for kind, database in KINDS.items():
        ours = _most_people(partial(_moi, database))
        yield Row(f"people with whom Moi keeps up, {kind}", ours, "people", STOCK, theirs)


def _rows(name: str, moi: Found, stock: Found) -> Iterator[Row]:
    yield from _own(name, moi, Goal("at most", 0))
    cpu = f"{name}: processor time of a turn"
    yield Row(cpu, moi.a_turn, "ms", STOCK, stock.a_turn)
    for until, own, other in (
        ("the connector had the answer", moi.crowd.handed, stock.crowd.handed),
        ("the HTTP answer", moi.crowd.answered, stock.crowd.answered),
    ):
        yield Row(f"{name}: p99 until {until}", _at(own, 99), "ms", goal=Goal("at most", 1000))
        for percent in (50, 95, 99):
            label = f"{name}: p{percent} until {until}, as a ratio"
            yield Row(label, _at(own, percent), "ms", STOCK, _at(other, percent))


def _own(name: str, found: Found, goal: Goal | None = None) -> Iterator[Row]:
    crowd = found.crowd
    told = len(crowd.handed)
    yield Row(f"{name}: answers", told / crowd.seconds, "/s")
    yield Row(f"{name}: late", crowd.late, "answers", goal=goal)
    yield Row(f"{name}: lost", crowd.lost, "answers", goal=goal)
    yield Row(f"{name}: errors", crowd.errors, "answers", goal=goal)
    yield Row(f"{name}: processor time of the load itself", crowd.load_cpu / max(told, 1) * 1000, "ms")


def _at(sorted_seconds: Sequence[float], percent: int) -> float:
    """Milliseconds within which so many percent was done; those that never were are told elsewhere."""
    if not sorted_seconds:
        return float("inf")
    return sorted_seconds[min(len(sorted_seconds) - 1, len(sorted_seconds) * percent // 100)] * 1000


def _moi(database: Database, people: int, seconds: float) -> Found:
    """Moi on a database of its own, where nobody has said anything yet."""
    with database() as url:
        return asyncio.run(_talked(url, people, seconds))


async def _talked(url: str, people: int, seconds: float) -> Found:
    async with FakeIdentity() as identity:
        with tempfile.TemporaryDirectory(prefix="moi-bench-") as folder:
            settings = {
                **login(identity),
                "MOI_DATA_DIR": folder,
                "MOI_DATABASE_URL": url,
                "MOI_LOG_LEVEL": "INFO",
                "MOI_PROCESSES": str(PROCESSES),
            }
            connector = free_port()
            token = identity.sign(f"http://127.0.0.1:{connector}/")
            load = Load(TALK, people, {"Authorization": f"Bearer {token}"})
            return await _found((sys.executable, "app.py"), settings, connector, load, seconds)


def _stock(people: int, seconds: float) -> Found:
    port = free_port()
    command = (*peer("stock_echo"), str(port))
    load = Load(ECHO, people, {})
    return asyncio.run(_found(command, {"MOI_PORT": str(port)}, free_port(), load, seconds))


async def _found(
    command: Sequence[str], settings: Mapping[str, str], connector: int, load: Load, seconds: float
) -> Found:
    port = int(settings.get("MOI_PORT") or free_port())
    with ExitStack() as stack:
        await load.open(connector)
        process = await asyncio.to_thread(
            stack.enter_context, running(command, port, {**settings, "MOI_PORT": str(port)})
        )
        if "MOI_PROCESSES" in settings:
            await _all_there(port)
        load.call(port)
        await load.walk_in()
        used = _cpu(process.pid)
        crowd = await load.talk(seconds)
        used = _cpu(process.pid) - used
        await load.close()
    return Found(crowd, used)


async def _all_there(port: int) -> None:
    """Wait until all processes of Moi answer; connections that were there earlier would stay with the first of them."""
    there = f"moi_processes {PROCESSES:.1f}"
    async with aiohttp.ClientSession() as web, asyncio.timeout(PATIENCE):
        while True:
            async with web.get(f"http://127.0.0.1:{port}/metrics") as answer:
                if there in (await answer.text()).splitlines():
                    return
            await asyncio.sleep(LOOK_EVERY)


def _most_people(talked: Callable[[int, float], Found]) -> int:
    """The most people with whom a bot keeps up, between those with whom it does and with whom it does not."""
    most, too_many = 0, PEOPLE
    for _ in range(PROBES):
        people = (most + too_many) // 2
        if talked(people, PROBE_SECONDS).kept_up:
            most = people
        else:
            too_many = people
    return most


def _cpu(group: int) -> float:
    """Seconds of processor time that a process and what it started have used; as Linux counts it."""
    used = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # It ended meanwhile.
        if int(fields[2]) == group:
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")
