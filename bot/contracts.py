"""The register of running contracts: what can be ordered without buying anew, for whom, until when and how.

Functions of a connection. A contract names roles, teams and organisations, and no person.
"""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from bot.depot_tables import contract_list, contracts
from knowledge.model import Certainty

LIST = "contracts"
SOON = 6  # Months before its end that a contract is said to end.


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract under which can be ordered, from its `start` up to and including the day `until`; None is no such day.

    Notice has to be given before the day `notice_before`. `manager` is the id of a role in the knowledge.
    """

    id: str
    what: str
    group: str | None
    for_whom: str
    start: date | None
    until: date | None
    notice_before: date | None
    how_to_order: str
    supplier: str
    manager: str | None
    certainty: Certainty

    def ends_soon(self, on: date) -> bool:
        """Whether it ends within six months of this day."""
        return self.until is not None and self.until <= months_later(on, SOON)

    def turn(self, first: date) -> date:
        """From this day on the first day by which somebody must have decided what comes next; far away if there is none."""
        return min(
            (day for day in (self.notice_before, self.until) if day and day >= first), default=date.max
        )


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or else the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def mark(connection: Connection) -> str:
    """Which list this is; empty when there never was one."""
    return connection.execute(MARK).scalar_one_or_none() or ""


def hold(connection: Connection) -> None:
    """Change the list: whoever else does so waits until this transaction is over."""
    another = uuid.uuid4().hex
    if not connection.execute(update(contract_list).values(mark=another)).rowcount:
        connection.execute(insert(contract_list), {"id": LIST, "mark": another})


def all_contracts(connection: Connection) -> list[Contract]:
    """The whole list, those that end first first."""
    return [_contract(row) for row in connection.execute(ALL)]


def running_of(connection: Connection, ids: Sequence[str], on: date) -> list[Contract]:
    """Of these contracts the ones under which can be ordered on this day, in the order that was asked."""
    rows = connection.execute(RUNNING_OF, {"ids": list(ids), "on": on})
    found = {row.id: _contract(row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def all_running(connection: Connection, on: date, most: int) -> list[Contract]:
    """The contracts under which can be ordered on this day, those that end first first, at most so many."""
    return [_contract(row) for row in connection.execute(ALL_RUNNING, {"on": on, "most": most})]


def count_running(connection: Connection, on: date) -> int:
    """Under how many contracts can be ordered on this day."""
    return connection.execute(COUNT, {"on": on}).scalar_one()


def ended(connection: Connection, on: date, most: int) -> list[Contract]:
    """The contracts that are over on this day and still in the list, the last first, at most so many."""
    over = (
        select(contracts).where(contracts.c.until < on).order_by(contracts.c.until.desc(), contracts.c.what)
    )
    return [_contract(row) for row in connection.execute(over.limit(most))]


def expiring(connection: Connection, first: date, last: date) -> list[Contract]:
    """The contracts that end, or of which notice must be given, from `first` up to and including `last`; soonest first."""
    within = or_(contracts.c.until.between(first, last), contracts.c.notice_before.between(first, last))
    # What is over needs no notice any more.
    there = or_(contracts.c.until.is_(None), contracts.c.until >= first)
    found = [_contract(row) for row in connection.execute(select(contracts).where(within, there))]
    return sorted(found, key=lambda contract: (contract.turn(first), contract.what))


def row_of(contract: Contract) -> dict[str, Any]:
    """A contract as the table keeps it."""
    return {
        "id": contract.id,
        "what": contract.what,
        "product_group": contract.group,
        "for_whom": contract.for_whom,
        "start": contract.start,
        "until": contract.until,
        "notice_before": contract.notice_before,
        "how_to_order": contract.how_to_order,
        "supplier": contract.supplier,
        "manager": contract.manager,
        "certainty": contract.certainty,
    }


def key(contract: Contract) -> tuple[str, str, str, date | None]:
    """By what two lines are about the same contract."""
    what, supplier, for_whom = (
        said.casefold() for said in (contract.what, contract.supplier, contract.for_whom)
    )
    return what, supplier, for_whom, contract.start


def _contract(row: Row[Any]) -> Contract:
    return Contract(
        row.id,
        row.what,
        row.product_group,
        row.for_whom,
        row.start,
        row.until,
        row.notice_before,
        row.how_to_order,
        row.supplier,
        row.manager,
        cast(Certainty, row.certainty),
    )


# Made once, for these are asked for at every look.
MARK = select(contract_list.c.mark)
FIRST_TO_END = (func.coalesce(contracts.c.until, date.max), contracts.c.what, contracts.c.id)
ALL = select(contracts).order_by(*FIRST_TO_END)
RUNNING = (
    or_(contracts.c.start.is_(None), contracts.c.start <= bindparam("on")),
    or_(contracts.c.until.is_(None), contracts.c.until >= bindparam("on")),
)
RUNNING_OF = select(contracts).where(contracts.c.id.in_(bindparam("ids", expanding=True)), *RUNNING)
ALL_RUNNING = ALL.where(*RUNNING).limit(bindparam("most"))
COUNT = select(func.count()).select_from(contracts).where(*RUNNING)
