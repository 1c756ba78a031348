"""What came in last week and what still waits, on Monday morning as one note in the procurement channel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from sqlalchemy import Connection, exists, func, select

from bot.campaign_replies import WAITING as REPLIES
from bot.campaign_tables import campaigns
from bot.campaigns import UNDER_WAY
from bot.care import HERE, today_here
from bot.channel_posts import DIGEST, NOTES, PAGE, REPLY
from bot.channel_tables import channel_messages, channel_work
from bot.depot_tables import depot_reservations
from bot.nudges import came_of_it
from bot.tables import posts, records
from cards.record import END_NAMES
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.records import Records

LAST_CHANCE = 2  # Wednesday: later in the week a digest that was missed is of no more use.
WORDS = "kanaal"


class WeeklyDigest:
    """Puts the digest in the procurement channel. A week in which nothing came in and nothing waits has none."""

    def __init__(self, keep: Records, shelf: Shelf, today: Callable[[], date] = today_here) -> None:
        self._records = keep
        self._shelf = shelf
        self._today = today

    async def post(self) -> None:
        """Post the digest of last week when it is time and nobody did; may be called as often as one likes."""
        today = self._today()
        if today.weekday() > LAST_CHANCE:
            return
        monday = today - timedelta(days=today.weekday())
        if await self._records.record(note_id(monday)):
            return
        new, nudged, waiting = await self._records.read(
            lambda connection: (
                came_in(connection, monday),
                came_of_it(connection, monday),
                waits(connection),
            )
        )
        if not new and not nudged and not waiting:
            return
        first, last = (format_date(monday - timedelta(days=days), "d MMMM", locale="nl") for days in (7, 1))
        say = self._shelf.current.words.say
        lines = [[END_NAMES[end], str(number)] for end, number in new.items()]
        lines += [[say(WORDS, name), str(number)] for name, number in (nudged | waiting).items()]
        note = {"title": say(WORDS, "week-titel", van=first, tot=last), "lines": lines}
        await self._records.add_note(note_id(monday), DIGEST, note, self._shelf.current.version)


def note_id(monday: date) -> str:
    """The record of the digest that is due on this Monday: the same for every instance, so that it is made once."""
    return hashlib.sha256(f"weekbericht {monday:%G-%V}".encode()).hexdigest()[:32]


def came_in(connection: Connection, monday: date) -> dict[str, int]:
    """How many purchases were recorded in the week before this Monday, per end that was reached."""
    first, after = (
        datetime.combine(day, time(), HERE).astimezone(UTC) for day in (monday - timedelta(days=7), monday)
    )
    new = select(records.c.outcome, func.count().label("many")).where(
        records.c.made >= first, records.c.made < after, records.c.outcome.not_in(NOTES)
    )
    found = {row.outcome: row.many for row in connection.execute(new.group_by(records.c.outcome))}
    return {end: found[end] for end in END_NAMES if end in found}


def waits(connection: Connection) -> dict[str, int]:
    """How much waits now for somebody, by the key of its sentence (`woorden/kanaal.yaml`); without what is nought."""
    found = {name: connection.execute(waiting).scalar_one() for name, waiting in WAITING.items()}
    return {name: number for name, number in found.items() if number}


_answers = channel_messages.alias()
_in_hands = exists().where(
    channel_work.c.record == records.c.id,
    channel_work.c.taken_by.is_not(None) | channel_work.c.discussed.is_not(None),
)
_answered = exists().where(_answers.c.question == channel_messages.c.id)
_ALL = select(func.count())
WAITING = {
    "week-open": _ALL.select_from(records).where(records.c.outcome.not_in(NOTES), ~_in_hands),
    "week-vragen": _ALL.select_from(channel_messages)
    .join(records, records.c.id == channel_messages.c.record)
    .where(channel_messages.c.question.is_(None), ~_answered, records.c.outcome != REPLY),
    "week-reacties": REPLIES,
    "week-depot": _ALL.select_from(depot_reservations).where(depot_reservations.c.state == "waiting"),
    "week-onderweg": _ALL.select_from(posts).where(
        posts.c.target != PAGE, posts.c.state.in_(("uncertain", "failed"))
    ),
    "week-campagnes": _ALL.select_from(campaigns).where(campaigns.c.state.in_(UNDER_WAY)),
}
"""What waits now: summaries that nobody picked up or discussed, questions without an answer, reservations, cards that did not land."""
