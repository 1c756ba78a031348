"""What Facilitair has to look at: small purchases of today, what waits for somebody, and what is reserved and lent.

A function of a connection that costs the same few queries however much is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, or_, select

from bot.channel_posts import NOTES, Record, to_record
from bot.channel_tables import channel_work
from bot.channel_work import NOTHING_YET, Work, works
from bot.depot import Reservation, reservations
from bot.people import Person
from bot.rights import may, require_small
from bot.small import is_small
from bot.tables import records
from cards.today import Check, Lent, Overview
from knowledge.knowledge import Knowledge

HERE = ZoneInfo("Europe/Amsterdam")
LOOK_BACK = timedelta(days=14)
"""How long it waits for Facilitair when somebody was sent to them and nobody did anything with it."""
MOST = 200  # records that are looked at, of today and of before
FACILITAIR = "facilitair"  # The role that an advice sends somebody to.
State = Literal["waiting", "busy", "done", "new"]


@dataclass(frozen=True, slots=True)
class Today:
    """Small purchases with how far they are, those of today and those of before that are not finished; newest first.

    `asked` and `lent` are empty for who decides nothing about the depot; `more` when not everything is in here.
    """

    day: date
    checks: tuple[Check, ...]
    before: tuple[Check, ...]
    asked: tuple[Reservation, ...]
    lent: tuple[Lent, ...]
    more: bool

    def in_state(self, *states: State) -> tuple[Check, ...]:
        """All that are this far, of today and of before."""
        return tuple(check for check in (*self.checks, *self.before) if check.state in states)

    def overview(self) -> Overview:
        """What fits on a card."""
        return Overview(
            self.day, self.checks, self.in_state("waiting"), len(self.asked), self.lent, self.more
        )


def today(connection: Connection, person: Person, knowledge: Knowledge, now: datetime) -> Today:
    """Everything that Facilitair looks after at this moment; raises `NotYoursError` for whom it is not."""
    require_small(person)
    day = now.astimezone(HERE).date()
    begin = datetime.combine(day, time(), HERE)
    of_today = _read(connection, NEWEST.where(records.c.made >= begin))
    unfinished = or_(records.c.made >= begin - LOOK_BACK, records.c.id.in_(UNFINISHED))
    of_before = _read(connection, NEWEST.where(records.c.made < begin, unfinished))
    small = [record for record in (*of_today, *of_before) if is_small(knowledge, record)]
    done = works(connection, [record.id for record in small])
    checks = [(record, check(record, done.get(record.id, NOTHING_YET))) for record in small]
    found = reservations(connection) if may(person, "reservering bevestigd") else []
    return Today(
        day,
        tuple(one for record, one in checks if record.made >= begin),
        tuple(one for record, one in checks if record.made < begin and one.state in ("waiting", "busy")),
        tuple(one for one in found if one.state == "waiting"),
        lent(found, day),
        more=MOST in (len(of_today), len(of_before)),
    )


def check(record: Record, work: Work) -> Check:
    """One small purchase as the desk shows it: no more of the person than the card in the channel."""
    advice = record.advice
    return Check(
        id=record.id,
        made=record.made.astimezone(HERE),
        what=str(advice.get("title", "")),
        said=str(advice.get("said", "")),
        number=advice.get("quantity"),
        outcome=record.outcome,
        way=str(advice.get("way", "")),
        value=record.value_band,
        state=_state(record, work),
        sent_here=_sent_here(record),
        taken_by=work.taken_by or "",
        taken_id=work.taken_id or "",
        discussed=work.discussed is not None,
        exchanges=tuple((one.by, one.question, one.answer) for one in work.exchanges),
    )


def lent(found: Collection[Reservation], day: date) -> tuple[Lent, ...]:
    """What is lent out, what must be back first on top; a line of the depot without a date says nothing about that."""
    out = [one for one in found if one.state == "confirmed"]
    out.sort(key=lambda one: (one.until or date.max, one.at))
    return tuple(
        Lent(
            one.id,
            one.number,
            one.what,
            one.place,
            one.who,
            one.at.astimezone(HERE).date(),
            one.until,
            late=one.until is not None and one.until < day,
        )
        for one in out
    )


def _state(record: Record, work: Work) -> State:
    if work.discussed:
        return "done"
    if any(one.answer is not None for one in work.exchanges):
        return "waiting"
    if work.taken_by or work.exchanges:
        return "busy"
    return "waiting" if _sent_here(record) else "new"


def _sent_here(record: Record) -> bool:
    """Whether the advice sent the buyer to Facilitair: to use, lend or share what is there, or to order as agreed."""
    return any(contact.get("role") == FACILITAIR for contact in record.advice.get("contacts", ()))


def _read(connection: Connection, found: Select[tuple[object]]) -> list[Record]:
    return [to_record(row) for row in connection.execute(found).mappings()]


# Whoever does anything with a summary gives it a row here.
UNFINISHED = select(channel_work.c.record).where(channel_work.c.discussed.is_(None))
NEWEST: Select[tuple[object]] = (
    select(records).where(records.c.outcome.not_in(NOTES)).order_by(records.c.made.desc()).limit(MOST)
)
