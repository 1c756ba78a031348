"""What must still reach the procurement channel, and what has: the posts of every record, kept with it.

Functions of a connection, so that a record and what is due of it are kept in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Integer, RowMapping, Select, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.tables import channel, posts, records

PAGE = "page"
TEAMS = "teams"
PostState = Literal["due", "sending", "posted", "uncertain", "failed"]
QUESTION = "vraag"  # The outcome of a record that is only a question for the channel.
REPORT = "onderhoud"  # The outcome of a record that is the monthly report on the content.
REPLY = "reactie"  # The outcome of a record that is what a colleague says to the MVOI team.
DIGEST = "weekbericht"  # The outcome of a record that says on Monday what came in and what waits.
CAMPAIGN = "campagne"  # The outcome of a record that says that a campaign is done.
AHEAD = "komt-eraan"  # The outcome of a record that says what comes up and is of nobody whom Moi knows.
# What Moi says unasked; there is nothing to pick up or to ask.
BY_ITSELF = frozenset({REPORT, DIGEST, CAMPAIGN, AHEAD})
NOTES = frozenset({QUESTION, REPLY}) | BY_ITSELF  # What is no record of a purchase.
FROM_MOI = "moi"  # Whose record it is when Moi says something by itself.


@dataclass(frozen=True, slots=True)
class Record:
    """What was decided in one talk. `outcome` is one of the four ends, or one of `NOTES`."""

    id: str
    person_id: str
    version: int
    outcome: str
    category: str | None
    group: str | None
    value_band: str
    advice: Mapping[str, Any]
    knowledge_version: str
    made: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """A record in the channel, and per target ("page", "teams") whether it got there."""

    record: Record
    states: Mapping[str, PostState]


@dataclass(frozen=True, slots=True)
class Sending:
    """Where one post to one target is: which version is due, which arrived, and what the target calls it."""

    record: str
    target: str
    state: PostState
    due_version: int
    posted_version: int
    noticed_version: int
    external: str | None
    shown: Mapping[str, str] | None = None


def next_revision(connection: Connection) -> int:
    """Number a change to the channel; the row stays locked, so numbers become visible in order."""
    return int(connection.execute(NEXT_REVISION).scalar_one())


def make_due(connection: Connection, record: str, version: int, targets: Sequence[str]) -> bool:
    """Note that this version of the record must reach every target, and keep what already arrived there.

    On Moi's own page it is seen as soon as it is kept; tells whether it must be sent anywhere else.
    """
    revision = next_revision(connection)
    for target in targets:
        here = target == PAGE
        row = {
            "record": record,
            "target": target,
            "state": "posted" if here else "due",
            "due_version": version,
            "posted_version": version if here else 0,
            "noticed_version": 0,
            "external": None,
            "revision": revision,
        }
        connection.execute(_make_due(connection.dialect.name, here), row)
    return any(target != PAGE for target in targets)


@cache
def _make_due(dialect: str, here: bool) -> sqlite.Insert | postgresql.Insert:
    """The statement for a post that is new or due again; `here` it is seen as soon as it is kept."""
    fresh = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(posts)
    new = fresh.excluded
    # What is being sent, or may have arrived, keeps that state until it is known.
    again = {"due_version": new.due_version, "revision": new.revision, "state": STILL_UNKNOWN}
    if here:
        again |= {"state": new.state, "posted_version": new.posted_version}
    return fresh.on_conflict_do_update(index_elements=["record", "target"], set_=again)


def add_note(connection: Connection, note: Record, targets: Sequence[str]) -> bool:
    """Keep what Moi says by itself and make it due; False when it was said already, by whichever instance."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {name: getattr(note, name) for name in Record.__dataclass_fields__ if name != "group"}
    fresh = (
        insert(records).values(**row, product_group=note.group).on_conflict_do_nothing(index_elements=["id"])
    )
    if not connection.execute(fresh).rowcount:
        return False
    make_due(connection, note.id, note.version, targets)
    return True


def change_post(connection: Connection, record: str, target: str, **values: Any) -> bool:
    """Write down how a post is doing, visible to whoever watches the channel; tells whether there is such a post."""
    revision = next_revision(connection)
    where = (posts.c.record == record, posts.c.target == target)
    changed = connection.execute(update(posts).where(*where).values(revision=revision, **values))
    return bool(changed.rowcount)


