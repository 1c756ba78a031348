"""Asking whether it worked out: when a request is asked about, and what was answered, put off or waved away.

Functions of a connection. Dates of a tender are not known here, so days are counted from when the request was sent last
(`opvolging.yaml`). A row is made when its moment has come, under a name that follows from request and moment, so that it is
one row however many instances look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channel_posts import FROM_MOI, Record, read_record
from bot.own_chat import BUSY, DUE, SENT, UNCERTAIN, WAITING
from bot.realised import realised_of
from bot.rights import GONE
from bot.tables import channel, follow_ups, records
from cards.follow_up import Realised, Subject, subjects
from dialogs.advice import Advice, load
from knowledge.follow_up import WEEK, FollowUpPolicy
from knowledge.tenders import TenderPolicy

HERE = ZoneInfo("Europe/Amsterdam")
CARD_EVERY = timedelta(days=WEEK)
"""Nobody gets more of these cards than one in so long, reminders among them."""
LOOKS_BACK = timedelta(days=60)
"""A moment that passed longer ago is left: a Moi that begins to ask does not come back to what is long over."""
NOBODY = (GONE.id, FROM_MOI)
UNREADABLE: Final = (KeyError, TypeError, ValueError, AttributeError)

Said = Literal["later", "al-later", "laat-maar", "onbekend"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One question about a request, and how far it is; `realised` is what was answered."""

    id: str
    record: Record
    moment: str
    state: str
    asks: int
    reminders: int
    moved: int
    next_at: datetime | None
    told: str
    realised: Realised | None

    @property
    def is_last(self) -> bool:
        """Whether the card that is due is the reminder, or comes after it."""
        return self.reminders > 0

    @property
    def advice(self) -> Advice | None:
        """What the request says now; None when it cannot be read any more."""
        return readable(self.record.advice)


def readable(kept: Mapping[str, Any]) -> Advice | None:
    """An advice as it is kept; None when it cannot be read any more."""
    try:
        return load(dict(kept))
    except UNREADABLE:
        return None


def is_day(policy: FollowUpPolicy | TenderPolicy, now: datetime) -> bool:
    """Whether a card may come now: on a weekday, within the hours of the policy, by the clock here."""
    here = now.astimezone(HERE)
    return here.weekday() < 5 and policy.from_hour <= here.hour < policy.until_hour


