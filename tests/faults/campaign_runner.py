"""A process that sends a campaign to a Teams on loopback, by itself or started by the engine, and that may be killed at any moment."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app_credentials import Secret
from bot.campaign_delivery import CampaignDelivery
from bot.campaign_ledger import Shown
from bot.campaign_rules import CampaignRules
from bot.campaigns import read
from bot.connector import Connector
from bot.delivery import Delivery
from bot.logs import set_up_logs
from bot.records import Records
from cards.view import Text, View
from tests.bot.campaign_room import THURSDAY
from tests.fakes.identity import APP_ID, PASSWORD
from tests.faults.runner import render

SOME = View((Text("Ligt er nog kleding?"),), summary="Ligt er nog kleding?")


@dataclass(frozen=True, slots=True)
class Worker:
    """What a process needs: where everything is, which campaign, how fast, and when it became Thursday."""

    url: str
    token_url: str
    campaign: str
    rate: int
    began: float

    def now(self) -> datetime:
        """The moment, in office hours: the same for every process."""
        return THURSDAY + timedelta(seconds=time.time() - self.began)


def run(worker: Worker, log: str, *, engine: bool = False) -> None:
    """Send until nothing is left, or until it is killed."""
    with open(log, "a") as sys.stderr:
        set_up_logs("WARNING", readable=True)
        asyncio.run(_send(worker, engine))


async def _send(worker: Worker, engine: bool) -> None:
    records = await Records.open(worker.url)
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    connector = Connector(credential=Secret(worker.token_url, APP_ID, PASSWORD))
    campaigns = CampaignDelivery(
        records,
        CampaignRules(rate=worker.rate),
        show=lambda _campaign: Shown(SOME, SOME),
        way_out=connector,
        now=worker.now,
    )
    if engine:
        await Delivery(records, render, {}, sweep="* * * * * *", campaigns=campaigns).start()
        await asyncio.Event().wait()
    while not await _done(records, worker.campaign):
        wait = await campaigns.run(worker.campaign)
        # Without anything to wait for, another worker has the last ones in the air.
        await asyncio.wait([never], timeout=min(wait or 0.05, 0.5))
    await connector.close()
    await records.close()


async def _done(records: Records, campaign: str) -> bool:
    found = await records.read(lambda connection: read(connection, campaign))
    return found is not None and found.state == "done"
