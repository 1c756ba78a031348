"""Telling whoever reserved something from the depot what Facilitair decided, in their own chat, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, select, update

from bot.depot import Reservation, reservation_of
from bot.own_chat import BUSY, DUE, SENT, WAITING, OwnChat, Sends
from bot.records import Records
from bot.tables import depot_reservations
from cards.view import View


class DepotLetters:
    """Delivers decisions about reservations; `say` shows one as a card."""

    def __init__(
        self, records: Records, *, say: Callable[[Reservation], View], way_out: Sends | None = None
    ) -> None:
        self._records = records
        self._say = say
        self._own_chat = OwnChat(records, way_out)

    async def deliver(self, reservation: str) -> float | None:
        """Bring the decision about this reservation, when it is due; gives the seconds after which to try again, if any."""
        state, found = await self._records.read(partial(_told, reservation))
        if found is None:
            return None
        mark = partial(_mark, reservation)
        return await self._own_chat.bring_once(found.person_id, self._say(found), mark, state)


def due_decisions(connection: Connection) -> set[str]:
    """The reservations of which the decision must still be told."""
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
