"""The conversations Moi takes part in, and what was said in those on the web, so that a page can catch up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.tables import activities, conversations

STAYS = ("id", "timestamp")
"""What a message keeps when something else is said in its place."""


class NoConversationError(LookupError):
    """This conversation is not kept, or no longer."""


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """Where a person can be reached; `reference` is what a channel needs to write first, if it needs anything."""

    id: str
    person_id: str
    channel: str
    reference: Mapping[str, Any] | None


def keep_conversation(connection: Connection, conversation: KeptConversation) -> None:
    """Keep a conversation, or what changed about it."""
    reference = dict(conversation.reference) if conversation.reference is not None else None
    row = {
        "person_id": conversation.person_id,
        "channel": conversation.channel,
        "reference": reference,
        "used": datetime.now(UTC),
    }
    if not connection.execute(CHANGE, row | {"conversation": conversation.id}).rowcount:
        connection.execute(insert(conversations), row | {"id": conversation.id, "last_seq": 0})


def read_conversation(connection: Connection, conversation: str) -> KeptConversation | None:
    """The conversation with this id; None when there is none."""
    row = connection.execute(ONE, {"conversation": conversation}).one_or_none()
    return KeptConversation(row.id, row.person_id, row.channel, row.reference) if row else None


def append(connection: Connection, conversation: str, said: Sequence[Mapping[str, Any]]) -> int:
    """Add activities in order; gives the number of the last. Raises `NoConversationError` for an unknown conversation."""
    if not said:
        return 0
    numbered = {"conversation": conversation, "how_many": len(said), "now": datetime.now(UTC)}
    last = connection.execute(NUMBER, numbered).scalar_one_or_none()
    if last is None:
        raise NoConversationError(f"no conversation {conversation}")
    first = last - len(said) + 1
    rows = [
        {"conversation": conversation, "seq": seq, "activity": dict(activity)}
        for seq, activity in enumerate(said, first)
    ]
    connection.execute(KEEP, rows)
    return int(last)


def say_anew(connection: Connection, conversation: str, number: int, said: Mapping[str, Any]) -> int:
    """Say something else in the place of what has this number, also on pages that are open; gives its new number.

    For pages it is the same message at the same place: they know it by its id, and put what was said in order of time.
    """
    there = activities.c.conversation == conversation, activities.c.seq == number
    before = connection.execute(select(activities.c.activity).where(*there)).scalar_one_or_none() or {}
    connection.execute(delete(activities).where(*there))
    return append(
        connection, conversation, [{**said, **{name: before[name] for name in STAYS if name in before}}]
    )


def read_activities(
    connection: Connection, conversation: str, after: int
) -> list[tuple[int, dict[str, Any]]]:
    """What was said after a number, in order, each with its own number."""
    rows = connection.execute(AFTER, {"conversation": conversation, "after": after})
    return [(row.seq, row.activity) for row in rows]


def last_numbers(connection: Connection, wanted: Sequence[str]) -> dict[str, int]:
    """The number of the last activity of each of these conversations."""
    return {row.id: row.last_seq for row in connection.execute(LAST, {"wanted": list(wanted)})}


ONE = select(conversations).where(conversations.c.id == bindparam("conversation"))
CHANGE = update(conversations).where(conversations.c.id == bindparam("conversation"))
NUMBER = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(last_seq=conversations.c.last_seq + bindparam("how_many"), used=bindparam("now"))
    .returning(conversations.c.last_seq)
)
LAST = select(conversations.c.id, conversations.c.last_seq).where(
    conversations.c.id.in_(bindparam("wanted", expanding=True))
)
KEEP = insert(activities)
AFTER = (
    select(activities.c.seq, activities.c.activity)
    .where(activities.c.conversation == bindparam("conversation"), activities.c.seq > bindparam("after"))
    .order_by(activities.c.seq)
)
