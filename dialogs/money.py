"""The three money figures, which are never added up, each with its assumption (PRODUCT §2; actieplan §5.2-6, §7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.advice import Figure
from dialogs.numbers import Value
from dialogs.what import DIALOG
from knowledge.amounts import Amount, euros
from knowledge.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Four numbers about the durable choice, compared with the ordinary one; euro excl. btw."""

    extra: Amount
    yearly: Amount
    years: int
    residual: Amount

    def difference(self) -> tuple[float, float]:
        """Yield over all years, lowest and highest; negative is more expensive."""
        low = self.yearly.low * self.years + self.residual.low - highest(self.extra)
        high = highest(self.yearly) * self.years + highest(self.residual) - self.extra.low
        return round(low, 2), round(high, 2)


def highest(amount: Amount) -> float:
    """The upper end; an open end counts as its lower end, because more is not known."""
    return amount.low if amount.high is None else amount.high


def not_spent(knowledge: Knowledge, first: Value | None, now: Value | None) -> tuple[Figure, ...]:
    """What is not spent, or what is spent more, between the first estimate and now; nothing when one is unknown."""
    if first is None or first.amount is None:
        return ()
    if now is None:
        assumption = knowledge.words.say(DIALOG, "aanname-heel", eerst=euros(first.amount))
        return (Figure("niet uitgegeven", first.amount.low, first.amount.high, assumption),)
    if (
        now.amount is None
        or now.amount == first.amount
        or first.amount.high is None
        or now.amount.high is None
    ):
        return ()
    low = round(first.amount.low - now.amount.high, 2)
    high = round(first.amount.high - now.amount.low, 2)
    if low >= 0:
        assumption = knowledge.words.say(
            DIALOG, "aanname-verschil", eerst=euros(first.amount), nu=euros(now.amount)
        )
        return (Figure("niet uitgegeven", low, high, assumption),)
    if high <= 0:
        assumption = knowledge.words.say(
            DIALOG, "aanname-meer", eerst=euros(first.amount), nu=euros(now.amount)
        )
        return (Figure("meerkosten", -high, -low, assumption),)
    return ()


def over_a_lifetime(knowledge: Knowledge, numbers: Lifetime | None) -> tuple[Figure, ...]:
    """The lifetime difference, and the extra cost at the start, when the four numbers were given."""
    if numbers is None:
        return ()
    low, high = numbers.difference()
    assumption = knowledge.words.say(
        DIALOG,
        "aanname-tco",
        besparing=euros(numbers.yearly),
        jaren=numbers.years,
        restwaarde=euros(numbers.residual),
        meerprijs=euros(numbers.extra),
    )
    difference = Figure("levensduurverschil", low, high, assumption)
    if not highest(numbers.extra):
        return (difference,)
    extra = knowledge.words.say(DIALOG, "aanname-tco-meer")
    return (difference, Figure("meerkosten", numbers.extra.low, numbers.extra.high, extra))


def lifetime_sentence(knowledge: Knowledge, numbers: Lifetime) -> str:
    """The outcome of the mini-calculation: a range, and what is not counted."""
    low, high = numbers.difference()
    left_out = ", ".join(item.name for item in knowledge.tco_items if not item.asked)
    if low >= 0:
        verdict = euros(Amount(low, high))
        return knowledge.words.say(
            DIALOG, "tco-voordeel", jaren=numbers.years, verschil=verdict, niet_mee=left_out
        )
    if high <= 0:
        verdict = euros(Amount(-high, -low))
        return knowledge.words.say(
            DIALOG, "tco-nadeel", jaren=numbers.years, verschil=verdict, niet_mee=left_out
        )
    return knowledge.words.say(
        DIALOG,
        "tco-gelijk",
        jaren=numbers.years,
        laag=f"{euros(-low)} duurder",
        hoog=f"{euros(high)} goedkoper",
        niet_mee=left_out,
    )
