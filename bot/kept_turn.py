"""One turn in the database: the message is new, the talk as it is, what becomes of it, all in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from bot.channel_place import targets
from bot.channel_posts import QUESTION, make_due, read_record
from bot.database import StaleError
from bot.depot import withdraw
from bot.my_data import forget_me
from bot.people import Person
from bot.tables import deliveries, people, records, talks
from bot.talk_state import Answer, ChannelNote, Place, RecordDraft, Response, Talk
from bot.unrecognised import note
from bot.web_log import append
from cards.view import View
from dialogs.again import Earlier
from dialogs.existing import HELD, WhatThereIs

MOST_EARLIER = 50
JUST_BEFORE = timedelta(microseconds=1)
Settle = Callable[[Connection, Talk | None, Response], Response]
"""Does in the database what a response asks for beside the talk itself, and gives the response with what became of it."""


@dataclass(frozen=True, slots=True)
class Done:
    """A turn that is kept: the answer, and which versions of which records are new in the channel; `sends` when that is not only a
    page of Moi."""

    answer: Answer
    due: tuple[tuple[str, int], ...] = ()
    sends: bool = False
    forgotten: bool = False
    look: WhatThereIs | None = None
    """What has to be looked up before the turn can be done; nothing was kept yet."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One message of one person, ready to be worked out on a connection; `seen` is today when not kept yet."""

    person: Person
    place: Place
    delivery: str
    work: Callable[[Talk | None], Response]
    again: Callable[[Talk | None], Sequence[View]]
    log: Callable[[Sequence[View]], Sequence[Mapping[str, Any]]] | None
    talk_id: str | None
    targets: tuple[str, ...]
    seen: date | None
    settle: Settle | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def look(self, connection: Connection) -> Callable[[Connection], Done]:
        """Work the turn out from what is there now; gives what keeps it."""
        seen_before, talk = self._read(connection)
        if seen_before:
            done = Done(Answer(tuple(self.again(talk)), repeated=True))
        else:
            response = self.work(talk)
            if response.look is None:
                return partial(self._keep, talk, response)
            done = Done(Answer(()), look=response.look)
        return lambda _connection: done

    def _keep(self, talk: Talk | None, response: Response, connection: Connection) -> Done:
        """Keep the whole turn; raises `StaleError` when another turn of this talk came in between."""
        key = {"channel": self.place.channel, "delivery": self.delivery, "at": self.now}
        connection.execute(KEEP_DELIVERY, key)
        if self.seen:
            keep_person(connection, self.person, self.seen, knows_roles=self.place.channel != "teams")
        if self.settle:
            response = self.settle(connection, talk, response)
        due, sends = [], False
        record = None
        if response.record:
            of_talk = response.talk.record if response.talk else None
            record, version = self._keep_record(connection, response.record, response.record.id or of_talk)
            due += [(record, version)] if version else []
        if response.note:
            due.append((self._ask_channel(connection, response.note), 1))
        for other, draft in response.also:
            kept, version = self._keep_record(connection, draft, draft.id) if draft else (None, 0)
            due += [(kept, version)] if kept and version else []
            # A moment earlier, so that the talk of this turn stays the last one of the person.
            self._keep_talk(connection, other, None, kept, self.now - JUST_BEFORE)
        if response.talk and (response.talk != talk or response.record):
            left = any(talk and other.id == talk.id for other, _ in response.also)
            self._keep_talk(connection, response.talk, None if left else talk, record, self.now)
        if response.forget:
            forget_me(connection, self.person.id, stays=self.place.conversation)
        if due:
            now_to = targets(connection, self.targets)
            for about, version in due:
                sends = make_due(connection, about, version, now_to)
        if response.missed:
            note(connection, response.missed, self.now.date())
        if self.log:
            append(connection, self.place.conversation, self.log(response.views))
        if response.talk == talk and not response.record and self._read(connection)[1] != talk:
            # Another turn of this talk came in between, and nothing else was there to meet it.
            raise StaleError(self.place.conversation)
        return Done(Answer(tuple(response.views)), tuple(due), sends, forgotten=response.forget)

    def _read(self, connection: Connection) -> tuple[bool, Talk | None]:
        keys = {"person": self.person.id, "channel": self.place.channel, "delivery": self.delivery}
        if self.talk_id:
            row = connection.execute(NAMED, keys | {"talk": self.talk_id}).one()
        else:
            row = connection.execute(CURRENT, keys).one()
        return bool(row.repeated), to_talk(row) if row.id else None

    def _keep_talk(
        self, connection: Connection, new: Talk, old: Talk | None, record: str | None, changed: datetime
    ) -> None:
        if self.talk_id and new.state == "open":
            old = self._open_talk(connection)
        if old and old.state == new.state == "open" and old.id != new.id:
            # One open talk per person: a new one, or an old one opened again, takes the place of another.
            aside = {"talk": old.id, "known": old.version, "version": old.version + 1}
            self._change(connection, aside | {"state": "stopped", "changed": self.now})
            if (held := old.answers.get(HELD)) and isinstance(held, dict) and old.record is None:
                withdraw(connection, self.person.id, str(held.get("reservering")))
        row = {
            "dialog": new.dialog,
            "answers": dict(new.answers),
            "state": new.state,
            "record": record or new.record,
            "asked": new.asked,
            "seen": dict(new.seen),
            "given": dict(new.given),
            "version": new.version + 1,
            "changed": changed,
        }
        if not new.version:
            connection.execute(KEEP_TALK, row | {"id": new.id, "person_id": self.person.id})
        else:
            self._change(connection, row | {"talk": new.id, "known": new.version})

    def _change(self, connection: Connection, row: Mapping[str, Any]) -> None:
        if not connection.execute(CHANGE_TALK, row).rowcount:
            raise StaleError(row["talk"])

    def _open_talk(self, connection: Connection) -> Talk | None:
        row = connection.execute(
            select(talks).where(OF_PERSON, IS_OPEN), {"person": self.person.id}
        ).one_or_none()
        return to_talk(row) if row else None

    def _keep_record(
        self, connection: Connection, draft: RecordDraft, record_id: str | None
    ) -> tuple[str, int]:
        """Make or change the record; gives its id, and the version that is new (0: nothing changed)."""
        row = {
            "outcome": draft.outcome,
            "category": draft.category,
            "product_group": draft.group,
            "value_band": draft.value_band,
            "advice": dict(draft.advice),
            "knowledge_version": draft.knowledge_version,
        }
        old = read_record(connection, record_id) if record_id else None
        if old is None:
            return self._new_record(connection, row, record_id), 1
        kept = (old.outcome, old.category, old.group, old.value_band, old.advice, old.knowledge_version)
        if kept == tuple(row.values()):
            return old.id, 0
        change = row | {
            "record": old.id,
            "known": old.version,
            "version": old.version + 1,
            "changed": self.now,
        }
        if not connection.execute(CHANGE_RECORD, change).rowcount:
            raise StaleError(old.id)
        return old.id, old.version + 1

    def _ask_channel(self, connection: Connection, note: ChannelNote) -> str:
        row = {
            "outcome": QUESTION,
            "category": note.category,
            "product_group": note.group,
            "value_band": "",
            "advice": dict(note.advice),
            "knowledge_version": note.knowledge_version,
        }
        return self._new_record(connection, row, None)

    def _new_record(self, connection: Connection, row: Mapping[str, Any], record_id: str | None) -> str:
        new = record_id or uuid.uuid4().hex
        made = {"id": new, "person_id": self.person.id, "version": 1, "made": self.now, "changed": self.now}
        connection.execute(KEEP_RECORD, {**row, **made})
        return new


