"""What the people of procurement do with a summary: pick it up, ask its buyer something, discuss it; and the answers.

Functions of a connection. Every one may be called again: what is done already is not done twice, and of two people who
press at the same moment one is first and the other hears who.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.channel_posts import BY_ITSELF, FROM_MOI, PAGE, REPLY, Record, change_post, read_record, sending
from bot.channel_tables import channel_messages, channel_work
from bot.people import Person, role_name
from bot.realised import all_realised
from bot.rights import GONE, Action, note, require
from bot.tables import people
from cards.follow_up import Realised
from cards.marks import legible, shortened

LONGEST = 1000  # characters of a question or an answer
SOMEBODY = "een collega"
NEEDS: Mapping[str, Action] = {
    "oppakken": "opgepakt",
    "teruggeven": "teruggegeven",
    "vragen": "vraag gesteld",
    "besproken": "besproken",
    "niet-besproken": "niet besproken",
}
"""Which right each button needs."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question to the buyer, to the letter, with who asked it, and the answer if there is one."""

    id: str
    by: str
    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """How far a summary is: who picked it up, when it was discussed, what was asked, and what became of it later."""

    taken_by: str | None = None
    taken_id: str | None = None
    discussed: datetime | None = None
    exchanges: tuple[Exchange, ...] = ()
    realised: tuple[Realised, ...] = ()


NOTHING_YET = Work()


def works(connection: Connection, records: Collection[str]) -> Mapping[str, Work]:
    """How far each of these records is; records with which nothing was done yet are left out."""
    found: dict[str, Work] = {}
    rows = connection.execute(
        select(channel_work, people.c.name)
        .outerjoin(people, people.c.id == channel_work.c.taken_by)
        .where(channel_work.c.record.in_(records))
    )
    for row in rows:
        who = f"{row.name or SOMEBODY} ({row.taken_role})" if row.taken_by else None
        found[row.record] = Work(who, row.taken_by, row.discussed)
    said = connection.execute(
        select(channel_messages, people.c.name)
        .outerjoin(people, people.c.id == channel_messages.c.person_id)
        .where(channel_messages.c.record.in_(records))
        .order_by(channel_messages.c.at, channel_messages.c.id)
    ).all()
    answers = {row.question: row.text for row in said if row.question}
    for row in said:
        if not row.question:
            asked = Exchange(row.id, f"{row.name or SOMEBODY} ({row.role})", row.text, answers.get(row.id))
            work = found.get(row.record, NOTHING_YET)
            found[row.record] = replace(work, exchanges=(*work.exchanges, asked))
    for record, answered in all_realised(connection, records).items():
        found[record] = replace(found.get(record, NOTHING_YET), realised=answered)
    return found


def work_of(connection: Connection, record: str) -> Work:
    """How far one record is."""
    return works(connection, [record]).get(record, NOTHING_YET)


def act(
    connection: Connection,
    person: Person,
    what: str,
    record_id: str,
    words: str,
    is_small: Callable[[Record], bool] = lambda _: False,
) -> tuple[str, dict[str, Any]]:
    """Do one thing with a summary; gives the sentence that says what became of it, and what to fill in there.

    An answer also gives the "record" that it is about. With what `is_small` more people may do something.

    `what` is oppakken, teruggeven, besproken, niet-besproken, vragen or antwoorden. Raises `NotYoursError` when the
    person may not do it; a record that is not there is not told from one that is not theirs.
    """
    if what == "antwoorden":
        return _answer(connection, person, record_id, words)
    record = read_record(connection, record_id)
    small = record is not None and is_small(record)
    require(person, NEEDS.get(what, "opgepakt"), small=small)
    # Whoever is second waits here, and then sees what the first did.
    if not change_post(connection, record_id, PAGE) or (record := read_record(connection, record_id)) is None:
        return "onbekend", {}
    if record.outcome in BY_ITSELF:
        return "onbekend", {}
    if not connection.execute(
        select(channel_work.c.record).where(channel_work.c.record == record_id)
    ).first():
        connection.execute(insert(channel_work).values(record=record_id))
    work = work_of(connection, record_id)
    match what:
        case "oppakken" if work.taken_id not in (None, person.id):
            return "al-opgepakt", {"wie": work.taken_by}
        case "oppakken" if work.taken_id is None:
            _change(connection, record_id, taken_by=person.id, taken_role=role_name(person), taken_at=_now())
            note(connection, person, "opgepakt", record_id, small=small)
        case "teruggeven" if work.taken_id:
            _change(connection, record_id, taken_by=None, taken_role=None, taken_at=None)
            note(connection, person, "teruggegeven", record_id, small=small)
        case "besproken" if not work.discussed:
            _change(connection, record_id, discussed=_now(), discussed_by=person.id)
            note(connection, person, "besproken", record_id, small=small)
        case "niet-besproken" if work.discussed:
            _change(connection, record_id, discussed=None, discussed_by=None)
            note(connection, person, "niet besproken", record_id, small=small)
        case "vragen":
            return _ask(connection, person, record, words, small=small)
        case "oppakken" | "teruggeven" | "besproken" | "niet-besproken":
            return what, {}
        case _:
            return "onbekend", {}
    show_again(connection, record_id)
    return what, {}


