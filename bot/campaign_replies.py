"""What colleagues say back to the MVOI team: put in the procurement channel, answered there, and not forgotten.

A reply is a note in the channel as a question for Team Inkoop is; the answer goes to the own chat the way a question of the
channel does (`bot/letters.py`). Functions of a connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, exists, func, select, update

from bot.campaign_ledger import OUT
from bot.campaign_returns import keep
from bot.campaign_tables import campaign_recipients, campaign_returns, campaigns
from bot.channel_posts import REPLY, Record, add_note, read_record
from bot.channel_tables import channel_messages, channel_work
from bot.channel_work import Exchange, work_of
from bot.own_chat import SENT
from bot.own_chat import WAITING as NOT_TOLD
from bot.people import Person
from bot.tables import records
from cards.marks import legible, shortened

LONGEST = 500  # characters
STILL_ABOUT_IT = timedelta(days=7)
"""How long after a campaign words that Moi does not understand may be about it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The campaign that somebody says something about: its id and its title; both empty for none."""

    id: str = ""
    title: str = ""


def about(connection: Connection, id_: str) -> Subject:
    """The campaign with this id, as a reply is about it."""
    row = connection.execute(
        select(campaigns.c.id, campaigns.c.title).where(campaigns.c.id == id_)
    ).one_or_none()
    return Subject(row.id, row.title) if row else Subject()


def last_campaign(connection: Connection, person_id: str, now: datetime) -> Subject | None:
    """The campaign that this person got last and that their words may be about; None when there is none."""
    ledger = campaign_recipients.c
    newest = (
        select(campaigns.c.id, campaigns.c.title)
        .join(campaign_recipients, ledger.campaign == campaigns.c.id)
        .where(ledger.person_id == person_id, ledger.state.in_(OUT), ledger.sent > now - STILL_ABOUT_IT)
        .order_by(ledger.sent.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return Subject(row.id, row.title) if row else None


def put_through(
    connection: Connection,
    person: Person,
    subject: Subject,
    words: str,
    version: str,
    to: Sequence[str],
    now: datetime,
    after: str = "",
) -> str:
    """Put what somebody says in the channel, once for the same words on one day; gives its record, "" without words.

    `version` is that of the knowledge, `to` where notes go, `after` the reply of theirs that was answered before.
    """
    words = shortened(legible(words).strip(), LONGEST)
    if not words:
        return ""
    name = "\0".join((person.id, subject.id, words, now.date().isoformat()))
    id_ = sha256(f"reactie {name}".encode()).hexdigest()[:32]
    earlier = _earlier(connection, person, after) if after else []
    advice = {"campaign": subject.id, "title": subject.title, "words": words, "earlier": earlier}
    add_note(connection, Record(id_, person.id, 1, REPLY, None, None, "", advice, version, now, now), to)
    if subject.id:
        keep(connection, subject.id, person.id, "question", id_)
    return id_


def _earlier(connection: Connection, person: Person, record_id: str) -> list[str]:
    """What this person asked before, and what was answered."""
    record = read_record(connection, record_id)
    if record is None or record.outcome != REPLY or record.person_id != person.id:
        return []
    answers = [asked.question for asked in work_of(connection, record_id).exchanges]
    return [record.advice["words"], *answers[-1:]]


def waits_for(person_id: str, connection: Connection) -> bool:
    """Whether there is an answer that this person could not be told yet."""
    return connection.execute(_LATE, {"person": person_id}).first() is not None


def told_late(person_id: str, connection: Connection) -> list[tuple[Record, Exchange]]:
    """Take what this person could not be told yet, to tell it now."""
    found = []
    for row in connection.execute(_LATE, {"person": person_id}).all():
        connection.execute(update(channel_messages).where(channel_messages.c.id == row.id).values(state=SENT))
        record = read_record(connection, row.record)
        answers = [one for one in work_of(connection, row.record).exchanges if one.id == row.id]
        found += [(record, one) for one in answers if record]
    return found


_LATE = (
    select(channel_messages.c.id, channel_messages.c.record)
    .join(records, records.c.id == channel_messages.c.record)
    .where(channel_messages.c.to_id == bindparam("person"), channel_messages.c.state == NOT_TOLD)
    .where(records.c.outcome == REPLY)
    .order_by(channel_messages.c.at)
)
_answered = exists().where(channel_messages.c.record == records.c.id)
_dealt_with = exists().where(channel_work.c.record == records.c.id, channel_work.c.discussed.is_not(None))
WAITING = (
    select(func.count()).select_from(records).where(records.c.outcome == REPLY, ~_answered, ~_dealt_with)
)
"""How many replies nobody answered, and of which nobody said that they need no answer."""


def waiting(connection: Connection, id_: str = "") -> int:
    """How many replies wait for the team: to this campaign, or all of them."""
    asked = WAITING
    if id_:
        of_it = select(campaign_returns.c.what).where(
            campaign_returns.c.campaign == id_, campaign_returns.c.kind == "question"
        )
        asked = asked.where(records.c.id.in_(of_it))
    return int(connection.execute(asked).scalar_one())