def ask_again(record: str, connection: Connection) -> int:
    """Make due again what failed or may not have arrived; gives the version to deliver, 0 when there is nothing."""
    version = 0
    for post in sending(connection, record):
        if post.state in {"uncertain", "failed"}:
            change_post(connection, record, post.target, state="due")
            version = post.due_version
    return version


def sending(connection: Connection, record: str) -> list[Sending]:
    """How the record is doing at each of its targets."""
    return [_sending(row) for row in connection.execute(SENDING, {"record": record}).mappings()]


def due(connection: Connection) -> list[Sending]:
    """Every post that still has something to deliver."""
    return [_sending(row) for row in connection.execute(DUE).mappings()]


def read_record(connection: Connection, record: str) -> Record | None:
    """The record as it is now; None when there is none."""
    row = connection.execute(RECORD, {"record": record}).mappings().one_or_none()
    return to_record(row) if row else None


def records_of(connection: Connection, person_id: str) -> list[Record]:
    """What a person recorded, newest first; notes in the channel are not records of a purchase."""
    return [to_record(row) for row in connection.execute(OF_PERSON, {"person": person_id}).mappings()]


def count_states(connection: Connection) -> dict[str, int]:
    """How many posts are in which state."""
    return {row.state: row.posts for row in connection.execute(COUNTS)}


def latest_posts(connection: Connection, after: int, most: int) -> tuple[int, list[Post]]:
    """The posts that changed after a revision, newest record first, and the revision they are read at."""
    revision = connection.execute(select(channel.c.revision)).scalar_one()
    rows = connection.execute(CHANGED if after else NEWEST, {"after": after, "most": most}).mappings()
    seen: dict[str, tuple[Record, dict[str, PostState]]] = {}
    for row in rows:
        _, states = seen.setdefault(row["id"], (to_record(row), {}))
        states[row["target"]] = row["post_state"]
    return revision, [Post(record, states) for record, states in seen.values()]


def to_record(row: RowMapping | Mapping[str, Any]) -> Record:
    """A row of the table as the rest of Moi knows it."""
    return Record(
        id=row["id"],
        person_id=row["person_id"],
        version=row["version"],
        outcome=row["outcome"],
        category=row["category"],
        group=row["product_group"],
        value_band=row["value_band"],
        advice=row["advice"],
        knowledge_version=row["knowledge_version"],
        made=row["made"],
        changed=row["changed"],
    )


def _sending(row: RowMapping) -> Sending:
    return Sending(**{name: row[name] for name in Sending.__dataclass_fields__})


STILL_UNKNOWN = case((posts.c.state.in_(("sending", "uncertain")), posts.c.state), else_="due")
NEXT_REVISION = update(channel).values(revision=channel.c.revision + 1).returning(channel.c.revision)
RECORD = select(records).where(records.c.id == bindparam("record"))
SENDING = select(posts).where(posts.c.record == bindparam("record")).order_by(posts.c.target)
DUE = select(posts).where(posts.c.state.in_(("due", "sending"))).order_by(posts.c.record, posts.c.target)
OF_PERSON = (
    select(records)
    .where(records.c.person_id == bindparam("person"), records.c.outcome.not_in(NOTES))
    .order_by(records.c.made.desc())
)
COUNTS = select(posts.c.state, func.count().label("posts")).group_by(posts.c.state)


def _with_posts(chosen: Select[tuple[str]]) -> Select[Any]:
    """The chosen records with how they are doing at each target, newest first."""
    # First the few that are shown, by an index, and then what belongs to them: the cost stays the same.
    found = select(records).where(records.c.id.in_(chosen)).subquery()
    return (
        select(found, posts.c.target, posts.c.state.label("post_state"))
        .join(posts, posts.c.record == found.c.id)
        .order_by(found.c.made.desc(), found.c.id, posts.c.target)
    )


NEWEST = _with_posts(
    select(records.c.id).order_by(records.c.made.desc()).limit(bindparam("most", type_=Integer))
)
CHANGED = _with_posts(
    select(posts.c.record)
    .where(posts.c.revision > bindparam("after"))
    .order_by(posts.c.revision.desc())
    .limit(bindparam("most", type_=Integer))
)
