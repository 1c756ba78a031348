"""A process that sends a campaign over a line that leaves a trace, and that is killed after so many messages."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.campaign_delivery import CampaignDelivery
from bot.campaign_ledger import Shown
from bot.campaign_rules import CampaignRules
from bot.records import Records
from cards.view import Text, View

THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)
SOME = View((Text("Ligt er nog kleding?"),), summary="Ligt er nog kleding?")


class Line:
    """What was sent is in a file, in which nothing is lost when the process is killed."""

    def __init__(self, trace: Path, left: int) -> None:
        self._trace = trace
        self._left = left

    async def send(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], *, once: bool = False
    ) -> str:
        """Leave the trace; the last one is killed before it can tell."""
        with self._trace.open("a") as trace:
            trace.write(f"{conversation}\n")
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0)
        return "sent"

    async def delete(
        self, service_url: str, conversation: str, activity_id: str, *, once: bool = False
    ) -> None:
        """Nothing is taken back here."""


def run(url: str, trace: str, campaign: str, left: int) -> None:
    """Send until nothing is left, or until it is killed."""
    asyncio.run(_send(url, Path(trace), campaign, left))


async def _send(url: str, trace: Path, campaign: str, left: int) -> None:
    records = await Records.open(url)
    delivery = CampaignDelivery(
        records,
        CampaignRules(rate=40),
        show=lambda _campaign: Shown(SOME, SOME),
        way_out=Line(trace, left),
        now=lambda: THURSDAY,
    )
    await delivery.run(campaign)
    await records.close()
