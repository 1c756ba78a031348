"""Bringing one record to the procurement channel: to the page of Moi, and to Teams when that is set up.

Knows nothing of waiting or restarting: `deliver` does what can be done now and says when to come back. It is only
called for one record at a time (`bot.delivery` sees to that), so a post that is found half sent was cut off there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, case

from bot.channel_posts import (
    PostState,
    Record,
    Sending,
    change_post,
    next_revision,
    read_record,
    sending,
)
from bot.channel_work import Work, work_of
from bot.connector_errors import ConnectorError, Throttled, Unavailable, Uncertain
from bot.depot_letters import DepotLetters
from bot.follow_up_letters import FollowUpLetters
from bot.letters import Letters
from bot.meeting_desk import MeetingLetters
from bot.nudge_desk import NudgeLetters
from bot.records import Records
from bot.tables import posts
from cards.marks import shortened
from cards.record import without_assumption

T = TypeVar("T")

SOON = 2.0  # Seconds to wait when the channel did not say how long.

log = structlog.stdlib.get_logger("moi")

LONGEST_VALUE = 200  # Characters of a value in a notice.
MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Rendered:
    """A record as a channel gets it: card, line for notifications, and its lines by label, to tell what changed."""

    card: Mapping[str, Any]
    summary: str
    lines: Mapping[str, str] = field(default_factory=dict)


Render = Callable[[Record, Work], Rendered]


class Target(Protocol):
    """A channel outside Moi where summaries go; every call raises a `ConnectorError` when it did not land."""

    async def post(self, card: Mapping[str, Any], summary: str) -> str:
        """Put a new card in the channel and give its id there."""
        ...

    async def update(self, external: str, card: Mapping[str, Any], summary: str) -> None:
        """Replace a card in place; safe to repeat."""
        ...

    async def notice(self, external: str, text: str) -> None:
        """Say something short below a card."""
        ...


class Posting:
    """Brings records to the page and to the `outside` targets, by the name under which they are kept."""

    def __init__(
        self,
        records: Records,
        render: Render,
        outside: Mapping[str, Target],
        letters: Letters | None = None,
        depot: DepotLetters | None = None,
        meetings: MeetingLetters | None = None,
        follow_up: FollowUpLetters | None = None,
        nudges: NudgeLetters | None = None,
    ) -> None:
        self._nudges = nudges
        self._letters = letters
        self._meetings = meetings
        self._depot = depot
        self._follow_up = follow_up
        self._records = records
        self._render = render
        self._outside = outside

    async def deliver(self, record: str) -> float | None:
        """Bring the record as it now is wherever it is due; gives the seconds after which to try again, if any."""
        waits = []
        for post in await self._read(lambda connection: sending(connection, record)):
            if post.target in self._outside:
                waits.append(await self._send(post, self._outside[post.target]))
                self._records.channel_changed()
        if self._letters:
            waits.append(await self._letters.deliver(record))
        if self._depot:
            # A reservation goes the way of a record, under an id of its own.
            waits.append(await self._depot.deliver(record))
        if self._meetings:
            waits.append(await self._meetings.deliver(record))
        if self._follow_up:
            # So does asking whether it worked out.
            waits.append(await self._follow_up.deliver(record))
        if self._nudges:
            waits.append(await self._nudges.deliver(record))
        return max((wait for wait in waits if wait is not None), default=None)

    async def _send(self, seen: Sending, target: Target) -> float | None:
        claimed = await self._write(lambda connection: _claim(connection, seen, self._render))
        if claimed is None:
            return None
        try:
            external = await _bring(target, claimed)
        except ConnectorError as problem:
            return await self._set_back(claimed.post, problem)
        if claimed.needs_notice:
            # Noted before it is said: after a power cut better no notice than two.
            await self._write(partial(_note_notice, claimed))
            try:
                await target.notice(external, claimed.notice)
            except (Throttled, Unavailable) as problem:
                return await self._set_back(claimed.post, problem)
            except ConnectorError as problem:
                log.warning("notice", record=seen.record, target=seen.target, problem=type(problem).__name__)
        await self._write(partial(_land, claimed, external))
        return None

    async def _set_back(self, post: Sending, problem: ConnectorError) -> float | None:
        """Write down that it did not land; gives the wait when it may be tried again."""
        state: PostState = "failed"
        if isinstance(problem, Throttled | Unavailable):
            state = "due"
        elif isinstance(problem, Uncertain):
            state = "uncertain" if post.external is None else "due"
        log.warning(
            "post", record=post.record, target=post.target, state=state, problem=type(problem).__name__
        )
        values = {"state": state, "noticed_version": post.noticed_version}
        await self._write(lambda connection: change_post(connection, post.record, post.target, **values))
        if state != "due":
            return None
        return SOON if problem.wait is None else problem.wait

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.read(work))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.write(work))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post that is about to be sent, as it was, with the record as it now is."""

    post: Sending
    version: int
    card: Mapping[str, Any]
    summary: str
    lines: Mapping[str, str]
    work: Work

    @property
    def needs_notice(self) -> bool:
        """Whether people saw an older version of this card."""
        return self.post.external is not None and self.post.noticed_version < self.version

    @property
    def notice(self) -> str:
        """What is different from what people saw, as plain text."""
        different = changes(self.post.shown or self.lines, self.lines)
        # A client that shows plain text on one line leaves the bullets to tell the changes apart.
        return "\n".join([f"Bijgewerkt: {self.summary}", *(f"• {change}" for change in different)])


