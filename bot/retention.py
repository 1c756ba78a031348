"""Deleting what was kept long enough: a batch at a time, so that nobody waits for it, and the same again does no harm.

How long is in the settings; why, in docs/privacy.md. A durable workflow calls it every night (`bot/workflows.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog
from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select

from bot.campaign_keeping import delete_old, unlink_old
from bot.channel_posts import REPLY
from bot.channel_tables import channel_messages, channel_work
from bot.depot import OPEN
from bot.depot_tables import depot_reservations
from bot.my_data import forget_person
from bot.rights import MOI, note
from bot.tables import (
    activities,
    audit,
    conversations,
    follow_ups,
    meetings,
    people,
    posts,
    records,
    sign_ins,
    talks,
)
from bot.tender_keeping import delete_old as delete_old_tenders

if TYPE_CHECKING:
    from prometheus_client import Counter

    from bot.records import Records
    from bot.settings import Settings

AT_ONCE = 200
PEOPLE_AT_ONCE = 20  # Each has rows in several tables.

ENDED_SESSIONS = timedelta(days=1)  # A session lasts half a day; after that its end need not be remembered.

Kind = Literal[
    "open gesprekken",
    "gesprekken",
    "webberichten",
    "plekken",
    "mensen",
    "aanmeldingen",
    "logboek",
    "aanvragen",
    "reserveringen",
    "samen zoeken",
    "ontvangers van campagnes",
    "campagnes",
    "vragen aan het MVOI-team",
    "kalender",
]

log = structlog.stdlib.get_logger("moi")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data: the setting with its period, and what deletes a batch of what is older than a moment, seen from
    now; that gives how many went."""

    setting: str
    clear: Callable[[Connection, datetime, datetime], int]


class Retention:
    """Deletes what is older than its period in the settings. `forgotten` counts it, by kind."""

    def __init__(
        self, records: Records, settings: Settings, forgotten: Counter, now: Callable[[], datetime]
    ) -> None:
        self._records = records
        self._settings = settings
        self._forgotten = forgotten
        self._now = now

    async def batch(self) -> int:
        """Delete one batch of every kind, each in a transaction with its line in the log; gives how many went."""
        total = 0
        for kind, rule in RULES.items():
            days: int = getattr(self._settings, rule.setting)
            if not days:
                continue
            now = self._now()
            went = await self._records.write(partial(_clear, kind, now - timedelta(days=days), now))
            if went:
                self._forgotten.labels(kind).inc(went)
                log.info("kept long enough", kind=kind, number=went)
            total += went
        return total


def _clear(kind: Kind, before: datetime, now: datetime, connection: Connection) -> int:
    went = RULES[kind].clear(connection, before, now)
    if went:
        note(connection, MOI, "bewaartermijn uitgevoerd", f"{kind}: {went}", now)
    return went


def _old(table: Table, *old: ColumnElement[bool], most: int = AT_ONCE) -> Any:
    return select(table.c.id).where(*old).order_by(table.c.id).limit(most)


def _open_talks(connection: Connection, before: datetime, _now: datetime) -> int:
    old = _old(talks, talks.c.state != "done", talks.c.changed < before)
    return connection.execute(delete(talks).where(talks.c.id.in_(old))).rowcount


def _finished_talks(connection: Connection, before: datetime, _now: datetime) -> int:
    old = _old(talks, talks.c.state == "done", talks.c.changed < before)
    return connection.execute(delete(talks).where(talks.c.id.in_(old))).rowcount


def _web_log(connection: Connection, before: datetime, _now: datetime) -> int:
    holding = select(activities.c.conversation).where(activities.c.conversation == conversations.c.id)
    old = connection.execute(_old(conversations, conversations.c.used < before, holding.exists())).scalars()
    return connection.execute(delete(activities).where(activities.c.conversation.in_(list(old)))).rowcount


