"""Nudges about what comes up: to whom and when, put off, handed over or stopped, and which talk and record came of them.

Functions of a connection. A row is made when its moment has come, under a name that follows from tender and moment, so that
it is one row however many instances look. Of whom a purchase is, is looked up when the card may come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.contracts import months_later
from bot.own_chat import BUSY, DUE, SENT, UNCERTAIN, WAITING
from bot.tender_tables import nudges, tenders
from bot.tenders import Tender, coming, hold, person_of, tender_of
from knowledge.follow_up import WEEK
from knowledge.tenders import TenderPolicy

HERE = ZoneInfo("Europe/Amsterdam")
CARD_EVERY = timedelta(days=WEEK)
"""Nobody gets more nudges than one in so long; moments last for months, so the next purchase can wait a week."""
WAITS = timedelta(days=14)
"""How long a nudge waits for a colleague to come back before the MVOI team hears it."""
ABOUT_NOW = timedelta(hours=1)
ARRIVED = (SENT, UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Nudge:
    """One nudge and its purchase; without a person it is of the MVOI team."""

    id: str
    tender: Tender
    moment: str
    person_id: str | None
    state: str
    told: str
    last_card: datetime | None
    talk: str | None
    record: str | None


def make_due(policy: TenderPolicy, now: datetime, connection: Connection) -> tuple[list[str], list[Nudge]]:
    """Make the cards due whose time has come, at most one per person in a week. Gives their ids, and what is of nobody whom
    Moi knows, which the MVOI team must hear."""
    hold(connection)
    today = now.astimezone(HERE).date()
    _come_up(connection, policy, today, now)
    busy = set(connection.execute(_had_a_card(now - CARD_EVERY)).scalars())
    chosen = []
    for row in connection.execute(_ready(today, now)).all():
        person = person_of(connection, row.client)
        if person in busy:
            continue
        if person:
            busy.add(person)
            chosen.append(row.id)
        due = {"person_id": person, "told": DUE, "next_at": None, "last_card": now}
        connection.execute(_of(row.id).values(**due))
    # Who does not come back for so long does not hear it in time, so the team must.
    waits = nudges.c.told == WAITING, nudges.c.state == "open", nudges.c.last_card < now - WAITS
    connection.execute(update(nudges).where(*waits).values(person_id=None, told=DUE, last_card=now))
    of_nobody = select(nudges.c.id).where(nudges.c.told == DUE, nudges.c.person_id.is_(None))
    found = (nudge_of(connection, id_) for id_ in connection.execute(of_nobody).scalars().all())
    return chosen, [one for one in found if one]


def _come_up(connection: Connection, policy: TenderPolicy, today: date, now: datetime) -> None:
    """Make a row for every purchase of which a moment has come."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    last = months_later(today, policy.moments[0].months_before + 1)
    found = coming(connection, today + timedelta(days=1), last)
    before = _rows_of(connection, [tender.id for tender in found])
    for tender in found:
        moment, earlier = policy.moment_on(today, tender.start), before.get(tender.id, [])
        if moment is None or moment.id in {row.moment for row in earlier}:
            continue
        if any(row.state == "stopped" or row.record for row in earlier):
            continue  # Nobody wants to hear of it any more, or it is dealt with.
        put_off = [row.next_at for row in earlier if row.moved and row.next_at]
        new = {"id": nudge_id(tender.id, moment.id), "tender": tender.id, "moment": moment.id}
        fresh = {"state": "open", "moved": 0, "made": now, "next_at": max([now, *put_off]), "told": ""}
        connection.execute(insert(nudges).values(**new, **fresh).on_conflict_do_nothing())
        # One nudge about a purchase at a time: the new one takes the place of what did not come yet.
        left = update(nudges).where(nudges.c.tender == tender.id, nudges.c.id != new["id"])
        connection.execute(left.values(next_at=None))
        connection.execute(left.where(nudges.c.told.in_((DUE, WAITING))).values(told=""))


def nudge_id(tender: str, moment: str) -> str:
    """What a nudge is called: the same for every instance."""
    return sha256(f"seintje\0{tender}\0{moment}".encode()).hexdigest()[:32]


def nudge_of(connection: Connection, id_: str, *, locked: bool = False) -> Nudge | None:
    """One nudge with its purchase as it now is; `locked` so that nobody changes it until this transaction is over."""
    found = select(nudges).where(nudges.c.id == id_)
    row = connection.execute(found.with_for_update() if locked else found).one_or_none()
    tender = tender_of(connection, row.tender) if row else None
    return _nudge(row, tender) if row and tender else None


def nudges_of(connection: Connection, ids: Collection[str]) -> Mapping[str, Sequence[Row[Any]]]:
    """What was said about these purchases, per purchase, the last first; what did not arrive yet is left out."""
    found = _rows_of(connection, ids)
    return {
        tender: sorted(
            (row for row in rows if row.told in ARRIVED and row.last_card),
            key=lambda row: row.last_card,
            reverse=True,
        )
        for tender, rows in found.items()
    }


