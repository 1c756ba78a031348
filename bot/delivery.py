"""Delivering: what was recorded reaches the procurement channel, also after a restart or an outage, and once.

Recorded first, then delivered by a durable workflow per record and version. What has no workflow because the power
went in between is found by the sweep.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import structlog
from sqlalchemy import Connection

from bot import feedback, unrecognised
from bot.campaign_delivery import CampaignDelivery
from bot.channel_posts import ask_again, due
from bot.connector_errors import ConnectorError, Throttled, Unavailable
from bot.database import Database
from bot.depot_letters import DepotLetters, due_decisions
from bot.follow_up import due_cards
from bot.follow_up_letters import FollowUpLetters
from bot.instances import Instances
from bot.kept_turn import forget_deliveries
from bot.letters import Letters, due_letters
from bot.meeting_desk import MeetingLetters
from bot.meetings import due_meetings
from bot.nudge_desk import NudgeLetters
from bot.nudges import due_nudges
from bot.own_chat import SOON, Sends
from bot.people import Person
from bot.posting import Posting, Render, Target
from bot.records import Records
from bot.rights import note, require

EVERY_MINUTE = "* * * * *"
KNOWS_DELIVERIES = timedelta(days=7)
CALLS_OF_A_POST = 2  # The card, and a notice that it changed.

Tidy = Callable[[], Coroutine[Any, Any, int]]
"""Deletes a batch of what was kept long enough; gives how many went."""

log = structlog.stdlib.get_logger("moi")


class Delivery:
    """Delivers the records of this Moi; one per process, in step with any other instances on the same PostgreSQL."""

    def __init__(
        self,
        records: Records,
        render: Render,
        outside: Mapping[str, Target] | None = None,
        sweep: str = EVERY_MINUTE,
        report: Callable[[], Coroutine[Any, Any, None]] | None = None,
        tidy: Tidy | None = None,
        letters: Letters | None = None,
        depot: DepotLetters | None = None,
        meetings: MeetingLetters | None = None,
        follow_up: FollowUpLetters | None = None,
        nudges: NudgeLetters | None = None,
        ask: Callable[[], Coroutine[Any, Any, None]] | None = None,
        way_out: Sends | None = None,
        campaigns: CampaignDelivery | None = None,
        news: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._news = news
        self._ask = ask
        self._campaigns = campaigns
        self._way_out = way_out
        self._records = records
        self._posting = Posting(records, render, outside or {}, letters, depot, meetings, follow_up, nudges)
        self._sweep = sweep
        self._report = report
        self._tidy = tidy
        self._instances = Instances(records.database)
        self._thread = ThreadPoolExecutor(1, "moi-delivery")
        self._workflows: ModuleType | None = None
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._closing = False
        self._starting: set[asyncio.Task[None]] = set()
        self.ready = asyncio.Event()

    async def start(self) -> None:
        """Start the workflows; takes a second or two, and turns may be kept meanwhile."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._launch, loop)
        self._records.when_due(self._start_soon)
        self.ready.set()

    async def close(self) -> None:
        """Let what is being sent land, then stop; what still has to be sent goes on at the next start."""
        self._closing = True
        if self._campaigns:
            self._campaigns.close()
        await self._quiet.wait()
        if self._workflows:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._workflows.stop)
        await asyncio.to_thread(self._thread.shutdown)
        await asyncio.to_thread(self._instances.close)

    async def resend(self, record: str, person: Person) -> None:
        """Send again, because a person looked and asked for it, what failed or may not have arrived.

        Raises `NotYoursError`, and sends nothing, for whoever may not.
        """
        require(person, "opnieuw verstuurd")

        def again(connection: Connection) -> int:
            version = ask_again(record, connection)
            if version:
                note(connection, person, "opnieuw verstuurd", record)
            return version

        if version := await self._records.write(again):
            self._records.channel_changed()
            await self._enqueue(record, version, f":{uuid.uuid4().hex}")

    async def answer_later(
        self, name: str, service_url: str, conversation: str, activities: Sequence[Mapping[str, Any]]
    ) -> bool:
        """Send these answers as soon as Teams has room, in order; tells whether that will be done.

        `name` is the delivery that they answer: the same one again is not sent again.
        """
        if self._workflows is None or self._closing:
            return False
        for number, activity in enumerate(activities):
            said = partial(
                self._workflows.answer_later, f"{name}:{number}", service_url, conversation, dict(activity)
            )
            await asyncio.get_running_loop().run_in_executor(self._thread, said)
        return True

    async def _answer(self, service_url: str, conversation: str, activity: dict[str, Any]) -> float | None:
        if self._way_out is None:
            return None
        await self._make_way(1)
        try:
            await self._way_out.send(service_url, conversation, activity)
        except (Throttled, Unavailable) as problem:
            return SOON if problem.wait is None else problem.wait
        except ConnectorError as problem:
            log.warning("answer did not arrive", kind=type(problem).__name__, status=problem.status)
        return None

    def _launch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._instances.join()
        # Imported here, in a thread, because it takes most of a second that the first answer should not wait for.
        self._workflows = import_module("bot.workflows")
        work = self._workflows.Work(
            loop=loop,
            deliver=self._deliver,
            due=self._due,
            dead=self._dead,
            forget=self._forget,
            report=self._send_report,
            tidy=self._tidy_up,
            answer=self._answer,
            ask=self._ask_colleagues,
            campaign=self._campaign,
            campaigns=self._due_campaigns,
        )
        self._workflows.launch(work, _workflow_url(self._records.database), self._instances.me, self._sweep)

    def _start_soon(self, record: str, version: int, mark: str) -> None:
        starting = asyncio.create_task(self._enqueue(record, version, f":{mark}" if mark else ""))
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)

    async def _enqueue(self, record: str, version: int, mark: str = "") -> None:
        if self._workflows is None or self._closing:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._thread, self._workflows.enqueue, record, version, mark
            )
        except Exception:
            log.exception("enqueue", record=record)  # The sweep will find it.

    async def _make_way(self, calls: int) -> None:
        if self._campaigns and not self._closing:
            await self._campaigns.make_way(calls)

    async def _deliver(self, record: str) -> float | None:
        return await self._unless_closing(self._post(record))

    async def _post(self, record: str) -> float | None:
        await self._make_way(CALLS_OF_A_POST)
        return await self._posting.deliver(record)

    async def _unless_closing(self, doing: Coroutine[Any, Any, float | None]) -> float | None:
        if self._closing:
            doing.close()
            # Neither done nor failed: the workflow is found unfinished, and goes on at the next start.
            await asyncio.Event().wait()
        self._busy += 1
        self._quiet.clear()
        try:
            return await doing
        finally:
            self._busy -= 1
            if not self._busy:
                self._quiet.set()

    def send_campaign(self, campaign: str) -> None:
        """Have a campaign sent or taken back; when that cannot be asked for now, the sweep finds it."""
        if self._workflows is None or self._closing:
            return
        loop = asyncio.get_running_loop()
        asking = loop.run_in_executor(self._thread, self._workflows.send_campaign, campaign)
        asking.add_done_callback(_log_problem)

    async def _campaign(self, campaign: str) -> float | None:
        wait = await self._unless_closing(self._campaigns.run(campaign)) if self._campaigns else None
        await self._tell_news()
        return wait

    async def _due_campaigns(self) -> list[str]:
        await self._tell_news()
        return await self._campaigns.due() if self._campaigns else []

    async def _tell_news(self) -> None:
        """Say in the channel which campaigns are done; the sweep finds what was cut off."""
        if self._news and not self._closing:
            try:
                await self._news()
            except Exception:
                log.exception("campaign news")  # The sweep will say it.

    async def _due(self) -> list[tuple[str, int]]:
        found = await asyncio.wrap_future(self._records.database.read(due))
        letters = await asyncio.wrap_future(self._records.database.read(due_letters))
        letters |= await asyncio.wrap_future(self._records.database.read(due_decisions))
        letters |= await asyncio.wrap_future(self._records.database.read(due_meetings))
        letters |= await asyncio.wrap_future(self._records.database.read(due_cards))
        letters |= await asyncio.wrap_future(self._records.database.read(due_nudges))
        posts = {(post.record, post.due_version) for post in found}
        return sorted(posts | {(record, 0) for record in letters - {record for record, _ in posts}})

    async def _forget(self) -> None:
        now = datetime.now(UTC)
        today = now.date()
        for forget in (
            partial(forget_deliveries, now - KNOWS_DELIVERIES),
            partial(unrecognised.forget_old, today),
            partial(feedback.forget_old, today),
        ):
            await asyncio.wrap_future(self._records.database.write(forget))

    async def _send_report(self) -> None:
        if self._report and not self._closing:
            await self._report()

    async def _ask_colleagues(self) -> None:
        if self._ask and not self._closing:
            await self._ask()

    async def _tidy_up(self) -> int:
        return await self._tidy() if self._tidy else 0

    async def _dead(self, names: Sequence[str]) -> list[str]:
        return await asyncio.to_thread(self._instances.dead, names)


def _log_problem(asked: asyncio.Future[None]) -> None:
    if not asked.cancelled() and (problem := asked.exception()):
        log.error("enqueue", problem=repr(problem))


def _workflow_url(database: Database) -> str:
    """Where DBOS keeps its workflows: a file beside the SQLite file, or the same PostgreSQL (in a schema of its own)."""
    if database.is_sqlite:
        file = Path(database.url.database or "").absolute()
        return f"sqlite:///{file.with_suffix('.workflows.sqlite')}"
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
