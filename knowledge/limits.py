"""From an amount to what follows from it: the startformulier, social return and the European procedure.

Amounts, operators and periods are data (`data/grenzen.yaml`); only the way of reckoning is here. Amounts are in euro, excl.
btw, over the whole term. An amount that may lie on both sides of a limit gives "misschien", never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.amounts import Amount
from knowledge.knowledge import Knowledge
from knowledge.limit_shapes import Limit, SocialReturnRule
from knowledge.model import PurchaseKind

Verdict = bool | Literal["misschien"]

START_FORM = "startformulier"
SOCIAL_RETURN = "social-return"
EUROPEAN = "europees-"  # The ids of all European limits begin so.


@dataclass(frozen=True, slots=True)
class Route:
    """What a value leads to. `european` is "misschien" as well when no European limit is known for that day.

    `national` is the municipality's own procedure; None when it is not known, and then `national_otherwise` says whom to
    ask. It is also None when the procedure is certainly European.
    """

    start_form: Verdict
    social_return: Verdict
    european: Verdict
    start_form_limit: Limit | None
    social_return_limit: Limit | None
    european_limit: Limit | None
    national: str | None
    national_otherwise: str


@dataclass(frozen=True, slots=True)
class SocialReturnOption:
    """One way to reckon social return: the percentage of the bruto aanneemsom and what that is in euro."""

    percentage: float
    euros: Amount
    low_labour: bool


@dataclass(frozen=True, slots=True)
class SocialReturn:
    """The obligation that comes with an amount: one option when the labour share is known, both when it is not.

    `plan` is the third way: a plan van aanpak by the supplier.
    """

    applies: Verdict
    options: tuple[SocialReturnOption, ...]
    plan: str
    rule: str
    source: str

    @property
    def percentage(self) -> float | None:
        """The percentage when there is only one, else None."""
        return self.options[0].percentage if len(self.options) == 1 else None

    @property
    def euros(self) -> Amount:
        """The smallest to the largest obligation over all options."""
        highs = [option.euros.high for option in self.options]
        high = None if None in highs else max(high for high in highs if high is not None)
        return Amount(min(option.euros.low for option in self.options), high)


def limit(knowledge: Knowledge, limit_id: str, on: date) -> Limit | None:
    """Give the limit that holds on a day; None when none is known for that day, LookupError for an unknown id."""
    periods = [item for item in knowledge.limits if item.id == limit_id]
    if not periods:
        raise LookupError(f"no limit {limit_id!r} in grenzen.yaml")
    return next((item for item in periods if item.holds(on)), None)


def exceeds(bound: Limit, value: float) -> bool:
    """Say whether a value in euro falls under the rule of a limit, with the operator of that limit."""
    return value > bound.amount if bound.operator == ">" else value >= bound.amount


def verdict(bound: Limit | None, amount: Amount) -> Verdict:
    """Say whether an amount falls under the rule of a limit: all of it, nothing of it, or "misschien"."""
    if bound is None:
        return "misschien"
    if exceeds(bound, amount.low):
        return True
    return "misschien" if amount.high is None or exceeds(bound, amount.high) else False


def european_limit(knowledge: Knowledge, kind: PurchaseKind, on: date) -> Limit | None:
    """Give the European limit for a kind of purchase on a day; None when none is known for that day."""
    return next(
        (
            item
            for item in knowledge.limits
            if item.id.startswith(EUROPEAN) and kind in item.kinds and item.holds(on)
        ),
        None,
    )


def route(knowledge: Knowledge, amount: Amount, kind: PurchaseKind, on: date) -> Route:
    """Say what a value leads to for a kind of purchase on a day."""
    start_form = limit(knowledge, START_FORM, on)
    social = limit(knowledge, SOCIAL_RETURN, on)
    european = european_limit(knowledge, kind, on)
    is_european = verdict(european, amount)
    return Route(
        start_form=verdict(start_form, amount),
        social_return=verdict(social, amount),
        european=is_european,
        start_form_limit=start_form,
        social_return_limit=social,
        european_limit=european,
        national=None if is_european else _national(knowledge, amount, kind),
        national_otherwise=knowledge.national.otherwise,
    )


def _national(knowledge: Knowledge, amount: Amount, kind: PurchaseKind) -> str | None:
    bands = sorted(
        (band for band in knowledge.national.bands if kind in band.kinds),
        key=lambda band: band.above,
        reverse=True,
    )
    low = next((band for band in bands if amount.low > band.above), None)
    high = None if amount.high is None else next((band for band in bands if amount.high > band.above), None)
    return low.procedure if low is not None and low == high else None


def social_return(
    knowledge: Knowledge, amount: Amount, labour_share: float | None, on: date
) -> SocialReturn | None:
    """Reckon social return over an amount; None when there is no obligation.

    `labour_share` is the part of bruto loonkosten in the bruto aanneemsom in percent, None when it is not known; then both
    percentages are given. Of an amount that only partly lies above the limit the obligation starts at nothing.
    """
    bound = limit(knowledge, SOCIAL_RETURN, on)
    rule = next((item for item in knowledge.social_return if item.holds(on)), None)
    applies = verdict(bound, amount) if bound and rule else False
    if rule is None or applies is False:
        return None
    payable = amount if applies is True else Amount(0.0, amount.high)
    return SocialReturn(
        applies=applies,
        options=tuple(
            _option(rule, low_labour, payable)
            for low_labour in (False, True)
            if labour_share is None or low_labour == (labour_share < rule.labour_below)
        ),
        plan=rule.plan,
        rule=rule.text,
        source=rule.source,
    )


def _option(rule: SocialReturnRule, low_labour: bool, amount: Amount) -> SocialReturnOption:
    percentage = rule.low_percentage if low_labour else rule.percentage
    high = None if amount.high is None else round(amount.high * percentage / 100, 2)
    return SocialReturnOption(percentage, Amount(round(amount.low * percentage / 100, 2), high), low_labour)
