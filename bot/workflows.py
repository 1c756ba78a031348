"""The durable workflows: what must happen even if the power goes. The only file that imports DBOS.

DBOS is one per process, so this is a module with functions rather than a class. A workflow runs in a loop of DBOS;
what it does runs in the loop of Moi, where the connections are.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, error

T = TypeVar("T")

QUEUE = "posts"
NIGHTLY = "17 2 * * *"  # UTC, when few people wait for an answer.
ANSWERS = "answers"
CAMPAIGNS = "campaigns"
# Together at most 40 requests a second over all instances: a post may take two, an answer that had to wait takes one, and
# campaigns take what these leave (`bot/campaign_pace.py`).
POSTS_A_SECOND = 5
CAMPAIGNS_AT_ONCE = 10
ANSWERS_A_SECOND = 10
# Seven in fifteen seconds keeps to all four limits of Teams for one conversation: 7 in 1 s, 8 in 2 s, 60 in 30 s and
# 1.800 in an hour.
IN_A_CONVERSATION = 7
CONVERSATION_SECONDS = 15.0
POLL_SECONDS = 0.5
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
ENDING = (0.5, 1.0, 4.0)  # Seconds between looks whether a run that ends is over.
LOOK_AGAIN = 5.0  # Seconds a campaign that has to wait sleeps at most, so that stopping it is noticed.
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
KEEP_FINISHED = timedelta(days=7)
SUBSECOND_SINCE = (3, 42)
ASK_AT = "*/15 * * * 1-5"  # On weekdays; within which hours, is in the knowledge.
REPORT_AT = "0 8 * * *"  # Every morning: what was missed comes as long as it is of use.
OUR_TIME = "Europe/Amsterdam"
AT_ONCE = 500  # Finished workflows that one sweep clears away.

log = structlog.stdlib.get_logger("moi")


@dataclass(frozen=True, slots=True)
class Work:
    """What the workflows do, in the loop of Moi: deliver a record, look what is due and who has died, delete what is of
    no more use (`forget`) or was kept long enough (`tidy`), say in the channel what is said by itself when it is time for that
    (`report`), and `ask` colleagues whether it worked out."""

    loop: asyncio.AbstractEventLoop
    deliver: Callable[[str], Coroutine[Any, Any, float | None]]
    due: Callable[[], Coroutine[Any, Any, Sequence[tuple[str, int]]]]
    dead: Callable[[Sequence[str]], Coroutine[Any, Any, Sequence[str]]]
    forget: Callable[[], Coroutine[Any, Any, None]]
    report: Callable[[], Coroutine[Any, Any, None]]
    tidy: Callable[[], Coroutine[Any, Any, int]]
    answer: Callable[[str, str, dict[str, Any]], Coroutine[Any, Any, float | None]]
    ask: Callable[[], Coroutine[Any, Any, None]]
    campaign: Callable[[str], Coroutine[Any, Any, float | None]]
    campaigns: Callable[[], Coroutine[Any, Any, Sequence[str]]]


_work: list[Work] = []


class Milliseconds(sqlite3.Connection):
    """A SQLite connection on which unixepoch('subsec') gives milliseconds.

    From Python 3.12 on DBOS takes SQLite 3.42 for granted; Debian 12 has 3.40, where that is NULL.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sqlite3.sqlite_version_info < SUBSECOND_SINCE:
            self.create_function("unixepoch", 1, lambda _subsec: round(time.time(), 3))


