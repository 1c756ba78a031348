"""Amounts of money and numbers of things, as colleagues write them, and euros as we write them back.

An amount is never guessed: what could also be a number of chairs, a year or a telephone number is no amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from knowledge.numerals import SCALES, VAGUE, Token, tokens

_EURO = frozenset({"€", "eur", "euro", "euro's", "euros", "eurootjes", "euri", ",-", "keuro"})
_AT_MOST = frozenset(
    {"max", "maximaal", "maximum", "hooguit", "hoogstens", "onder", "minder", "hoogste", "<", "≤", "tot"}
)
_AT_LEAST = frozenset(
    {
        "min",
        "minimaal",
        "minimum",
        "minstens",
        "tenminste",
        "minste",
        "vanaf",
        "meer",
        "boven",
        "over",
        ">",
        "≥",
    }
)
_ABOUT = frozenset(
    ("zo'n ongeveer circa ca rond omstreeks om nabij bijna ruim naar schatting geschat ergens tussen totaal plusminus ± ~ "
     "pakweg grofweg grosso modo zowat om en nabij iets dik krap slechts de het een van is wordt op").split()
)  # fmt: skip
_COST = frozenset(
    ("budget kosten kost gekost kostte begroot begroting begrote raming raam geraamd bedrag prijs waarde aanneemsom contractwaarde opdrachtwaarde "
     "uitgeven besteden beschikbaar krediet plafond totaalbedrag totaal betaal betalen schat schatting offerte opdrachtsom voor à").split()
)  # fmt: skip
_JOINS = frozenset({"-", "–", "tot", "à", "a", "of", "t/m", "tot en met"})
_FILLERS = frozenset(
    {
        "de",
        "zo'n",
        "ongeveer",
        "circa",
        "ca",
        "max",
        "maximaal",
        "maximum",
        "wel",
        "misschien",
        "hooguit",
        "€",
        "eur",
    }
)
# After these an amount is over; any other word right behind a plain number makes it a number of that thing.
_CLOSING = frozenset(
    ("excl exclusief ex incl inclusief btw per voor of ongeveer en tot in totaal max maximaal min minimaal denk dacht schat ik geloof we wij het dat is ligt "
     "zou zal kan moet mag aan bij met over gedurende a à x keer p pp pj pm jaarlijks maandelijks alles samen bruto netto zijn wordt als want maar dus echt toch "
     "nog niet wel ofzo zo'n circa plus minus op om uit te van door budget beschikbaar begroot geraamd kosten kost krediet gereserveerd nodig vaag - – / + * × "
     "meer minder hooguit hoogstens minstens eenmalig structureel ? zoiets").split()
)  # fmt: skip
_SCREENS = frozenset(
    "scherm schermen monitor monitoren tv tv's beamer camera video beeldscherm display resolutie uhd".split()
)
_EACH = frozenset(
    {
        "stuk",
        "stuks",
        "persoon",
        "pp",
        "deelnemer",
        "medewerker",
        "werkplek",
        "exemplaar",
        "keer",
        "licentie",
        "gebruiker",
        "lunch",
        "doos",
    }
)
_IN_MONTHS = {
    "week": 12 / 52,
    "weken": 12 / 52,
    "maand": 1.0,
    "maanden": 1.0,
    "kwartaal": 3.0,
    "kwartalen": 3.0,
    "jaar": 12.0,
    "jaren": 12.0,
}
_YEARLY = {"jaarlijks": "jaar", "pj": "jaar", "maandelijks": "maand", "pm": "maand", "wekelijks": "week"}
_WORKED = frozenset({"uur", "uren", "dag", "dagen", "dagdeel", "dagdelen"})
_MEASURES = frozenset(
    ("inch gram kg kilo m m1 m2 m3 meter mtr cm mm km kilometer liter ltr l ml kw kwh mw mwh kwp watt w volt v gb tb mb gbit mbit ghz uur uren u dag dagen "
     "week weken maand maanden kwartaal jaar jaren jarig jarige hectare ha are graden minuten min sec seconden ton tonnen % procent uurs daags persoons e de ste er").split()
)  # fmt: skip
_TIMES = frozenset({"x", "×", "*", "keer", "maal", "stuks", "st"})


@dataclass(frozen=True, slots=True)
class Amount:
    """Euros without btw, over the whole term; `high` is None when there is no upper bound."""

    low: float
    high: float | None

    def times(self, factor: float) -> Amount:
        return Amount(_cents(self.low * factor), None if self.high is None else _cents(self.high * factor))


@dataclass(frozen=True, slots=True)
class _Sum:
    """One number that may be money, from token `start` up to `end`."""

    value: float
    scale: float
    money: bool
    start: int
    end: int
    grouped: bool

    @property
    def euros(self) -> float:
        return _cents(self.value * self.scale)


def read_amount(text: str, *, bare: bool = True, quantity: int | None = None) -> Amount | None:
    """Read what something costs, or None when the text names no amount.

    With `bare` a plain number counts as euros ("15000" as the answer to "wat kost het?"); without it the number needs a
    sign that it is money. A price per piece is multiplied by the number of pieces in the text or by `quantity`; a price
    per piece, month or year whose number stays unknown has no upper bound.
    """
    found = tokens(text)
    if any(token.text == VAGUE for token in found) and not any(token.text in _EURO for token in found[:-1]):
        return None
    sums = [total for i in range(len(found)) if (total := _sum_at(found, i)) is not None]
    sums = [total for total in sums if _is_money(found, total, bare=bare)]
    if not sums:
        return None
    chosen = next((total for total in sums if _named_total(found, total)), sums[0])
    amount, start, end = _range(found, chosen)
    factor = _factor(found, start, end, quantity)
    if factor is None:
        return Amount(amount.low, None)
    return amount.times(factor)


def read_quantity(text: str) -> int | None:
    """Read of how many things a text speaks ("twaalf lunches" -> 12), or None."""
    found = tokens(text)
    for i, token in enumerate(found):
        if token.value is None or not token.value.is_integer() or not 0 < token.value <= 1_000_000:
            continue
        total = _sum_at(found, i)
        if total is None or _is_money(found, total, bare=False) or _looks_like_year(found, i):
            continue
        after = found[total.end] if total.end < len(found) else None
        if after is not None and (
            after.value is not None or after.text in _MEASURES or _is_glued_letter(after)
        ):
            continue
        if i and (found[i - 1].text in _MEASURES or found[i - 1].text in {"-", "/"}):
            continue
        return int(total.euros)
    return None


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


def _written(value: float) -> str:
    whole = float(_cents(value)).is_integer()
    return f"€ {format_decimal(_cents(value), format='#,##0' if whole else '#,##0.00', locale='nl_NL')}"


def _cents(value: float) -> float:
    return round(value, 2)


def _sum_at(found: Sequence[Token], i: int) -> _Sum | None:
    token = found[i]
    if token.value is None:
        return None
    money = i > 0 and found[i - 1].text in _EURO and found[i - 1].text != ",-"
    end, scale = i + 1, 1.0
    while end < len(found):
        word = found[end].text
        if word in SCALES and scale == 1.0 and not _is_weight(found, end) and not _is_screen(found, end):
            scale = SCALES[word]
            # "1.250 mln" is one and a quarter million: nobody here buys for a milliard.
            if scale >= 1e6 and token.grouped and re.fullmatch(r"\d\.\d{3}", token.text):
                return _Sum(float(token.text), scale, True, i, end + 1, False)
            money = money or word == "keuro"
        elif word == "m" and money and scale == 1.0:
            scale = 1e6
        elif word in _EURO:
            money = True
        else:
            break
        end += 1
    return _Sum(token.value, scale, money, i, end, token.grouped)


def _is_weight(found: Sequence[Token], i: int) -> bool:
    """Twenty ton of salt is no money."""
    if found[i].text not in {"ton", "tonnen"} or i + 1 >= len(found):
        return False
    after = found[i + 1].text
    return after.isalpha() and after not in _CLOSING and after not in _EURO


def _is_screen(found: Sequence[Token], i: int) -> bool:
    """A 4k screen does not cost four thousand."""
    return found[i].text == "k" and i + 1 < len(found) and found[i + 1].text in _SCREENS


def _is_glued_letter(token: Token) -> bool:
    return token.glued and token.text[0].isalpha() and token.text != "x"


def _is_money(found: Sequence[Token], total: _Sum, *, bare: bool) -> bool:
    if total.money:
        return True
    joined = _joined(found, total)
    if joined is not None and (joined.money or joined.scale > 1):
        return _is_money(found, joined, bare=bare)
    after = found[total.end] if total.end < len(found) else None
    if after is not None and (after.value is not None or after.text in _TIMES or after.text in _MEASURES):
        return False
    if after is not None and after.text[0].isalpha() and (after.glued or after.text not in _CLOSING):
        return False
    if total.start and found[total.start - 1].text in {"/", "+"}:
        return False
    if total.scale > 1:
        return True
    if _looks_like_year(found, total.start):
        return False
    return bare or _speaks_of_cost(found, total)


def _speaks_of_cost(found: Sequence[Token], total: _Sum) -> bool:
    """A bare number in a sentence is money when the words before it say so, or when it is written as money."""
    if total.value < 100 and not total.grouped:
        return False
    i = total.start - 1
    about = False
    while (
        i >= 0
        and found[i].text in _ABOUT | _AT_MOST | _AT_LEAST | {"dan", ":", "ten", "-", "en"}
        or (i >= 0 and found[i].value is not None)
    ):
        about = True
        i -= 1
    if i >= 0 and found[i].text in _COST:
        return True
    after = found[total.end].text if total.end < len(found) else ""
    return total.value >= 1000 and (
        about or total.grouped or after in {"excl", "exclusief", "incl", "inclusief", "ex", "budget"}
    )


def _looks_like_year(found: Sequence[Token], i: int) -> bool:
    token = found[i]
    if token.value is None or not re.fullmatch(r"(?:19[89]|20[0-4])\d", token.text):
        return False
    if i and found[i - 1].text in _EURO:
        return False
    # 2000 and 2500 are round enough to be a price; 2026 is not.
    return int(token.value) % 100 != 0


def _named_total(found: Sequence[Token], total: _Sum) -> bool:
    before = [token.text for token in found[max(0, total.start - 3) : total.start]]
    return "totaal" in before or "totaalbedrag" in before


def _joined(found: Sequence[Token], first: _Sum) -> _Sum | None:
    """The upper end of a range: "3 tot 4 duizend", "tussen 20 en 30"."""
    i = first.end
    if i >= len(found):
        return None
    before = [token.text for token in found[max(0, first.start - 4) : first.start]]
    between = "tussen" in before and found[i].text == "en"
    if not between and found[i].text not in _JOINS:
        return None
    i += 1
    while i < len(found) and found[i].text in _FILLERS:
        i += 1
    second = _sum_at(found, i) if i < len(found) else None
    if second is None or (_looks_like_year(found, i) and not second.money):
        return None
    return second


def _range(found: Sequence[Token], chosen: _Sum) -> tuple[Amount, int, int]:
    second = _joined(found, chosen)
    if second is not None:
        low, high = chosen.euros, second.euros
        if chosen.scale == 1 and chosen.value < second.value and second.scale > 1 and not chosen.grouped:
            low = _cents(chosen.value * second.scale)
        elif (
            chosen.scale == 1
            and second.scale == 1
            and chosen.value * 1000 < second.value
            and not second.value % 1000
        ):
            low = _cents(chosen.value * 1000)  # "15 tot 20.000"
        if low <= high:
            return Amount(low, high), chosen.start, second.end
    value = chosen.euros
    i = chosen.start - 1
    while i >= 0 and found[i].text in _ABOUT | _EURO | {"dan", "een", "ten", "budget"}:
        i -= 1
    before = found[i].text if i >= 0 else ""
    after = [token.text for token in found[chosen.end : chosen.end + 3]]
    if before == "niet" and i >= 0:
        before = "max"
    if before in {"meer", "over", "boven", "hoger"} and i and found[i - 1].text == "niet":
        before = "max"
    if before in {"minder", "lager"} and i and found[i - 1].text == "niet":
        before = "min"
    if (
        before in _AT_MOST
        or after[:2] == ["of", "minder"]
        or after[:1] in (["max"], ["maximaal"], ["hooguit"])
    ):
        return Amount(0.0, value), chosen.start, chosen.end
    if before in _AT_LEAST or after[:2] == ["of", "meer"] or after[:1] in (["+"], ["min"], ["minimaal"]):
        return Amount(value, None), chosen.start, chosen.end
    return Amount(value, value), chosen.start, chosen.end


def _factor(found: Sequence[Token], start: int, end: int, quantity: int | None) -> float | None:
    """With what the amount is multiplied: pieces or term; None when that is needed but not said."""
    times = _pieces(found, start)
    if times is not None:
        return times
    rest = [token.text for token in found[end : end + 6]]
    per = next((rest[k + 1] for k in range(len(rest) - 1) if rest[k] in {"per", "/", "p"}), None)
    per = per or next((_YEARLY[word] for word in rest if word in _YEARLY), None)
    if per is None:
        return 1.0
    if per in _IN_MONTHS:
        months = _months(found, start, end)
        return None if months is None else round(months / _IN_MONTHS[per], 4)
    if per in _WORKED:
        worked = _number_before(found, _WORKED, skip=(start, end))
        return worked
    if per in _EACH or per.isalpha():
        return float(quantity) if quantity else _other_number(found, start, end)
    return 1.0


def _pieces(found: Sequence[Token], start: int) -> float | None:
    """Four in "4 x 250 euro", fifty in "50 stoelen van 300 euro" when "per stuk" or "à" says so."""
    i = start - 1
    while i >= 0 and found[i].text in _EURO | {"van", "à", "a"}:
        i -= 1
    if i >= 1 and found[i].text in _TIMES:
        return found[i - 1].value
    if i >= 1 and i < start - 1 and any(token.text in {"à", "a"} for token in found[i + 1 : start]):
        return found[i - 1].value
    return None


def _months(found: Sequence[Token], start: int, end: int) -> float | None:
    """The whole term in months, with extensions: "3 jaar", "2 jaar + 2 x 1 jaar"."""
    total = 0.0
    for i, token in enumerate(found[:-1]):
        if token.value is None or start <= i < end or found[i + 1].text not in _IN_MONTHS:
            continue
        repeated = found[i - 2].value if i >= 2 and found[i - 1].text in _TIMES else None
        if repeated is not None and not start <= i - 2 < end:
            total += repeated * token.value * _IN_MONTHS[found[i + 1].text]
        else:
            total += token.value * _IN_MONTHS[found[i + 1].text]
    return total or None


def _number_before(found: Sequence[Token], words: frozenset[str], skip: tuple[int, int]) -> float | None:
    for i, token in enumerate(found[:-1]):
        if token.value is not None and not skip[0] <= i < skip[1] and found[i + 1].text in words:
            return token.value
    return None


def _other_number(found: Sequence[Token], start: int, end: int) -> float | None:
    for i, token in enumerate(found):
        if token.value is not None and not start <= i < end and not _looks_like_year(found, i):
            after = found[i + 1].text if i + 1 < len(found) else ""
            return None if after in _MEASURES else token.value
    return None