def put_off(connection: Connection, nudge: Nudge, until: datetime) -> None:
    """Nudge again from then on."""
    later = {"next_at": until, "moved": nudges.c.moved + 1, "told": SENT, "state": "open"}
    # A tap that comes twice puts it off once.
    same = nudges.c.next_at.between(until - ABOUT_NOW, until + ABOUT_NOW)
    connection.execute(_of(nudge.id).where(or_(nudges.c.next_at.is_(None), ~same)).values(**later))


def stop(connection: Connection, nudge: Nudge) -> None:
    """Say nothing more about this purchase."""
    these = update(nudges).where(nudges.c.tender == nudge.tender.id)
    connection.execute(these.values(next_at=None))
    connection.execute(_of(nudge.id).values(state="stopped", told=SENT))


def begun(connection: Connection, id_: str, person_id: str, talk: str) -> None:
    """A talk began with this nudge."""
    theirs = _of(id_).where(nudges.c.person_id == person_id)
    connection.execute(theirs.values(talk=talk, state="begun", next_at=None))


def recorded(connection: Connection, talk: str, record: str) -> None:
    """A record came of a talk, perhaps one that began with a nudge."""
    connection.execute(RECORDED, {"began": talk, "record": record})


def due_nudges(connection: Connection) -> set[str]:
    """The nudges of which a card must still be brought."""
    due = nudges.c.told.in_((DUE, BUSY)), nudges.c.person_id.is_not(None)
    return set(connection.execute(select(nudges.c.id).where(*due)).scalars())


def waits_for(person_id: str, connection: Connection) -> bool:
    """Whether a nudge waits until this person comes back."""
    return connection.execute(_waiting(person_id).limit(1)).first() is not None


def told_late(person_id: str, now: datetime, connection: Connection) -> list[Nudge]:
    """What could not be said because this person was nowhere; from now on it is said."""
    found = []
    for id_ in connection.execute(_waiting(person_id)).scalars().all():
        told = _of(id_).where(nudges.c.told == WAITING).values(told=SENT, last_card=now)
        if connection.execute(told).rowcount and (one := nudge_of(connection, id_)):
            found.append(one)
    return found


def mark(id_: str, now: datetime, state: str, connection: Connection) -> None:
    """Write down how far the card is; a week is counted from when it was really there, or may have been."""
    arrived = {"last_card": now} if state in ARRIVED else {}
    connection.execute(_of(id_).values(told=state, **arrived))


def let_go(id_: str, connection: Connection) -> None:
    """There is nothing to say any more: the purchase is off the list, began already, or is of somebody else."""
    connection.execute(_of(id_).values(told="", last_card=None))


def came_of_it(connection: Connection, monday: date) -> dict[str, int]:
    """How many nudges came in the week before this Monday, and how many talks and records came of all there are; empty when
    none came."""
    first, after = (
        datetime.combine(day, time(), HERE).astimezone(UTC) for day in (monday - timedelta(days=7), monday)
    )
    heard = nudges.c.told.in_(ARRIVED), nudges.c.last_card >= first, nudges.c.last_card < after
    number = select(func.count()).select_from(nudges)
    new = connection.execute(number.where(*heard)).scalar_one()
    if not new:
        return {}
    talks = connection.execute(number.where(nudges.c.talk.is_not(None))).scalar_one()
    made = connection.execute(number.where(nudges.c.record.is_not(None))).scalar_one()
    return {"week-seintjes": new, "week-seintjes-gesprek": talks, "week-seintjes-aanvraag": made}


def _nudge(row: Row[Any], tender: Tender) -> Nudge:
    how_far = row.state, row.told, row.last_card, row.talk, row.record
    return Nudge(row.id, tender, row.moment, row.person_id, *how_far)


def _rows_of(connection: Connection, ids: Collection[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(select(nudges).where(nudges.c.tender.in_(ids))):
        found.setdefault(row.tender, []).append(row)
    return found


def _of(id_: str) -> Any:
    return update(nudges).where(nudges.c.id == id_)


def _ready(today: date, now: datetime) -> Any:
    return (
        select(nudges.c.id, tenders.c.client)
        .join(tenders, tenders.c.id == nudges.c.tender)
        .where(
            nudges.c.next_at <= now,
            nudges.c.state == "open",
            nudges.c.told.not_in((DUE, BUSY, WAITING)),
            tenders.c.gone.is_(None),
            tenders.c.start > today,
        )
        .order_by(tenders.c.start, nudges.c.id)
    )


def _had_a_card(since: datetime) -> Any:
    # A card that waits until somebody comes back is theirs for as long as it waits.
    busy = or_(nudges.c.last_card > since, nudges.c.told == WAITING)
    return select(nudges.c.person_id).where(busy, nudges.c.person_id.is_not(None))


def _waiting(person_id: str) -> Any:
    return select(nudges.c.id).where(
        nudges.c.told == WAITING, nudges.c.person_id == person_id, nudges.c.state == "open"
    )


# Made once: asked at the end of every talk.
RECORDED = update(nudges).where(nudges.c.talk == bindparam("began"))