def _conversations(connection: Connection, before: datetime, _now: datetime) -> int:
    old = list(connection.execute(_old(conversations, conversations.c.used < before)).scalars())
    connection.execute(delete(activities).where(activities.c.conversation.in_(old)))
    return connection.execute(delete(conversations).where(conversations.c.id.in_(old))).rowcount


def _people(connection: Connection, before: datetime, _now: datetime) -> int:
    old = _old(people, people.c.last_seen < before.date(), most=PEOPLE_AT_ONCE)
    unseen = list(connection.execute(old).scalars())
    for person_id in unseen:
        forget_person(connection, person_id)
    return len(unseen)


def _sign_ins(connection: Connection, before: datetime, now: datetime) -> int:
    unneeded = or_(sign_ins.c.ended.is_(None), sign_ins.c.ended < now - ENDED_SESSIONS)
    return connection.execute(delete(sign_ins).where(sign_ins.c.at < before, unneeded)).rowcount


def _audit(connection: Connection, before: datetime, _now: datetime) -> int:
    old = _old(audit, audit.c.at < before)
    return connection.execute(delete(audit).where(audit.c.id.in_(old))).rowcount


def _records(connection: Connection, before: datetime, _now: datetime) -> int:
    return _delete_records(connection, _old(records, records.c.changed < before))


def _replies(connection: Connection, before: datetime, _now: datetime) -> int:
    return _delete_records(connection, _old(records, records.c.outcome == REPLY, records.c.changed < before))


def _delete_records(connection: Connection, chosen: Any) -> int:
    old = list(connection.execute(chosen).scalars())
    for of_record in (channel_messages, channel_work, follow_ups, posts):
        connection.execute(delete(of_record).where(of_record.c.record.in_(old)))
    connection.execute(delete(talks).where(talks.c.record.in_(old)))
    return connection.execute(delete(records).where(records.c.id.in_(old))).rowcount


def _reservations(connection: Connection, before: datetime, _now: datetime) -> int:
    over = depot_reservations.c.state.not_in(OPEN)
    old = _old(depot_reservations, over, depot_reservations.c.changed < before)
    return connection.execute(delete(depot_reservations).where(depot_reservations.c.id.in_(old))).rowcount


def _meetings(connection: Connection, before: datetime, _now: datetime) -> int:
    return connection.execute(
        delete(meetings).where(meetings.c.id.in_(_old(meetings, meetings.c.changed < before)))
    ).rowcount


def _recipients(connection: Connection, before: datetime, now: datetime) -> int:
    return unlink_old(connection, before, now, AT_ONCE)


def _campaigns(connection: Connection, before: datetime, _now: datetime) -> int:
    return delete_old(connection, before, PEOPLE_AT_ONCE)


def _calendar(connection: Connection, before: datetime, now: datetime) -> int:
    return delete_old_tenders(connection, before, now, AT_ONCE)


RULES: Final[Mapping[Kind, Rule]] = {
    "open gesprekken": Rule("keep_open_talks_days", _open_talks),
    "gesprekken": Rule("keep_finished_talks_days", _finished_talks),
    "webberichten": Rule("keep_web_log_days", _web_log),
    "plekken": Rule("keep_conversations_days", _conversations),
    "mensen": Rule("keep_people_days", _people),
    "aanmeldingen": Rule("keep_people_days", _sign_ins),
    "logboek": Rule("keep_audit_days", _audit),
    "aanvragen": Rule("keep_records_days", _records),
    "reserveringen": Rule("keep_finished_talks_days", _reservations),
    "samen zoeken": Rule("keep_open_talks_days", _meetings),
    "ontvangers van campagnes": Rule("keep_web_log_days", _recipients),
    "campagnes": Rule("keep_audit_days", _campaigns),
    "vragen aan het MVOI-team": Rule("keep_finished_talks_days", _replies),
    "kalender": Rule("keep_finished_talks_days", _calendar),
}