def keep_person(connection: Connection, person: Person, today: date, *, knows_roles: bool = True) -> None:
    """Write down who this is and that they were here today; a channel that knows no roles leaves those as they are."""
    row = {"name": person.name, "last_seen": today}
    roles = {"roles": sorted(person.roles)}
    known = row | roles if knows_roles else row
    if not connection.execute(CHANGE_PERSON, known | {"person": person.id}).rowcount:
        connection.execute(insert(people), row | roles | {"id": person.id})


def forget_deliveries(before: datetime, connection: Connection) -> None:
    """Forget which messages were dealt with before then; no channel delivers a message twice after so long."""
    connection.execute(delete(deliveries).where(deliveries.c.at < before))


def talk_by_id(connection: Connection, talk_id: str) -> Talk | None:
    """The talk with this id; None when there is none."""
    row = connection.execute(select(talks).where(talks.c.id == talk_id)).one_or_none()
    return to_talk(row) if row else None


def talk_about(connection: Connection, record_id: str, person_id: str) -> Talk | None:
    """The talk of this person from which a record came; None when there is none."""
    found = (
        select(talks).where(OF_PERSON, talks.c.record == record_id).order_by(talks.c.changed.desc()).limit(1)
    )
    row = connection.execute(found, {"person": person_id}).one_or_none()
    return to_talk(row) if row else None


