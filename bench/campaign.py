"""A campaign to many colleagues over a Teams that is 200 ms away and not always well, beside a loop on the stock CloudAdapter.

Everything of Moi that sends is real: the ledger on disk, the pace in it, the connector. The engine that starts it is left out,
and the clock says that it is a Thursday, for on Saturdays nobody is sent a campaign.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Connection, insert

from bench.databases import KINDS
from bench.rows import Goal, Row
from bench.servers import PYTHON, free_port, peer, running
from bot.app_credentials import Secret
from bot.campaign_delivery import CampaignDelivery
from bot.campaign_desk import CampaignDesk
from bot.campaign_rules import CampaignRules
from bot.connector import Connector
from bot.records import Records
from bot.settings import Settings
from bot.tables import conversations, people
from knowledge.shelf import Shelf
from tests.bot.campaign_room import THURSDAY, Town
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity

RATE: int = Settings.model_fields["campaign_rate"].default
DOCUMENTED = 50  # Calls a second that Teams takes of one app in one organisation.
PEOPLE, MANY, EARLY = 1000, 20_000, 2000
TEST_RATE = 1000  # More than this machine can do, so that it shows what it can.
STOCK, STOCK_PEOPLE = "stock CloudAdapter, continue_conversation in a loop", 100
LOOK = 0.5  # Seconds between two looks at the totals.
NONE = Goal("at most", 0)


@dataclass(frozen=True, slots=True)
class Sent:
    """How it went: by the ledger, and by the other side, which knows what really arrived."""

    people: int
    seconds: float
    totals: Mapping[str, int]
    seen: Mapping[str, Any]
    looks: int
    wrong_looks: int
    early: float
    late: float

    @property
    def lost(self) -> int:
        """Whoever is in no state of the ledger, or is called sent without having it."""
        arrived = len(self.seen["landed"])
        never = max(self.totals.get("verstuurd", 0) - arrived, 0)
        waits = self.totals.get("wacht", 0)
        return self.people - sum(self.totals.values()) + never + waits

    @property
    def twice(self) -> int:
        """Whoever got it more than once."""
        return sum(times > 1 for times in self.seen["landed"].values())


def measure() -> Iterator[Row]:
    """Rows for a thousand on each database, for twenty thousand, and for the loop beside it."""
    with ExitStack() as stack:
        port = free_port()
        stack.enter_context(running((*PYTHON, "bench.peers.far_connector", str(port)), port))
        address = f"http://127.0.0.1:{port}/"
        stock = asyncio.run(_stock(address))
        yield Row(f"{STOCK}: sent", stock["sent"], "messages/s")
        yield Row(f"{STOCK}: of {STOCK_PEOPLE} people lost", stock["lost"], "people")
        for kind, database in KINDS.items():
            with database() as url:
                sent = asyncio.run(_moi(url, address, PEOPLE, RATE))
            name = f"campaign to 1.000 at {RATE}/s, {kind}"
            own_time = Goal("at most", 1.1)
            yield Row(f"{name}: time", sent.seconds, "s", "the limit's own", PEOPLE / RATE, own_time)
            yield Row(f"{name}: sent", sent.people / sent.seconds, "messages/s", STOCK, stock["sent"])
            most = Goal("at most", 1)
            yield Row(f"{name}: calls in any second", sent.seen["most"], "", "documented", DOCUMENTED, most)
            yield from _ledger(name, sent)
        with KINDS["SQLite"]() as url:
            sent = asyncio.run(_moi(url, address, MANY, TEST_RATE))
    name = "campaign to 20.000 at a test rate, SQLite"
    yield Row(f"{name}: sent", sent.people / sent.seconds, "messages/s", STOCK, stock["sent"])
    flat = Goal("at most", 1.1)
    yield Row(f"{name}: memory at the end", sent.late, "MiB", "after 2.000", sent.early, flat)
    yield from _ledger(name, sent)


def _ledger(name: str, sent: Sent) -> Iterator[Row]:
    yield Row(f"{name}: lost", sent.lost, "people", goal=NONE)
    yield Row(f"{name}: got it twice", sent.twice, "people", goal=NONE)
    yield Row(f"{name}: of {sent.looks} looks, totals that were off", sent.wrong_looks, "", goal=NONE)
    yield Row(f"{name}: uncertain, as the connection was cut", sent.totals.get("onzeker", 0), "people")


async def _moi(url: str, address: str, many: int, rate: int) -> Sent:
    """Send one campaign to everybody, and look at its totals meanwhile."""
    records = await Records.open(url)
    async with FakeIdentity() as identity:
        proof = Secret(f"{identity.authority}/{TENANT}/oauth2/v2.0/token", APP_ID, PASSWORD)
        connector = Connector(credential=proof)
        await records.write(lambda connection: _settle(connection, many, address))
        town = Town(records)
        id_ = await town.released()
        begun = time.monotonic()

        def now() -> datetime:
            return THURSDAY + timedelta(seconds=time.monotonic() - begun)

        desk = CampaignDesk(Shelf(), records)
        delivery = CampaignDelivery(
            records, CampaignRules(rate=rate), show=desk.show, way_out=connector, now=now
        )
        begun = time.monotonic()
        sending = asyncio.create_task(_until_done(delivery, id_))
        looks = wrong = 0
        early = 0.0
        while not sending.done():
            await asyncio.wait([sending], timeout=LOOK)
            found = await town.totals(id_)
            looks += 1
            wrong += sum(found.values()) not in (0, many)
            if not early and sum(found.values()) - found.get("wacht", 0) >= min(EARLY, many // 2):
                early = _memory()
        await sending
        seconds = time.monotonic() - begun
        late = _memory()
        await connector.close()
    totals = await town.totals(id_)
    await records.close()
    return Sent(many, seconds, totals, await _seen(address), looks, wrong, early, late)


async def _until_done(delivery: CampaignDelivery, id_: str) -> None:
    """Begin again where it waits for longer than a run does, as the engine would."""
    pause = asyncio.Event()
    while (wait := await delivery.run(id_)) is not None:
        with suppress(TimeoutError):
            await asyncio.wait_for(pause.wait(), wait)


async def _stock(address: str) -> dict[str, float]:
    """Messages a second of the loop, and how many of those who did not block it never got it."""
    port = free_port()
    asked = {"service_url": address, "people": [f"room-t{number}" for number in range(STOCK_PEOPLE)]}
    with ExitStack() as stack:
        command = (*peer("stock_proactive"), str(port))
        await asyncio.to_thread(stack.enter_context, running(command, port))
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"http://127.0.0.1:{port}/send", json=asked) as answer,
        ):
            answer.raise_for_status()
            said = await answer.json()
    seen = await _seen(address)
    lost = STOCK_PEOPLE - len(seen["landed"]) - seen["blocked"]
    return {"sent": STOCK_PEOPLE / said["seconds"], "lost": lost}


async def _seen(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}seen") as answer:
        found: dict[str, Any] = await answer.json()
        return found


def _settle(connection: Connection, many: int, address: str) -> None:
    names = [f"t{number}" for number in range(many)]
    seen = {"roles": ["buyer"], "last_seen": date(2026, 11, 1)}
    connection.execute(insert(people), [{"id": name, "name": name, **seen} for name in names])
    place = {"channel": "teams", "reference": {"service_url": address}, "last_seq": 0}
    rooms = [{"id": f"room-{name}", "person_id": name, **place} for name in names]
    connection.execute(insert(conversations), rooms)


def _memory() -> float:
    """MiB that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
