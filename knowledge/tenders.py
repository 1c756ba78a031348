"""De aanbestedingskalender: how far Moi looks ahead, and when a colleague hears what can still be done about a purchase."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from knowledge.follow_up import Days, Hour
from knowledge.model import Id, Item, Line, Sourced

FILE = "kalender.yaml"
"""A version of the knowledge that was kept before there was a calendar has no such file."""

Months = Annotated[int, Field(ge=1, le=60)]


class NudgeMoment(Item):
    """One nudge: so many months before the procedure starts, in which phase that is, and what can still be done then."""

    id: Id
    phase: Line = Field(alias="fase")
    months_before: Months = Field(alias="maanden_voor")
    still: Line = Field(alias="kan_nog")


class Delay(Item):
    """How long somebody may put a nudge off."""

    id: Id
    label: Line
    days: Days = Field(alias="dagen")


class TenderPolicy(Sourced):
    """All of `kalender.yaml`. `from_hour` up to `until_hour` is when a card may come, on weekdays."""

    look_ahead: Months = Field(alias="vooruit_maanden")
    from_hour: Hour = Field(alias="van_uur")
    until_hour: Hour = Field(alias="tot_uur")
    moments: Annotated[tuple[NudgeMoment, ...], Field(min_length=1, max_length=4)] = Field(alias="momenten")
    delays: Annotated[tuple[Delay, ...], Field(min_length=1, max_length=2)] = Field(alias="uitstel")

    @model_validator(mode="after")
    def in_order(self) -> TenderPolicy:
        """Refuse a day without hours, and moments that do not come nearer or that Moi does not look ahead to."""
        if self.from_hour >= self.until_hour:
            raise ValueError("'tot_uur' moet later zijn dan 'van_uur'.")
        months = [moment.months_before for moment in self.moments]
        if len({moment.id for moment in self.moments}) < len(months) or months != sorted(
            set(months), reverse=True
        ):
            raise ValueError(
                "de momenten moeten na elkaar komen. Geef elk een eigen id, en bij 'maanden_voor' steeds een lager getal."
            )
        if months[0] > self.look_ahead:
            raise ValueError("'vooruit_maanden' moet minstens het eerste 'maanden_voor' zijn.")
        return self

    def moment_on(self, day: date, start: date) -> NudgeMoment | None:
        """The last moment that has come on this day for a procedure that starts then; None before the first and from the start on."""
        if day >= start:
            return None
        come = (moment for moment in self.moments if months_earlier(start, moment.months_before) <= day)
        return min(come, key=lambda moment: moment.months_before, default=None)


def months_earlier(day: date, months: int) -> date:
    """The same day so many months earlier, or else the first day after it that there is."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        # There is no 30 February: a day later is still so many months before.
        return date(year, month + 2, 1)
