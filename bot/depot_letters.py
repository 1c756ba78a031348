"""Telling Facilitair that something of the depot was reserved, and who reserved it what was decided: in their own chats, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection, delete, select, update

from bot.channel_place import first_time
from bot.channel_posts import TEAMS
from bot.depot import Reservation, State, reservation_of
from bot.depot_tables import depot_reservations
from bot.own_chat import BUSY, DUE, SENT, WAITING, OwnChat, Sends
from bot.records import Records
from bot.tables import deliveries
from cards.view import View

FACILITAIR = "facilitair"
DECIDED: tuple[State, ...] = ("confirmed", "declined")


class DepotLetters:
    """Delivers what is to be told of reservations; `say` shows one as a card: what is asked, or what was decided."""

    def __init__(
        self, records: Records, *, say: Callable[[Reservation], View], way_out: Sends | None = None
    ) -> None:
        self._records = records
        self._say = say
        self._own_chat = OwnChat(records, way_out)

    async def deliver(self, reservation: str) -> float | None:
        """Bring what is to be told of this reservation, when it is due; gives the seconds after which to try again, if any."""
        state, found = await self._records.read(partial(_told, reservation))
        if found is None:
            return None
        if found.state not in DECIDED:
            return await self._ask(found)
        mark = partial(_mark, reservation)
        return await self._own_chat.bring_once(found.person_id, self._say(found), mark, state)

    async def _ask(self, found: Reservation) -> float | None:
        """Ask everybody of Facilitair to decide, when nobody did yet; who was told once is not told again."""
        keepers = await self._records.sign_ins.in_role(FACILITAIR) if found.state == "waiting" else set()
        waits = []
        for keeper in sorted(keepers - {found.person_id}):
            # Named after nobody, because what was dealt with is kept apart from who it was for.
            name = sha256(f"{found.id}\0{keeper}".encode()).hexdigest()[:32]
            if not await self._records.read(partial(_dealt_with, name)):
                mark = partial(_mark_dealt_with, name)
                waits.append(await self._own_chat.bring(keeper, self._say(found), mark))
        if wait := max((wait for wait in waits if wait is not None), default=None):
            return wait
        await self._records.write(partial(_asked, found))
        return None


def due_decisions(connection: Connection) -> set[str]:
    """The reservations of which something must still be told."""
    due = select(depot_reservations.c.id).where(depot_reservations.c.told.in_((DUE, BUSY)))
    return set(connection.execute(due).scalars())


def waits_for(person_id: str, connection: Connection) -> bool:
    """Whether a decision waits until this person comes back."""
    waits = depot_reservations.c.person_id == person_id, depot_reservations.c.told == WAITING
    return connection.execute(select(depot_reservations.c.id).where(*waits)).first() is not None


def told_late(person_id: str, connection: Connection) -> list[Reservation]:
    """Decisions for somebody who was nowhere when they fell; from now on they are told."""
    waits = depot_reservations.c.person_id == person_id, depot_reservations.c.told == WAITING
    ids = list(connection.execute(select(depot_reservations.c.id).where(*waits)).scalars())
    if ids:
        told = update(depot_reservations).where(depot_reservations.c.id.in_(ids))
        connection.execute(told.values(told=SENT))
    return [found for id_ in ids if (found := reservation_of(connection, id_))]


def _told(reservation: str, connection: Connection) -> tuple[str, Reservation | None]:
    due = depot_reservations.c.id == reservation, depot_reservations.c.told.in_((DUE, BUSY))
    state = connection.execute(select(depot_reservations.c.told).where(*due)).scalar_one_or_none()
    return (state, reservation_of(connection, reservation)) if state else ("", None)


def _mark(reservation: str, state: str, connection: Connection) -> None:
    told = update(depot_reservations).where(depot_reservations.c.id == reservation)
    connection.execute(told.values(told=state))


def _asked(found: Reservation, connection: Connection) -> None:
    """Nothing more to tell, unless it was decided meanwhile."""
    told = update(depot_reservations).where(
        depot_reservations.c.id == found.id, depot_reservations.c.state == found.state
    )
    connection.execute(told.values(told=""))


def _dealt_with(name: str, connection: Connection) -> bool:
    known = deliveries.c.channel == TEAMS, deliveries.c.delivery == name
    return connection.execute(select(deliveries.c.at).where(*known)).first() is not None


def _mark_dealt_with(name: str, state: str, connection: Connection) -> None:
    """Noted before it is sent, so that what was cut off is not sent twice; taken away when there was no room for it."""
    if state == DUE:
        known = deliveries.c.channel == TEAMS, deliveries.c.delivery == name
        connection.execute(delete(deliveries).where(*known))
    else:
        first_time(connection, name)