def open_questions(connection: Connection, person_id: str) -> list[tuple[Record, Exchange]]:
    """What was asked about the records of a person and is not answered yet, oldest first."""
    answered = select(channel_messages.c.question).where(channel_messages.c.question.is_not(None))
    rows = connection.execute(
        select(channel_messages.c.id, channel_messages.c.record)
        .where(
            channel_messages.c.to_id == person_id,
            channel_messages.c.question.is_(None),
            channel_messages.c.id.not_in(answered),
        )
        .order_by(channel_messages.c.at)
    ).all()
    found = []
    for row in rows:
        record = read_record(connection, row.record)
        exchange = next(one for one in work_of(connection, row.record).exchanges if one.id == row.id)
        if record and record.outcome != REPLY:
            found.append((record, exchange))
    return found


def _ask(
    connection: Connection, person: Person, record: Record, words: str, *, small: bool
) -> tuple[str, dict[str, Any]]:
    if record.person_id in (GONE.id, FROM_MOI):
        return "geen-collega", {}
    words = shortened(legible(words).strip(), LONGEST)
    if not words:
        return "lege-vraag", {}
    row = {"record": record.id, "person_id": person.id, "role": role_name(person), "to_id": record.person_id}
    if _keep(connection, (record.id, person.id, words), row | {"text": words}):
        note(connection, person, "vraag gesteld", record.id, small=small)
        show_again(connection, record.id)
    return "vragen", {}


def _answer(connection: Connection, person: Person, question: str, words: str) -> tuple[str, dict[str, Any]]:
    asked = connection.execute(
        select(channel_messages).where(channel_messages.c.id == question)
    ).one_or_none()
    words = shortened(legible(words).strip(), LONGEST)
    if asked is None or asked.question or asked.to_id != person.id:
        return "onbekend", {}
    if not words:
        return "leeg-antwoord", {}
    change_post(connection, asked.record, PAGE)
    if connection.execute(
        select(channel_messages.c.id).where(channel_messages.c.question == question)
    ).first():
        return "al-beantwoord", {}
    row = {"record": asked.record, "person_id": person.id, "role": "", "to_id": None, "question": question}
    if _keep(connection, (question, words), row | {"text": words}):
        show_again(connection, asked.record)
    return "antwoorden", {"record": asked.record}


def _keep(connection: Connection, made_of: tuple[str, ...], row: Mapping[str, Any]) -> bool:
    """Keep a message to deliver; the same words again on the same day are the same message."""
    now = _now()
    name = sha256("\0".join((*made_of, now.date().isoformat())).encode()).hexdigest()[:32]
    if connection.execute(select(channel_messages.c.id).where(channel_messages.c.id == name)).first():
        return False
    connection.execute(insert(channel_messages).values(**row, id=name, state="due", at=now))
    return True


def show_again(connection: Connection, record: str) -> None:
    """Have the card show what was done; where it is on its way already, it will."""
    for post in sending(connection, record):
        if post.target != PAGE and post.state == "posted":
            change_post(connection, record, post.target, state="due")


def _change(connection: Connection, record: str, **values: Any) -> None:
    connection.execute(update(channel_work).where(channel_work.c.record == record).values(**values))


def _now() -> datetime:
    return datetime.now(UTC)
