"""Sending a campaign: at its pace, written down before each message, and stopped the moment somebody says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import Connection

from bot.campaign_ledger import (
    Call,
    Shown,
    arrived,
    due_campaigns,
    later,
    lost,
    no_room,
    nobody_there,
    refused,
    step,
    was_cut_off,
)
from bot.campaign_rules import CampaignRules
from bot.campaigns import Campaign, read
from bot.connector_errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotInstalled,
    Throttled,
    Unavailable,
    Uncertain,
)
from bot.own_chat import SOON
from cards.adaptive import card, message

if TYPE_CHECKING:
    from bot.records import Records

MOST_AT_ONCE = 100  # Calls that wait for Teams at the same time.

log = structlog.stdlib.get_logger("moi")


class WayOut(Protocol):
    """The way out to Teams: one message in one conversation, changing it, and taking it back."""

    async def send(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], *, once: bool = False
    ) -> str:
        """Send it and give its id; raises a `ConnectorError`."""

    async def update(
        self,
        service_url: str,
        conversation: str,
        activity_id: str,
        activity: Mapping[str, Any],
        *,
        once: bool = False,
    ) -> str:
        """Replace it in place; raises a `ConnectorError`."""

    async def delete(
        self, service_url: str, conversation: str, activity_id: str, *, once: bool = False
    ) -> None:
        """Take it back; raises a `ConnectorError`."""


class CampaignDelivery:
    """Sends campaigns, one at a time over all instances (`bot/workflows.py` sees to that)."""

    def __init__(
        self,
        records: Records,
        rules: CampaignRules,
        *,
        show: Callable[[Campaign], Shown],
        way_out: WayOut | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._records = records
        self._rules = rules
        self._show = show
        self._way_out = way_out
        self._now = now
        self._sleep = sleep
        self._closing = False

    def close(self) -> None:
        """Begin nothing any more; what is being sent lands."""
        self._closing = True

    async def due(self) -> list[str]:
        """The campaigns of which something must be sent or taken back now."""
        return await self._records.read(
            lambda connection: due_campaigns(connection, self._rules, self._now())
        )

    async def run(self, id_: str) -> float | None:
        """Send until nothing more can be sent now; gives the seconds after which to go on, if that is to be tried."""
        campaign = await self._records.read(lambda connection: read(connection, id_))
        if campaign is None:
            return None
        await self._records.write(lambda connection: was_cut_off(connection, id_))
        shown = self._show(campaign)
        said = message(card(shown.message, "teams"), shown.message.summary)
        busy: dict[str, asyncio.Task[None]] = {}
        try:
            return await self._steps(id_, shown, said, busy)
        finally:
            await asyncio.gather(*busy.values())

    async def _steps(
        self, id_: str, shown: Shown, said: Mapping[str, Any], busy: dict[str, asyncio.Task[None]]
    ) -> float | None:
        clock = asyncio.get_running_loop().time
        turn = clock()
        while not self._closing:
            for over in [name for name, call in busy.items() if call.done()]:
                busy.pop(over).result()
            if len(busy) >= MOST_AT_ONCE:
                await asyncio.wait(busy.values(), return_when=asyncio.FIRST_COMPLETED)
                continue
            now = await self._records.write(
                partial(
                    step,
                    id_=id_,
                    shown=shown,
                    rules=self._rules,
                    now=self._now(),
                    teams=self._way_out is not None,
                    busy=tuple(busy),
                )
            )
            for conversation in now.said:
                self._records.was_said(conversation)
            if now.call and self._way_out:
                calling = partial(self._call, id_, now.call, said, self._way_out)
                busy[now.call.id] = asyncio.create_task(calling())
                turn = max(turn + 1 / self._rules.rate, clock())
                await self._sleep(turn - clock())
            elif busy and not now.go_on:
                await asyncio.wait(busy.values(), return_when=asyncio.FIRST_COMPLETED)
            elif not now.go_on:
                return now.wait
        return SOON

    async def _call(self, id_: str, call: Call, said: Mapping[str, Any], way_out: WayOut) -> None:
        """Do one call and write down what became of it."""
        became: Callable[[Connection], None]
        try:
            if call.correct:
                changed = (call.service_url, call.conversation, call.activity, said)
                await way_out.update(*changed, once=True)
                became = partial(arrived, call=call, activity="")
            elif call.activity:
                await way_out.delete(call.service_url, call.conversation, call.activity, once=True)
                became = partial(arrived, call=call, activity="")
            else:
                sent = await way_out.send(call.service_url, call.conversation, said, once=True)
                became = partial(arrived, call=call, activity=sent)
        except ConnectorError as problem:
            became = self._became(id_, call, problem)
        await self._records.write(became)

    def _became(self, id_: str, call: Call, problem: ConnectorError) -> Callable[[Connection], None]:
        wait = SOON if problem.wait is None else problem.wait
        match problem:
            case Throttled():
                return partial(no_room, id_=id_, call=call, wait=wait, now=self._now())
            case Uncertain() if not call.activity:
                return partial(lost, call=call)
            case Unavailable() | Uncertain():
                return partial(
                    later, call=call, wait=problem.wait, now=self._now(), reason="Teams was niet bereikbaar"
                )
            case Blocked():
                return partial(refused, call=call, state="blocked")
            case NotInstalled():
                return partial(nobody_there, call=call, state="not_installed")
            case Gone():
                return partial(nobody_there, call=call, state="unknown")
        log.warning("campaign", problem=type(problem).__name__, status=problem.status)
        return partial(refused, call=call, state="failed", reason="Teams weigerde het bericht")
