"""Opvolging: when a colleague is asked what became of a request, what may have come in between, and how often."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from knowledge.model import Id, Item, Line, Sourced

FILE = "opvolging.yaml"
"""A version of the knowledge that was kept before anybody was asked has no such file."""
WEEK = 7
"""Nobody gets two of these cards in so many days, so no period may be shorter."""

Outcome = Literal["niet-gekocht", "anders-opgelost", "koop-met-mvoi", "koop-zonder-mvoi"]
Days = Annotated[int, Field(ge=WEEK, le=3650)]
Hour = Annotated[int, Field(ge=0, le=24)]


class Moment(Item):
    """One time to ask: so many days after the request was sent last, and how that moment is called."""

    id: Id
    name: Line = Field(alias="naam")
    after_days: Days = Field(alias="na_dagen")
    question: Line = Field(alias="vraag")


class FollowUpRule(Sourced):
    """For which requests there are which moments; without `start_form` for those with and without a startformulier."""

    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)] = Field(alias="uitkomsten")
    start_form: bool | None = Field(default=None, alias="startformulier")
    moments: Annotated[tuple[Moment, ...], Field(min_length=1, max_length=3)] = Field(alias="momenten")

    @model_validator(mode="after")
    def moments_follow_each_other(self) -> FollowUpRule:
        """Refuse moments that are named twice or are not in order."""
        days = [moment.after_days for moment in self.moments]
        if len({moment.id for moment in self.moments}) < len(days) or days != sorted(set(days)):
            raise ValueError(
                "de momenten moeten na elkaar komen. Geef elk een eigen id, en bij 'na_dagen' steeds een hoger getal."
            )
        return self


class Cause(Item):
    """Why something did not work out, or only in part."""

    code: Id
    label: Line


class FollowUpPolicy(Sourced):
    """All of `opvolging.yaml`. `from_hour` up to `until_hour` is when a card may come, on weekdays; periods are in days."""

    from_hour: Hour = Field(alias="van_uur")
    until_hour: Hour = Field(alias="tot_uur")
    reminder_days: Days = Field(alias="herinnering_na_dagen")
    later_days: Days = Field(alias="uitstel_dagen")
    causes: Annotated[tuple[Cause, ...], Field(min_length=1)] = Field(alias="oorzaken")
    rules: tuple[FollowUpRule, ...] = Field(alias="regels")

    @model_validator(mode="after")
    def day_has_hours(self) -> FollowUpPolicy:
        """Refuse a day that is over before it begins."""
        if self.from_hour >= self.until_hour:
            raise ValueError("'tot_uur' moet later zijn dan 'van_uur'.")
        return self

    def moments(self, outcome: str, *, start_form: bool) -> tuple[Moment, ...]:
        """When to ask about a request, by the first rule that fits; empty when nobody is asked."""
        fits = (
            rule.moments
            for rule in self.rules
            if outcome in rule.outcomes and rule.start_form in (None, start_form)
        )
        return next(fits, ())

    def moment(self, id_: str) -> Moment | None:
        """The moment with this id; None when it is no longer there."""
        return next((moment for rule in self.rules for moment in rule.moments if moment.id == id_), None)
