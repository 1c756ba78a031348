"""Amounts of money and numbers of things, as colleagues write them, and euros as we write them back.

An amount is never guessed: what could also be a number of chairs, a year or a telephone number is no amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from babel.numbers import format_decimal

from knowledge.money_words import ABOUT, AT_LEAST, AT_MOST, EURO, EVERY, MEASURES, MONTHS, TIMES, WORKED
from knowledge.numerals import Token, tokens
from knowledge.sums import Sum, is_money, joined, looks_like_year, part_of_word, sum_at

_MOST_PIECES = 1_000_000
_BY = frozenset({"x", "×"})
_PIECES = (["stuks"], ["stuk"], ["st"], ["x"], ["×"])


@dataclass(frozen=True, slots=True)
class Amount:
    """Euros without btw, over the whole term; `high` is None when there is no upper bound."""

    low: float
    high: float | None

    def times(self, factor: float) -> Amount:
        """The amount for so many pieces or periods, in whole cents."""
        return Amount(_cents(self.low * factor), None if self.high is None else _cents(self.high * factor))


def read_amount(text: str, *, bare: bool = True, quantity: int | None = None) -> Amount | None:
    """Read what something costs, or None when the text names no amount.

    With `bare` a plain number counts as euros ("15000" as the answer to "wat kost het?"); without it the number needs a
    sign that it is money. A price per piece is multiplied by the number of pieces in the text or by `quantity`; a price
    per piece, month or year whose number stays unknown has no upper bound.
    """
    found = tokens(text)
    sums = [total for i in range(len(found)) if (total := sum_at(found, i)) is not None]
    sums = [total for total in sums if is_money(found, total, bare=bare)]
    if not sums:
        return None
    total = next((total for total in sums if _named_total(found, total)), None)
    amount, start, end = _range(found, total or sums[0])
    if total is not None:
        return amount
    factor = _factor(found, start, end, quantity)
    if factor is None:
        return Amount(amount.low, None)
    return amount.times(factor)


def read_quantity(text: str) -> int | None:
    """Read of how many things a text speaks ("twaalf lunches" -> 12), or None."""
    found = tokens(text)
    first: int | None = None
    for i, token in enumerate(found):
        if token.value is None or not token.value.is_integer() or not 0 < token.value <= _MOST_PIECES:
            continue
        total = sum_at(found, i)
        if (
            total is None
            or is_money(found, total, bare=False)
            or looks_like_year(found, i)
            or part_of_word(found, i)
        ):
            continue
        if _is_size(found, i):
            continue
        after = found[total.end] if total.end < len(found) else None
        if after is not None and (after.value is not None or _measures(after)):
            continue
        if i and (found[i - 1].text in MEASURES or found[i - 1].text in {"-", "/"}):
            continue
        if after is not None and after.text == "/" and after.glued:
            continue  # "28/11" is a day
        if first is None:
            first = int(total.euros)
        if _counts(found, total.end):
            return int(total.euros)
    return first


def _counts(found: Sequence[Token], end: int) -> bool:
    """True for the number of which is said that it counts: "windows 11, 20 stuks", "iphone 16 pro 5x"."""
    behind = [token.text for token in found[end : end + 2]]
    return behind[:1] in (["stuks"], ["st"]) or behind in (["x"], ["×"])


def read_pieces(text: str) -> int | None:
    """Read how many pieces a price is for ("12 stuks voor 4000 euro" -> 12), or None; the price itself is no number of pieces."""
    quantity = read_quantity(text)
    if quantity is None or read_amount(text, bare=False) is None:
        return None
    found = tokens(text)
    behind = [
        [token.text for token in found[i + 1 : i + 3]]
        for i, token in enumerate(found)
        if token.value == quantity
    ]
    counted = any(after[:1] in _PIECES and after[1:] != ["per"] for after in behind)
    return quantity if counted or any("voor" in after for after in behind) else None


def euros(amount: Amount | float) -> str:
    """Write money the Dutch way: "€ 25.000", "€ 25.000,50", "€ 3.000 tot € 4.000", "meer dan € 200.000"."""
    if not isinstance(amount, Amount):
        return _written(amount)
    if amount.high is None:
        return f"meer dan {_written(amount.low)}"
    if amount.low == amount.high:
        return _written(amount.low)
    if amount.low == 0:
        return f"tot {_written(amount.high)}"
    return f"{_written(amount.low)} tot {_written(amount.high)}"


@lru_cache(maxsize=4096)
def _written(value: float) -> str:
    whole = float(_cents(value)).is_integer()
    return f"€ {format_decimal(_cents(value), format='#,##0' if whole else '#,##0.00', locale='nl_NL')}"


def _cents(value: float) -> float:
    return round(value, 2)


def _measures(token: Token) -> bool:
    """True for what makes a number a size or a name instead of a count: "27 inch", "202a"."""
    return token.text in MEASURES or (token.glued and token.text[0].isalpha() and token.text != "x")


def _is_size(found: Sequence[Token], i: int) -> bool:
    """True for either number of "6x6" and "120x90", written as one word."""
    after = found[i + 1 : i + 3]
    if (
        len(after) == 2
        and after[0].text in _BY
        and after[0].glued
        and after[1].value is not None
        and after[1].glued
    ):
        return True
    return (
        i >= 2
        and found[i].glued
        and found[i - 1].text in _BY
        and found[i - 1].glued
        and found[i - 2].value is not None
    )


def _named_total(found: Sequence[Token], total: Sum) -> bool:
    before = [token.text for token in found[max(0, total.start - 3) : total.start]]
    return "totaal" in before or "totaalbedrag" in before


def _range(found: Sequence[Token], chosen: Sum) -> tuple[Amount, int, int]:
    """The amount with its bounds, and the tokens it takes."""
    second = joined(found, chosen)
    if second is not None and (low := _lower_end(chosen, second)) <= second.euros:
        return Amount(low, second.euros), chosen.start, second.end
    bound = _bound(found, chosen)
    low, high = (0.0 if bound == "most" else chosen.euros), (None if bound == "least" else chosen.euros)
    return Amount(low, high), chosen.start, chosen.end


def _lower_end(first: Sum, second: Sum) -> float:
    """The first number of a range takes the scale of the second: "3 tot 4 duizend", "15 tot 20.000"."""
    if first.scale > 1 or first.value >= second.value or first.grouped:
        return first.euros
    if second.scale > 1:
        return _cents(first.value * second.scale)
    thousands = not second.value % 1000 and first.value * 1000 < second.value
    return _cents(first.value * 1000) if thousands else first.euros


def _bound(found: Sequence[Token], chosen: Sum) -> Literal["most", "least"] | None:
    """Whether an amount is the most or the least: "maximaal 40 mille", "10.000 of meer", "niet meer dan 5000"."""
    i = chosen.start - 1
    while i >= 0 and found[i].text in ABOUT | EURO | {"dan", "ten", "budget"}:
        i -= 1
    before = found[i].text if i >= 0 else ""
    denied = before == "niet" or (i > 0 and found[i - 1].text == "niet")
    after = tuple(token.text for token in found[chosen.end : chosen.end + 2])
    most = (
        before in AT_MOST or after == ("of", "minder") or after[:1] in {("max",), ("maximaal",), ("hooguit",)}
    )
    least = before in AT_LEAST or after == ("of", "meer") or after[:1] in {("+",), ("min",), ("minimaal",)}
    if denied:
        return "least" if most else "most"
    return "most" if most else "least" if least else None


def _factor(found: Sequence[Token], start: int, end: int, quantity: int | None) -> float | None:
    """With what the amount is multiplied: pieces or term; None when that is needed but not said."""
    times = _pieces(found, start)
    if times is not None:
        return times
    rest = [token.text for token in found[end : end + 6]]
    per = next((rest[k + 1] for k in range(len(rest) - 1) if rest[k] == "per"), None)
    per = per or next((EVERY[word] for word in rest if word in EVERY), None)
    if per is None:
        return 1.0
    if per in MONTHS:
        months = _months(found, start, end)
        return None if months is None else round(months / MONTHS[per], 4)
    if per in WORKED:
        return _number_before(found, WORKED, skip=(start, end))
    return float(quantity) if quantity else _other_number(found, start, end)


def _pieces(found: Sequence[Token], start: int) -> float | None:
    """Four in "4 x 250 euro", fifty in "50 stoelen van 300 euro" when "per stuk" or "à" says so."""
    i = start - 1
    while i >= 0 and found[i].text in EURO | {"van", "à", "a"}:
        i -= 1
    if i >= 1 and found[i].text in TIMES:
        return found[i - 1].value
    if i >= 1 and i < start - 1 and any(token.text in {"à", "a"} for token in found[i + 1 : start]):
        return found[i - 1].value
    return None


def _months(found: Sequence[Token], start: int, end: int) -> float | None:
    """The whole term in months, with extensions: "3 jaar", "2 jaar + 2 x 1 jaar"."""
    total = 0.0
    for i, token in enumerate(found[:-1]):
        if token.value is None or start <= i < end or found[i + 1].text not in MONTHS:
            continue
        repeated = found[i - 2].value if i >= 2 and found[i - 1].text in TIMES else None
        if repeated is not None and not start <= i - 2 < end:
            total += repeated * token.value * MONTHS[found[i + 1].text]
        else:
            total += token.value * MONTHS[found[i + 1].text]
    return total or None


def _number_before(found: Sequence[Token], words: frozenset[str], skip: tuple[int, int]) -> float | None:
    for i, token in enumerate(found[:-1]):
        if token.value is not None and not skip[0] <= i < skip[1] and found[i + 1].text in words:
            return token.value
    return None


def _other_number(found: Sequence[Token], start: int, end: int) -> float | None:
    for i, token in enumerate(found):
        if token.value is not None and not start <= i < end and not looks_like_year(found, i):
            after = found[i + 1].text if i + 1 < len(found) else ""
            return None if after in MEASURES or part_of_word(found, i) else token.value
    return None
