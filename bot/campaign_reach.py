"""How many people a campaign reaches, told so that nobody can work out what one of them asked or wants.

What the sender could learn by combining groups, and what is therefore refused, is in docs/decisions/0072.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Select, func, select

from bot.campaign_audience import EVERYONE, Audience, Found, Part, combined, find_people
from bot.campaign_lists import ListRow
from bot.campaign_optouts import ALL, opted_out
from bot.campaign_rules import FLOOR, WEEK, CampaignRules
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns
from bot.channel_posts import TEAMS
from bot.tables import conversations

T = TypeVar("T")

MONTH = timedelta(days=30)
ARRIVED = ("sent", "corrected")

Why = Literal["leeg", "dagen", "lijst-en-vroeg", "klein", "deel-klein", "verschil"]
Fault = tuple[Why, int]
"""Why an audience cannot be used, and which of its groups that is about, counted from one; nought for the whole."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many people an audience is, and who of them would get nothing now, each by the first reason.

    With `faults` there are no numbers. `unknown` are the lines of its lists that name nobody; `week` and `month` are how
    many of the people got a campaign in the last 7 and 30 days.
    """

    everybody: int = 0
    opted_out: int = 0
    capped: int = 0
    blocked: int = 0
    nowhere: int = 0
    week: int = 0
    month: int = 0
    unknown: tuple[ListRow, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def reached(self) -> int:
        """How many would get it."""
        return self.everybody - self.opted_out - self.capped - self.blocked - self.nowhere


def size(
    connection: Connection, audience: Audience, rules: CampaignRules, now: datetime, subject: str = ALL
) -> Size:
    """How many people this is, and who would get nothing now on this subject; no numbers when these would tell of somebody."""
    if faults := tuple(_unfinished(audience.parts)):
        return Size(faults=faults)
    found = find_people(connection, audience, rules, now)
    if faults := tuple(telling(audience, found)):
        return Size(unknown=found.unknown, faults=faults)
    ids = found.ids
    out = ids & _all(connection, opted_out(subject))
    capped = ids & _often(connection, now - WEEK, rules.cap) - out
    blocked = ids & _blocked(connection) - out - capped
    places = _all(connection, select(conversations.c.person_id).distinct())
    return Size(
        everybody=len(ids),
        opted_out=len(out),
        capped=len(capped),
        blocked=len(blocked),
        nowhere=len(ids - out - capped - blocked - places),
        week=len(ids & _often(connection, now - WEEK, 1)),
        month=len(ids & _often(connection, now - MONTH, 1)),
        unknown=found.unknown,
    )


def telling(audience: Audience, found: Found) -> Iterator[Fault]:
    """Why numbers about this audience, or a campaign to it, would tell what one person asked or wants."""
    if audience.everyone:
        return
    # A list names the people: then the number is the answer about them, however many names stand around one of them.
    if audience.has("lijst") and audience.has("vroeg"):
        yield "lijst-en-vroeg", 0
        return
    groups = found.parts
    small = {
        place
        for place, (part, group) in enumerate(zip(audience.parts, groups, strict=True))
        if part.kind != EVERYONE and len(group) < FLOOR
    }
    yield from (("deel-klein", place + 1) for place in sorted(small) if len(audience.parts) > 1)
    for place in range(1, len(groups)):
        without = combined(_but(audience.parts, place), _but(groups, place))
        if place not in small and len(without ^ found.ids) < FLOOR:
            yield "verschil", place + 1
    if len(found.ids) < FLOOR:
        yield "klein", 0


def too_small(audience: Audience, found: Found) -> bool:
    """Whether it may not be sent at the moment itself, because people have gone from it since."""
    return not audience.everyone and len(found.ids) < FLOOR


def number_shown(audience: Audience, number: int) -> str:
    """A number of people in it. In fives unless it is about everyone, so that one person more or less is not seen, and
    without telling nought from a few."""
    if audience.everyone:
        return str(number)
    down = number // FLOOR * FLOOR
    return f"{down} tot {down + FLOOR}" if down else f"minder dan {FLOOR}"


def _unfinished(parts: Sequence[Part]) -> Iterator[Fault]:
    for place, part in enumerate(parts, 1):
        if part.empty:
            yield "leeg", place
        if part.first and part.last and part.first > part.last:
            yield "dagen", place


def _but(of: Sequence[T], place: int) -> list[T]:
    return [one for at, one in enumerate(of) if at != place]


def _often(connection: Connection, since: datetime, times: int) -> set[str]:
    """Who got so many campaigns since then, or more."""
    sent = select(rows.c.person_id).where(rows.c.sent > since).group_by(rows.c.person_id)
    return _all(connection, sent.having(func.count() >= times))


def _blocked(connection: Connection) -> set[str]:
    """Who blocked Moi in Teams when it last sent them a campaign."""
    chats = select(conversations.c.person_id).where(conversations.c.channel == TEAMS)
    last = select(rows.c.person_id, func.max(campaigns.c.made).label("at")).join(campaigns)
    last = last.where(rows.c.person_id.in_(chats)).group_by(rows.c.person_id)
    refused, got = (
        {row.person_id: row.at for row in connection.execute(last.where(rows.c.state.in_(states)))}
        for states in (("blocked",), ARRIVED)
    )
    return {person for person, at in refused.items() if person not in got or got[person] < at}


def _all(connection: Connection, ids: Select[Any]) -> set[str]:
    return set(connection.execute(ids).scalars())
