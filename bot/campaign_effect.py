"""How requests were solved before and after a campaign, by those who got it. After is not because of: nobody can tell.

In totals only, counted as the page of counts does it (`dialogs/counting.py`): what fewer than five people did stands with
something else, and of fewer than five people nothing is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from bot.campaign_audience import load_audience
from bot.campaign_tables import campaign_recipients as ledger
from bot.campaign_tables import campaigns
from bot.rights import GONE
from bot.tables import records
from dialogs.advice import ENDS
from dialogs.counting import Solution, counted, how_solved

MOST_DAYS = 28
"""Whole weeks, so that before and after have as many working days."""
GOT_IT = ("sent", "corrected", "recalled")
REST = "overige"


@dataclass(frozen=True, slots=True)
class Side:
    """How many people sent how many requests, and how those were solved: requests by way, what is rare under `REST`."""

    people: int
    requests: int
    ways: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """The same `people`, so many `days` before they got it and as many after; None is a side of too few people."""

    days: int
    people: int
    before: Side | None
    after: Side | None

    @property
    def sides(self) -> tuple[Side | None, Side | None]:
        """Before and after."""
        return self.before, self.after

    def dump(self) -> dict[str, Any]:
        """As it is kept; `load_effect` reads it."""
        return asdict(self)


def load_effect(kept: Mapping[str, Any]) -> Effect:
    """What was counted once, as it was kept."""
    before, after = (Side(**kept[name]) if kept[name] else None for name in ("before", "after"))
    return Effect(kept["days"], kept["people"], before, after)


def effect(connection: Connection, id_: str, now: datetime) -> Effect | None:
    """Count it as far as time has come; None on the first day, of a list of names, and
    when it is not known any more who got it."""
    audience = connection.execute(
        select(campaigns.c.audience).where(campaigns.c.id == id_)
    ).scalar_one_or_none()
    # Of a list it is known who is on it, and then the numbers are an answer about them.
    if audience is None or load_audience(audience).has("lijst"):
        return None
    of_it = ledger.c.campaign == id_, ledger.c.person_id != GONE.id, ledger.c.state.in_(GOT_IT)
    got = select(func.count(), func.min(ledger.c.sent), func.max(ledger.c.sent)).where(*of_it)
    people, first, last = connection.execute(got.where(ledger.c.sent.is_not(None))).one()
    days = min(MOST_DAYS, (now - last).days) if last else 0
    if days < 1:
        return None
    window = timedelta(days=days)
    asked = (
        select(records.c.person_id, records.c.outcome, records.c.advice, records.c.made, ledger.c.sent)
        .join(ledger, ledger.c.person_id == records.c.person_id)
        .where(*of_it, records.c.outcome.in_(ENDS))
        .where(records.c.made >= first - window, records.c.made < last + window)
    )
    before, after = [], []
    for row in connection.execute(asked):
        way = how_solved({**row.advice, "outcome": row.outcome}, {})
        if row.sent - window <= row.made < row.sent:
            before.append(Solution(way, row.person_id, way))
        elif row.sent <= row.made < row.sent + window:
            after.append(Solution(way, row.person_id, way))
    return Effect(days, people, _side(before), _side(after))


def _side(found: list[Solution]) -> Side | None:
    numbers = counted(found)
    if numbers.total is None:
        return None
    ways = {group.name: group.requests for group in numbers.groups}
    if numbers.rest:
        ways[REST] = numbers.rest.requests
    return Side(numbers.total.people, numbers.total.requests, ways)