def launch(work: Work, url: str, executor: str, sweep_cron: str) -> None:
    """Start DBOS on the database at `url`, pick up what was left, sweep on the `sweep_cron` schedule, and look every morning what there is to say.

    Blocks for about a second, so call it in a thread.
    """
    _work[:] = [work]
    # With a handler of its own it would write to the console beside our log.
    logging.getLogger("dbos").addHandler(logging.NullHandler())
    logging.getLogger("dbos").propagate = True
    config = DBOSConfig(
        name="moi",
        system_database_url=url,
        # Fixed, so that an update of Moi goes on with the workflows of the version before.
        application_version="1",
        executor_id=executor,
        enable_otlp=False,
        log_level="WARNING",
        sys_db_pool_size=4,
        scheduler_polling_interval_sec=5.0,
        db_engine_kwargs={"connect_args": {"factory": Milliseconds}} if url.startswith("sqlite") else {},
    )
    DBOS(config=config)
    DBOS.launch()
    # One at a time per record, over all instances: an older version never lands after a newer one.
    DBOS.register_queue(
        QUEUE,
        partition_concurrency=1,
        limiter={"limit": POSTS_A_SECOND, "period": 1.0},
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    DBOS.register_queue(
        ANSWERS,
        partition_concurrency=1,
        partition_limiter={"limit": IN_A_CONVERSATION, "period": CONVERSATION_SECONDS},
        limiter={"limit": ANSWERS_A_SECOND, "period": 1.0},
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    # Each one once at a time over all instances, for it is known by its own id; none waits for another that has to wait.
    DBOS.register_queue(
        CAMPAIGNS,
        global_concurrency=CAMPAIGNS_AT_ONCE,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    DBOS.apply_schedules(
        [
            {"schedule_name": "sweep", "workflow_fn": sweep, "schedule": sweep_cron, "context": None},
            {
                "schedule_name": "report",
                "workflow_fn": monthly_report,
                "schedule": REPORT_AT,
                "context": None,
                "cron_timezone": OUR_TIME,
            },
            {
                "schedule_name": "follow-up",
                "workflow_fn": follow_up,
                "schedule": ASK_AT,
                "context": None,
                "cron_timezone": OUR_TIME,
            },
            {"schedule_name": "retention", "workflow_fn": retention, "schedule": NIGHTLY, "context": None},
        ]
    )
    DBOS.start_workflow(sweep, datetime.now(UTC), None)
    # Once a day by its name, for a Moi that is off at night; how many instances start does not matter.
    with SetWorkflowID(f"retention:{datetime.now(UTC).date()}"):
        DBOS.start_workflow(retention, datetime.now(UTC), None)


def stop() -> None:
    """Stop DBOS; what it was doing goes on at the next start."""
    # Its queues are told to stop first, and get a second for it: one that takes work from the table when the loop is closed
    # already reports that as an error, though such work only waits for the next start.
    DBOS.destroy(workflow_completion_timeout_sec=1)
    _work.clear()


def enqueue(record: str, version: int, mark: str = "") -> None:
    """Have this version of a record delivered, once; a `mark` asks for it again. Blocks on the database."""
    with SetWorkflowID(f"post:{record}:{version}{mark}"), SetEnqueueOptions(queue_partition_key=record):
        DBOS.enqueue_workflow(QUEUE, post_summary, record, version)


def answer_later(name: str, service_url: str, conversation: str, activity: dict[str, Any]) -> None:
    """Have an answer sent that did not fit now, once, after those before it. Blocks on the database."""
    with SetWorkflowID(f"answer:{name}"), SetEnqueueOptions(queue_partition_key=conversation):
        DBOS.enqueue_workflow(ANSWERS, send_answer, service_url, conversation, activity)


def send_campaign(campaign: str) -> None:
    """Have a campaign sent, or go on with it; one that is on its way already goes on by itself. Blocks on the database."""
    try:
        with SetEnqueueOptions(deduplication_id=campaign):
            DBOS.enqueue_workflow(CAMPAIGNS, deliver_campaign, campaign)
    except error.DBOSQueueDeduplicatedError:
        # What is on its way may have looked for the last time just before, and not be off the queue yet.
        DBOS.start_workflow(look_once_more, campaign)


@DBOS.workflow()
async def look_once_more(campaign: str) -> None:
    """Go on with a campaign of which the run before may just have ended; one that goes on longer than this looks itself."""
    for pause in ENDING:
        await DBOS.sleep_async(pause)
        with suppress(error.DBOSQueueDeduplicatedError), SetEnqueueOptions(deduplication_id=campaign):
            await DBOS.enqueue_workflow_async(CAMPAIGNS, deliver_campaign, campaign)
            return


@DBOS.workflow()
async def deliver_campaign(campaign: str) -> None:
    """Send a campaign until nothing more can be sent now; the ledger knows how far it is."""
    while (wait := await campaign_step(campaign)) is not None:
        await DBOS.sleep_async(min(wait, LOOK_AGAIN))


@DBOS.step()
async def campaign_step(campaign: str) -> float | None:
    """Send for as long as that goes; an error of ours is logged, and the next sweep tries again."""
    try:
        return await _in_our_loop(_work[0].campaign(campaign))
    except Exception:
        log.exception("campaign", campaign=campaign)
        return None


@DBOS.workflow()
async def send_answer(service_url: str, conversation: str, activity: dict[str, Any]) -> None:
    """Send an answer that had to wait, and keep trying until it has landed or is refused."""
    tries = 0
    while (wait := await answer(service_url, conversation, activity)) is not None:
        backoff = min(FIRST_PAUSE * 2.0**tries, LONGEST_PAUSE)
        tries += 1
        await DBOS.sleep_async(max(wait, backoff))


@DBOS.step()
async def answer(service_url: str, conversation: str, activity: dict[str, Any]) -> float | None:
    """Try once; gives the seconds after which to try again, if any."""
    return await _in_our_loop(_work[0].answer(service_url, conversation, activity))


@DBOS.workflow()
async def post_summary(record: str, version: int) -> None:
    """Bring a record to the channel and keep trying until it has landed."""
    tries = 0
    while (wait := await deliver(record)) is not None:
        backoff = min(FIRST_PAUSE * 2.0**tries, LONGEST_PAUSE)
        tries += 1
        await DBOS.sleep_async(max(wait, backoff))


@DBOS.step()
async def deliver(record: str) -> float | None:
    """Do now what can be done; an error of ours is logged and tried again later."""
    try:
        return await _in_our_loop(_work[0].deliver(record))
    except Exception:
        log.exception("deliver", record=record)
        return LONGEST_PAUSE


@DBOS.workflow()
async def sweep(_at: datetime, _context: object) -> None:
    """Start what is due but was never started, take over from instances that died, and clear away old work."""
    await take_over()
    for record, version in await what_is_due():
        name = f"post:{record}:{version}"
        known = await DBOS.get_workflow_status_async(name)
        if known and known.status in FINISHED:
            # It was cut off for good, and yet there is something to deliver: once more, under another name.
            name += f":{DBOS.workflow_id}"
        with SetWorkflowID(name), SetEnqueueOptions(queue_partition_key=record):
            await DBOS.enqueue_workflow_async(QUEUE, post_summary, record, version)
    for campaign in await due_campaigns():
        with suppress(error.DBOSQueueDeduplicatedError), SetEnqueueOptions(deduplication_id=campaign):
            await DBOS.enqueue_workflow_async(CAMPAIGNS, deliver_campaign, campaign)
    await clear_away()


@DBOS.workflow()
async def monthly_report(_at: datetime, _context: object) -> None:
    """Put the digest or the report on the content in the channel, when it is time; one that was cut off is taken up again."""
    await post_report()


@DBOS.step()
async def post_report() -> None:
    """Make it a note that is due, once; an error of ours is logged, and the next morning is as good."""
    try:
        await _in_our_loop(_work[0].report())
    except Exception:
        log.exception("report")


@DBOS.workflow()
async def follow_up(_at: datetime, _context: object) -> None:
    """Ask colleagues whether it worked out, when that is due."""
    await ask()


@DBOS.step()
async def ask() -> None:
    """Make the cards due that may come now; an error of ours is logged, and the next quarter is as good."""
    try:
        await _in_our_loop(_work[0].ask())
    except Exception:
        log.exception("follow-up")


@DBOS.step()
async def what_is_due() -> list[tuple[str, int]]:
    """Every record and version that still has to land somewhere."""
    return list(await _in_our_loop(_work[0].due()))


@DBOS.step()
async def due_campaigns() -> list[str]:
    """Every campaign of which something must be sent or taken back now."""
    return list(await _in_our_loop(_work[0].campaigns()))


@DBOS.workflow()
async def retention(_at: datetime, _context: object) -> None:
    """Delete what was kept long enough, a batch at a time, until there is no more of it."""
    while await tidy():
        pass


@DBOS.step()
async def tidy() -> int:
    """Delete one batch; an error of ours is logged, and the next night tries again."""
    try:
        return await _in_our_loop(_work[0].tidy())
    except Exception:
        log.exception("retention")
        return 0


@DBOS.step()
async def take_over() -> None:
    """Give the unfinished work of instances that died back to the queue."""
    unfinished = await asyncio.to_thread(
        DBOS.list_workflows, status="PENDING", load_input=False, load_output=False
    )
    others = {status.executor_id for status in unfinished if status.executor_id} - {DBOS.executor_id}
    dead = await _in_our_loop(_work[0].dead(sorted(others)))
    if dead:
        # Not in the public interface, but what their own recovery service calls; it lets only one of us win.
        await asyncio.to_thread(DBOS._recover_pending_workflows, list(dead))


@DBOS.step()
async def clear_away() -> None:
    """Delete what is only of use for a while: workflows that are finished, and which messages were dealt with."""
    await _in_our_loop(_work[0].forget())
    before = (datetime.now(UTC) - KEEP_FINISHED).isoformat()
    done = await asyncio.to_thread(
        DBOS.list_workflows,
        status=FINISHED,
        end_time=before,
        limit=AT_ONCE,
        load_input=False,
        load_output=False,
    )
    if done:
        await asyncio.to_thread(DBOS.delete_workflows, [status.workflow_id for status in done])


async def _in_our_loop(doing: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(doing, _work[0].loop))
