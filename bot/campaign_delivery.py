"""Sending a campaign: at its pace, written down before each message, and stopped the moment somebody says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import Connection

from bot import campaign_pace
from bot.campaign_ledger import Shown, Step, due_campaigns, step, was_cut_off
from bot.campaign_outcome import (
    NO_ROOM,
    NOT_THERE,
    Call,
    arrived,
    held_back,
    later,
    lost,
    nobody_there,
    refused,
)
from bot.campaign_rules import CampaignRules
from bot.campaigns import Campaign, read
from bot.connector_errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotInstalled,
    Throttled,
    TooFast,
    Unavailable,
    Uncertain,
)
from bot.own_chat import SOON
from cards.adaptive import card, message

if TYPE_CHECKING:
    from bot.records import Records

MOST_AT_ONCE = 100  # Calls that wait for Teams at the same time.
LOOK = 0.5  # Seconds that a run sleeps at most, so that stopping it is noticed.
LINGER = 5.0  # Seconds that are waited for here; a longer wait is one for the engine.

Became = Callable[[Connection], None]
"""Writes down what became of a call."""
Busy = dict[str, asyncio.Task[Became]]
"""Calls that are not written down yet, by row of the ledger."""

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
    """Sends campaigns, each by one instance at a time (`bot/workflows.py` sees to that), all of them at one pace together."""

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
        await self._records.write(lambda connection: was_cut_off(connection, id_, self._now()))
        shown = self._show(campaign)
        said = message(card(shown.message, "teams"), shown.message.summary)
        busy: Busy = {}
        try:
            return await self._steps(id_, shown, said, busy)
        finally:
            ended = await asyncio.gather(*busy.values(), return_exceptions=True)
            known = [became for became in ended if not isinstance(became, BaseException)]
            await self._records.write(partial(_write_down, known))

    async def make_way(self, calls: int) -> None:
        """Something else is sent to Teams now, in so many calls at most; campaigns leave room for it."""
        if self._way_out:
            await self._records.write(
                lambda connection: campaign_pace.make_way(connection, self._now(), calls)
            )

    async def _steps(self, id_: str, shown: Shown, said: Mapping[str, Any], busy: Busy) -> float | None:
        while not self._closing:
            over = {name: call.result() for name, call in busy.items() if call.done()}
            most = MOST_AT_ONCE - len(busy) + len(over)
            if not most:
                await asyncio.wait(busy.values(), return_when=asyncio.FIRST_COMPLETED)
                continue
            now = await self._records.write(
                partial(
                    _next_step,
                    over=tuple(over.values()),
                    id_=id_,
                    shown=shown,
                    rules=self._rules,
                    now=self._now(),
                    teams=self._way_out is not None,
                    busy=tuple(busy.keys() - over),
                    most=most,
                )
            )
            for name in over:
                busy.pop(name)
            for conversation in now.said:
                self._records.was_said(conversation)
            if self._way_out:
                for call in now.calls:
                    calling = partial(self._call, call, said, self._way_out)
                    busy[call.id] = asyncio.create_task(calling())
            if now.go_on:
                await self._sleep(now.wait or 0.0)
            elif busy:
                await asyncio.wait(busy.values(), timeout=now.wait, return_when=asyncio.FIRST_COMPLETED)
            elif now.wait is None or now.wait > LINGER:
                return now.wait
            else:
                await self._sleep(min(now.wait, LOOK))
        return SOON

    async def _call(self, call: Call, said: Mapping[str, Any], way_out: WayOut) -> Became:
        """Do one call; gives what writes down what became of it."""
        try:
            if call.correct:
                changed = (call.service_url, call.conversation, call.activity, said)
                await way_out.update(*changed, once=True)
                sent = ""
            elif call.activity:
                await way_out.delete(call.service_url, call.conversation, call.activity, once=True)
                sent = ""
            else:
                sent = await way_out.send(call.service_url, call.conversation, said, once=True)
        except ConnectorError as problem:
            return self._became(call, problem)
        return partial(arrived, call=call, activity=sent, now=self._now())

    def _became(self, call: Call, problem: ConnectorError) -> Became:
        now = self._now()
        match problem:
            case TooFast():
                return partial(held_back, call=call, wait=problem.wait or 0.0, now=now)
            case Throttled():
                return partial(later, call=call, wait=problem.wait, now=now, reason=NO_ROOM)
            case Uncertain() if not call.activity:
                return partial(lost, call=call)
            case Unavailable() | Uncertain():
                return partial(later, call=call, wait=problem.wait, now=now, reason=NOT_THERE)
            case Blocked():
                return partial(refused, call=call, state="blocked", now=now)
            case NotInstalled():
                return partial(nobody_there, call=call, state="not_installed", now=now)
            case Gone():
                return partial(nobody_there, call=call, state="unknown", now=now)
        log.warning("campaign", problem=type(problem).__name__, status=problem.status)
        return partial(refused, call=call, state="failed", now=now, reason="Teams weigerde het bericht")


def _next_step(connection: Connection, over: Sequence[Became], **asked: Any) -> Step:
    """What became of calls and what is next, in one transaction: two fewer for every message."""
    _write_down(over, connection)
    return step(connection, **asked)


def _write_down(over: Sequence[Became], connection: Connection) -> None:
    for became in over:
        became(connection)
