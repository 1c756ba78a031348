"""When a campaign may be sent, how fast, and how many a colleague gets in a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

HERE = ZoneInfo("Europe/Amsterdam")
WEEK = timedelta(days=7)
FLOOR = 5
"""Smaller groups are not shown, and cannot be chosen by what they asked."""


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """`first` to `last` are hours on the clock in the Netherlands, on the first `days` of the week; `cap` holds for seven
    days.

    `members` are, per role, who has it by the settings (`MOI_ROLE_MEMBERS`).
    """

    rate: int = 40
    cap: int = 1
    first: int = 9
    last: int = 17
    days: int = 5
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def last_day(self) -> str:
        """The last of those days, as people call it."""
        return str(get_day_names(locale="nl")[self.days - 1])

    def is_open(self, now: datetime) -> bool:
        """Whether a colleague may be disturbed now."""
        here = now.astimezone(HERE)
        return here.weekday() < self.days and self.first <= here.hour < self.last

    def opens(self, now: datetime) -> datetime:
        """The first moment from now on at which a colleague may be disturbed, in UTC."""
        return now if self.is_open(now) else next(start for start in self._mornings(now) if start > now)

    def _mornings(self, now: datetime) -> Iterator[datetime]:
        day = now.astimezone(HERE).date()
        while True:
            if day.weekday() < self.days:
                # By the clock on the wall, so also right on the day on which that is moved.
                yield datetime.combine(day, time(self.first), HERE).astimezone(UTC)
            day += timedelta(days=1)


def moment_here(said: str) -> datetime | None:
    """ "2026-11-26T09:30" on the clock in the Netherlands as a moment in UTC; None for what is no such moment.

    In the night in which the clock goes forward an hour does not exist; of the hour that comes twice the first is meant.
    """
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        return None
    if read.tzinfo or read.year < 2000 or read.year > 2100:
        return None
    moment = read.replace(tzinfo=HERE).astimezone(UTC)
    return moment if moment.astimezone(HERE).replace(tzinfo=None) == read else None