def earlier_purchases(person_id: str, connection: Connection) -> tuple[Earlier, ...]:
    """What a person sent before as a small purchase, the newest first."""
    sent = (
        select(records.c.product_group, records.c.advice, talks.c.answers, talks.c.changed)
        .join(records, records.c.id == talks.c.record)
        .where(OF_PERSON, talks.c.state == "done", records.c.product_group.is_not(None))
        .order_by(talks.c.changed.desc())
        .limit(MOST_EARLIER)
    )
    rows = connection.execute(sent, {"person": person_id}).all()
    small = (row for row in rows if not row.advice.get("startform"))
    return tuple(Earlier(row.product_group, row.answers, row.changed) for row in small)


def last_talk(connection: Connection, person_id: str) -> str | None:
    """The id of the talk that a person had last, open or not."""
    newest = select(talks.c.id).where(OF_PERSON).order_by(IS_OPEN.desc(), talks.c.changed.desc()).limit(1)
    return connection.execute(newest, {"person": person_id}).scalar_one_or_none()


def talk_of_message(person_id: str, mark: str, connection: Connection) -> tuple[str | None, bool]:
    """The newest talk of a person with an answer from this message, and whether the person has another talk open."""
    newest = (
        select(talks.c.id, talks.c.given, talks.c.state).where(OF_PERSON).order_by(talks.c.changed.desc())
    )
    found = connection.execute(newest, {"person": person_id}).all()
    talk = next((row.id for row in found if mark in (row.given or {}).values()), None)
    return talk, any(row.state == "open" and row.id != talk for row in found)


def to_talk(row: Row[Any]) -> Talk:
    """A row of the table as the rest of Moi knows it."""
    return Talk(
        id=row.id,
        person_id=row.person_id,
        dialog=row.dialog,
        answers=row.answers,
        state=row.state,
        record=row.record,
        version=row.version,
        asked=row.asked,
        seen=row.seen or {},
        given=row.given or {},
    )


# The message and the talk in one question to the database; there is always one row, also without a talk.
NOW = select(literal(1).label("one")).subquery()
REPEATED = (
    exists()
    .where(deliveries.c.channel == bindparam("channel"), deliveries.c.delivery == bindparam("delivery"))
    .label("repeated")
)
OF_PERSON = talks.c.person_id == bindparam("person")
# Written out, for a partial index is only used when the query says the same words.
IS_OPEN = talks.c.state == literal_column("'open'")
CURRENT = select(REPEATED, talks).select_from(NOW.outerjoin(talks, and_(OF_PERSON, IS_OPEN)))
NAMED = select(REPEATED, talks).select_from(
    NOW.outerjoin(talks, and_(OF_PERSON, talks.c.id == bindparam("talk")))
)
KEEP_DELIVERY = insert(deliveries)
KEEP_TALK = insert(talks)
CHANGE_TALK = update(talks).where(talks.c.id == bindparam("talk"), talks.c.version == bindparam("known"))
KEEP_RECORD = insert(records)
CHANGE_RECORD = update(records).where(
    records.c.id == bindparam("record"), records.c.version == bindparam("known")
)
CHANGE_PERSON = update(people).where(people.c.id == bindparam("person"))
