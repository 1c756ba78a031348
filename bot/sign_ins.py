"""When somebody last signed in on the web, in which roles, and since when their earlier sessions no longer count."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.database import Database
from bot.people import ROLES, Person
from bot.tables import sign_ins

ROLES_COUNT = timedelta(days=30)
"""How long roles from the web count in Teams. Teams tells no roles; whoever gets other work loses them within a month."""
FRESH_SECONDS = 30.0  # Within which a sign-out at another instance is noticed.
REMEMBERED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The last time somebody signed in, and the moment before which their sessions were ended, if any were."""

    roles: frozenset[str]
    at: datetime
    ended: datetime | None


class SignIns:
    """What Moi keeps of signing in. What was read is remembered for half a minute.

    `members` are, per role, the Entra object ids of people who have it by the settings.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._clock = clock
        self._now = now
        self.members: Mapping[str, Sequence[str]] = {}
        self._known: OrderedDict[str, tuple[float, SignedIn | None]] = OrderedDict()

    async def keep(self, person: Person, domain: str | None = None, accounts: Sequence[str] = ()) -> None:
        """Write down that somebody signed in just now, in these roles, and what the provider said of where they work.

        `accounts` are their addresses and account names, in small letters.
        """
        works = {"team": person.team, "domain": domain, "accounts": list(accounts) or None}
        await self._write(person.id, {"roles": sorted(person.roles), "at": self._now()} | works)

    async def end(self, person_id: str, moment: float) -> None:
        """From now on no session counts that began at this moment (seconds since 1970) or before."""
        await self._write(person_id, {"ended": datetime.fromtimestamp(moment, UTC)})

    async def holds(self, person_id: str, began: float) -> bool:
        """Whether a session that began at this moment (seconds since 1970) was not ended since."""
        known = await self._of(person_id)
        return known is None or known.ended is None or began > known.ended.timestamp()

    async def with_roles(self, person: Person) -> Person:
        """The same person in the roles by the settings, and of their last sign-in on the web unless that is too long ago."""
        named = {role for role, ids in self.members.items() if person.id in {f"aad:{one}" for one in ids}}
        known = await self._of(person.id)
        signed = known.roles if known and self._now() - known.at <= ROLES_COUNT else frozenset[str]()
        return replace(person, roles=person.roles | ((signed | named) & ROLES))

    async def in_role(self, role: str) -> set[str]:
        """Who has this role, by their ids: by the settings, and by their last sign-in unless that is too long ago."""
        now = self._now()
        read = self._database.read(lambda connection: role_holders(connection, self.members, {role}, now))
        return await asyncio.wrap_future(read)

    async def _of(self, person_id: str) -> SignedIn | None:
        remembered = self._known.get(person_id)
        if remembered and self._clock() - remembered[0] < FRESH_SECONDS:
            return remembered[1]
        read = self._database.read(lambda connection: _read(connection, person_id))
        found = await asyncio.wrap_future(read)
        self._known[person_id] = (self._clock(), found)
        self._known.move_to_end(person_id)
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)
        return found

    async def _write(self, person_id: str, values: dict[str, Any]) -> None:
        row = {"roles": [], "at": self._now(), "ended": None} | values

        def work(connection: Connection) -> None:
            if not connection.execute(CHANGE.values(**values), {"person": person_id}).rowcount:
                connection.execute(insert(sign_ins), row | {"person_id": person_id})

        await asyncio.wrap_future(self._database.write(work))
        self._known.pop(person_id, None)


def role_holders(
    connection: Connection, members: Mapping[str, Sequence[str]], roles: Collection[str], now: datetime
) -> set[str]:
    """Who has one of these roles: by the settings (`members`, as in `SignIns`), and by a last sign-in that is not too long
    ago."""
    signed = connection.execute(SINCE, {"since": now - ROLES_COUNT}).all()
    named = {f"aad:{one}" for role in roles for one in members.get(role, ())}
    return named | {row.person_id for row in signed if not set(roles).isdisjoint(row.roles)}


def _read(connection: Connection, person_id: str) -> SignedIn | None:
    row = connection.execute(ONE, {"person": person_id}).one_or_none()
    return SignedIn(frozenset(row.roles), row.at, row.ended) if row else None


ONE = select(sign_ins).where(sign_ins.c.person_id == bindparam("person"))
SINCE = select(sign_ins.c.person_id, sign_ins.c.roles).where(sign_ins.c.at >= bindparam("since"))
CHANGE = update(sign_ins).where(sign_ins.c.person_id == bindparam("person"))