def _claim(connection: Connection, seen: Sending, render: Render) -> Claimed | None:
    """Note that sending begins, so that a power cut in the middle is known afterwards."""
    post = next(now for now in sending(connection, seen.record) if now.target == seen.target)
    record = read_record(connection, post.record)
    if record is None or post.state not in {"due", "sending"}:
        return None
    if post.state == "sending" and post.external is None:
        # Cut off in the middle: it may have arrived, and only a person can see that.
        change_post(connection, post.record, post.target, state="uncertain")
        return None
    work = work_of(connection, record.id)
    made = render(record, work)
    change_post(connection, post.record, post.target, state="sending")
    return Claimed(post, record.version, made.card, made.summary, made.lines, work)


async def _bring(target: Target, claimed: Claimed) -> str:
    if claimed.post.external is None:
        return await target.post(claimed.card, claimed.summary)
    await target.update(claimed.post.external, claimed.card, claimed.summary)
    return claimed.post.external


def _note_notice(claimed: Claimed, connection: Connection) -> None:
    change_post(connection, claimed.post.record, claimed.post.target, noticed_version=claimed.version)


def _land(claimed: Claimed, external: str, connection: Connection) -> None:
    # Somebody may have picked it up while the card without that was on its way; who does so now waits for us.
    next_revision(connection)
    newer = "posted" if work_of(connection, claimed.post.record) == claimed.work else "due"
    posted = case((posts.c.due_version > claimed.version, "due"), else_=newer)
    values = {
        "external": external,
        "posted_version": claimed.version,
        "noticed_version": claimed.version,
        "shown": dict(claimed.lines),
    }
    change_post(connection, claimed.post.record, claimed.post.target, state=posted, **values)


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What is different between two summaries, a line each: "Waarde: € 15.000 → € 18.000", to the letter.

    The card says what a money figure assumes; here stands only the figure, unless that stayed the same.
    """
    found = []
    for label in [*before, *(label for label in now if label not in before)]:
        if before.get(label) == now.get(label):
            continue
        old, new = (lines.get(label, "leeg") for lines in (before, now))
        if (figure := without_assumption(label, old)) != (other := without_assumption(label, new)):
            old, new = figure, other
        found.append(f"{label}: {shortened(old, LONGEST_VALUE)} → {shortened(new, LONGEST_VALUE)}")
    more = len(found) - MOST_CHANGES
    return [*found[:MOST_CHANGES], f"en nog {more}"] if more > 0 else found
