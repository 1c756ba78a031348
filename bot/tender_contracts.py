"""Running contracts that end, as purchases that come up: what comes next must be decided before that day."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.contracts import Contract, expiring, months_later
from bot.nudges import HERE
from bot.rights import MOI
from bot.tender_diff import Line, apply, compare
from bot.tenders import CONTRACTS
from knowledge.knowledge import Knowledge
from knowledge.tenders import TenderPolicy

NAME: Final = "de lijst met contracten"


def follow_contracts(
    knowledge: Knowledge, policy: TenderPolicy, now: datetime, connection: Connection
) -> None:
    """Have the calendar say what the register says, as a file would: what a person changed here stays."""
    today = now.astimezone(HERE).date()
    found = expiring(connection, today, months_later(today, policy.look_ahead))
    lines = [_line(knowledge, contract, contract.turn(today).isoformat()) for contract in found]
    diff = compare(connection, CONTRACTS, lines)
    if not diff.nothing:
        apply(connection, MOI, CONTRACTS, NAME, lines, diff.mark, now)


def _line(knowledge: Knowledge, contract: Contract, start: str) -> Line:
    group = knowledge.groups.get(contract.group or "")
    role = knowledge.roles.get(contract.manager or "")
    return Line(
        contract.id,
        {
            "what": contract.what,
            "product_group": group.id if group else "",
            "category": group.category if group else "",
            "client": role.name if role else "",
            "start": start,
        },
    )
