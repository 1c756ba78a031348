"""Who may do what in the procurement channel: checked here and nowhere else, and written down with what was done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import Connection, insert, select

from bot.people import READS_CHANNEL, ROLES, Person
from bot.tables import audit, people

ChannelAction = Literal[
    "kanaal verbonden",
    "kanaal verbroken",
    "samenvatting opgepakt",
    "samenvatting teruggegeven",
    "samenvatting besproken",
    "samenvatting niet besproken",
    "vraag gesteld",
]
MAY: Mapping[ChannelAction, frozenset[str]] = dict.fromkeys(get_args(ChannelAction), READS_CHANNEL)
Members = Mapping[str, Sequence[str]]
"""Per role the Entra object ids of the people who have it, from the settings."""


class NotYoursError(Exception):
    """This person may not do this."""


def require(person: Person, action: ChannelAction) -> None:
    """Raises `NotYoursError` when the person may not do this."""
    if not person.roles & MAY[action]:
        raise NotYoursError(action)


def note(connection: Connection, person: Person, action: ChannelAction, about: str) -> None:
    """Write down that the person did this, in the transaction in which it is done."""
    row = {"id": uuid.uuid4().hex, "person_id": person.id, "action": action, "about": about}
    connection.execute(insert(audit), row | {"at": datetime.now(UTC)})


def with_known_roles(connection: Connection, person: Person, members: Members) -> Person:
    """The person with the roles that are known of them: from signing in on the web, and from the settings.

    Messages from Teams say who somebody is, and nothing about roles.
    """
    kept = connection.execute(select(people.c.roles).where(people.c.id == person.id)).scalar_one_or_none()
    entra = person.id.removeprefix("aad:")
    named = {role for role, ids in members.items() if entra in ids}
    return replace(person, roles=person.roles | ({*(kept or ()), *named} & ROLES))