def until_day(policy: FollowUpPolicy | TenderPolicy, now: datetime) -> float:
    """The seconds until a card may come; 0 when it may now."""
    if is_day(policy, now):
        return 0.0
    day = now.astimezone(HERE).date()
    while True:
        opens = datetime(day.year, day.month, day.day, policy.from_hour, tzinfo=HERE)
        # Reckoned in UTC, for in between the clock may go back or forward an hour.
        if opens.weekday() < 5 and opens.astimezone(UTC) > now.astimezone(UTC):
            return (opens.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
        day += timedelta(days=1)


def make_due(policy: FollowUpPolicy, now: datetime, connection: Connection) -> list[str]:
    """Make the cards due whose time has come, at most one per person in a week; gives their ids."""
    # Of two instances one waits here for the other, and then sees what that one did.
    connection.execute(select(channel.c.revision).with_for_update())
    _come_up(connection, policy, now)
    busy = set(connection.execute(HAD_A_CARD, {"since": now - CARD_EVERY}).scalars())
    chosen = []
    for row in connection.execute(READY, {"now": now}).all():
        if row.person_id in busy:
            continue
        busy.add(row.person_id)
        chosen.append(row.id)
        # Asked once, and once more when it was put off; whatever comes after that is the reminder, of which there is one.
        asks = row.asks <= row.moved
        reminds = asks and not row.reminders
        count = {"asks": row.asks + 1} if asks else {"reminders": row.reminders + 1}
        next_at = now + timedelta(days=policy.reminder_days) if reminds else None
        connection.execute(_of(row.id).values(told=DUE, last_card=now, next_at=next_at, **count))
    return chosen


def _come_up(connection: Connection, policy: FollowUpPolicy, now: datetime) -> None:
    """Make a row for every request of which a moment has come."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for rule in policy.rules:
        for moment in rule.moments:
            came = now - timedelta(days=moment.after_days)
            over = {"came": came, "long_ago": came - LOOKS_BACK, "moment": moment.id}
            for row in connection.execute(COME, over | {"outcomes": list(rule.outcomes)}).all():
                advice = readable(row.advice)
                if advice is None or not subjects(advice):
                    continue
                if moment not in policy.moments(row.outcome, start_form=advice.startform):
                    continue
                new = {"id": follow_up_id(row.id, moment.id), "record": row.id, "moment": moment.id}
                fresh = {"state": "open", "asks": 0, "reminders": 0, "moved": 0, "next_at": now, "told": ""}
                connection.execute(insert(follow_ups).values(**new, **fresh).on_conflict_do_nothing())
                _leave_earlier(connection, row.id, new["id"])


def _leave_earlier(connection: Connection, record: str, new: str) -> None:
    """One question about a request at a time: the new one takes the place of what was not answered."""
    earlier = update(follow_ups).where(
        follow_ups.c.record == record, follow_ups.c.id != new, follow_ups.c.state == "open"
    )
    connection.execute(earlier.values(next_at=None))
    connection.execute(earlier.where(follow_ups.c.told == WAITING).values(told="", asks=0))


def follow_up_id(record: str, moment: str) -> str:
    """What a question about a request is called: the same for every instance."""
    return sha256(f"opvolging\0{record}\0{moment}".encode()).hexdigest()[:32]


def follow_up_of(connection: Connection, id_: str, *, locked: bool = False) -> FollowUp | None:
    """One question with its request as it now is; `locked` so that nobody changes it until this transaction is over."""
    found = select(follow_ups).where(follow_ups.c.id == id_)
    row = connection.execute(found.with_for_update() if locked else found).one_or_none()
    record = read_record(connection, row.record) if row else None
    if row is None or record is None:
        return None
    return FollowUp(
        row.id,
        record,
        row.moment,
        row.state,
        row.asks,
        row.reminders,
        row.moved,
        row.next_at,
        row.told,
        realised_of(row.answers),
    )


def keep_answer(
    connection: Connection,
    asked: FollowUp,
    moment: str,
    answers: Mapping[Subject, str],
    because: str = "",
    words: str = "",
) -> FollowUp:
    """Keep an answer per subject (ja, deels, nee), in the place of an earlier one; what was not ja gets the reason."""
    lines = [
        {
            "about": subject.key,
            "label": subject.label,
            "verdict": verdict,
            "because": because if verdict != "ja" else "",
        }
        for subject, verdict in answers.items()
    ]
    state = "stopped" if asked.state == "stopped" else "done"
    kept = {"moment": moment, "lines": lines, "words": words}
    connection.execute(
        _of(asked.id).values(answers=kept, answered=datetime.now(UTC), state=state, next_at=None, told=SENT)
    )
    return follow_up_of(connection, asked.id) or asked


def keep_reason(connection: Connection, asked: FollowUp, because: str, words: str) -> FollowUp:
    """Add why it did not work out to what was answered."""
    if asked.realised is None:
        return asked
    before = {Subject(line.about, line.label, ""): line.verdict for line in asked.realised.lines}
    return keep_answer(
        connection, asked, asked.realised.moment, before, because, words or asked.realised.words
    )


def put_off(connection: Connection, asked: FollowUp, until: datetime) -> Said:
    """Ask once more from then on; only once, and the same tap again does nothing."""
    if asked.state != "open":
        return "onbekend"
    if asked.moved:
        return "later" if asked.asks <= asked.moved else "al-later"
    connection.execute(_of(asked.id).values(moved=1, next_at=until, told=SENT))
    return "later"


def stop(connection: Connection, asked: FollowUp) -> Said:
    """Ask nothing more about this request."""
    # The one that was tapped as well when it was answered before: it keeps its answer, and no later moment comes.
    these = or_(follow_ups.c.state == "open", follow_ups.c.id == asked.id)
    of_record = update(follow_ups).where(follow_ups.c.record == asked.record.id, these)
    connection.execute(of_record.values(state="stopped", next_at=None, told=SENT))
    return "laat-maar"


def due_cards(connection: Connection) -> set[str]:
    """The questions of which a card must still be brought."""
    return set(
        connection.execute(
            select(follow_ups.c.id).where(follow_ups.c.told.in_((DUE, BUSY)), follow_ups.c.state == "open")
        ).scalars()
    )


def waits_for(person_id: str, connection: Connection) -> bool:
    """Whether a card waits until this person comes back."""
    return connection.execute(WAITS, {"person": person_id}).first() is not None


def told_late(
    person_id: str, policy: FollowUpPolicy, now: datetime, connection: Connection
) -> list[FollowUp]:
    """What could not be asked because this person was nowhere; from now on it is asked, and not reminded of before its time."""
    found = []
    for row in connection.execute(WAITS, {"person": person_id}).all():
        remind = None if row.reminders else now + timedelta(days=policy.reminder_days)
        told = _of(row.id).where(follow_ups.c.told == WAITING)
        first = connection.execute(told.values(told=SENT, last_card=now, next_at=remind)).rowcount
        if first and (one := follow_up_of(connection, row.id)):
            found.append(one)
    return found


def mark(id_: str, now: datetime, state: str, connection: Connection) -> None:
    """Write down how far the card is; a week is counted from when it was really there, or may have been."""
    arrived = {"last_card": now} if state in (SENT, UNCERTAIN) else {}
    connection.execute(_of(id_).values(told=state, **arrived))


def let_go(id_: str, connection: Connection) -> None:
    """There is nothing to ask any more: the request says something else now, or nobody is left to ask."""
    connection.execute(_of(id_).values(told=SENT, next_at=None, state="done"))


def _of(id_: str) -> Any:
    return update(follow_ups).where(follow_ups.c.id == id_)


WITH_PERSON = select(follow_ups, records.c.person_id).join(records, records.c.id == follow_ups.c.record)
WAITS = WITH_PERSON.where(
    follow_ups.c.told == WAITING, follow_ups.c.state == "open", records.c.person_id == bindparam("person")
)
READY = WITH_PERSON.where(
    follow_ups.c.next_at <= bindparam("now"),
    follow_ups.c.state == "open",
    follow_ups.c.told.not_in((DUE, BUSY, WAITING)),
    records.c.person_id.not_in(NOBODY),
).order_by(follow_ups.c.next_at, follow_ups.c.id)
# A card that waits until somebody comes back is theirs for as long as it waits.
HAD_A_CARD = (
    select(records.c.person_id)
    .join(follow_ups, follow_ups.c.record == records.c.id)
    .where(
        or_(
            follow_ups.c.last_card > bindparam("since"),
            (follow_ups.c.told == WAITING) & (follow_ups.c.state == "open"),
        )
    )
)
COME = select(records.c.id, records.c.outcome, records.c.advice).where(
    records.c.changed <= bindparam("came"),
    records.c.changed > bindparam("long_ago"),
    records.c.outcome.in_(bindparam("outcomes", expanding=True)),
    records.c.person_id.not_in(NOBODY),
    ~exists().where(
        follow_ups.c.record == records.c.id,
        or_(follow_ups.c.moment == bindparam("moment"), follow_ups.c.state == "stopped"),
    ),
)
