"""When campaigns go: in office hours on the clock in the Netherlands, also when that clock is moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.campaign_rules import CampaignRules, moment_here

RULES = CampaignRules()


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-26T10:00", "2026-11-26T10:00"),
        ("2026-11-26T07:59", "2026-11-26T08:00"),
        ("2026-11-26T16:00", "2026-11-27T08:00"),
        ("2026-11-27T15:59", "2026-11-27T15:59"),
        ("2026-11-27T16:00", "2026-11-30T08:00"),
        # Summer time begins on Sunday 29 March 2026 and ends on Sunday 25 October.
        ("2026-03-27T16:00", "2026-03-30T07:00"),
        ("2026-03-30T06:59", "2026-03-30T07:00"),
        ("2026-03-30T14:59", "2026-03-30T14:59"),
        ("2026-03-30T15:00", "2026-03-31T07:00"),
        ("2026-10-23T15:00", "2026-10-26T08:00"),
        ("2026-10-25T01:30", "2026-10-26T08:00"),
    ],
)
def test_opens(now: str, opens: str) -> None:
    """Nothing goes in the evening, at night or in the weekend; moments are in UTC here."""
    begin, then = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (now, opens))

    assert RULES.opens(begin) == then
    assert RULES.is_open(begin) == (begin == then)
    assert RULES.is_open(then)


def test_weekend() -> None:
    """Where people work in the weekend, campaigns can go then; up to which day is told in its name."""
    weekend = CampaignRules(days=7)
    saturday = datetime(2026, 11, 28, 10, tzinfo=UTC)

    assert weekend.is_open(saturday)
    assert weekend.opens(saturday.replace(hour=20)) == datetime(2026, 11, 29, 8, tzinfo=UTC)
    assert (RULES.last_day, weekend.last_day) == ("vrijdag", "zondag")


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-11-26T09:30", "2026-11-26T08:30"),
        ("2026-07-01T09:30", "2026-07-01T07:30"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-03-29T02:30", None),
        ("2026-11-26T09:30+01:00", None),
        ("1926-11-26T09:30", None),
        ("morgen", None),
    ],
)
def test_moment(said: str, moment: str | None) -> None:
    """What somebody fills in is a moment here; the hour that is skipped is none, of the hour that comes twice it is the first."""
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None

    assert moment_here(said) == expected
