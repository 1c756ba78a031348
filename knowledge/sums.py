"""Sums of money among the tokens of a text: which number is money, and which two are one range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.money_words import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    CLOSING,
    COST,
    EURO,
    FILLERS,
    JOINS,
    MEASURES,
    SCREENS,
    TAXED,
    TIMES,
    WEIGHED,
)
from knowledge.numerals import SCALES, Token

_SMALL = ABOUT | AT_MOST | AT_LEAST | {"dan", ":", "ten", "-"}
# A million is called "miljoen": ten ton of something is a weight unless the text speaks of money, a hundred always is.
_TON_OF_THINGS, _TON_ALONE = 10, 100


@dataclass(frozen=True, slots=True)
class Sum:
    """One number that may be money, from token `start` up to `end`; `money` when the euro itself is written."""

    value: float
    scale: float
    money: bool
    start: int
    end: int
    grouped: bool

    @property
    def euros(self) -> float:
        """What the number is worth with its scale, in whole cents."""
        return round(self.value * self.scale, 2)


def sum_at(found: Sequence[Token], i: int) -> Sum | None:
    """The number at token `i` with its scale and euro sign; None when there is no number."""
    token = found[i]
    if token.value is None:
        return None
    money = i > 0 and found[i - 1].text in EURO and found[i - 1].text != ",-"
    end, scale = i + 1, 1.0
    while end < len(found):
        word = found[end].text
        if (
            word in SCALES
            and scale == 1
            and not _is_weight(found, i, end, money=money)
            and not _is_screen(found, end)
        ):
            scale = SCALES[word]
            money = money or word == "keuro"
            # "1.250 mln" is one and a quarter million: nobody here buys for a milliard.
            if scale >= 1e6 and re.fullmatch(r"\d\.\d{3}", token.text):
                return Sum(float(token.text), scale, True, i, end + 1, False)
        elif word == "m" and money and scale == 1:
            scale = 1e6
        elif word in EURO:
            money = True
        else:
            break
        end += 1
    rest = sum_at(found, end) if end < len(found) and scale >= 1e6 else None
    if rest is not None and rest.euros < scale and rest.euros >= 1e3:  # "1 miljoen 200 duizend"
        return Sum(token.value * scale + rest.euros, 1.0, True, i, rest.end, True)
    return Sum(token.value, scale, money, i, end, token.grouped)


def is_money(found: Sequence[Token], total: Sum, *, bare: bool) -> bool:
    """True when the number is an amount; with `bare` a plain number is one unless something follows it."""
    if total.money:
        return True
    second = joined(found, total)
    if second is not None and (second.money or second.scale > 1):
        return is_money(found, second, bare=bare)
    if second is not None and second.value >= total.value and not is_money(found, second, bare=True):
        return False  # "40 tot 60 stoelen"
    after = found[total.end] if total.end < len(found) else None
    if after is not None and (after.value is not None or after.text in TIMES or after.text in MEASURES):
        return False
    if after is not None and after.text[0].isalpha() and (after.glued or after.text not in CLOSING):
        return False
    if part_of_word(found, total.start):
        return False
    if total.start and found[total.start - 1].text in {"/", "+"}:
        return False
    if total.scale > 1:
        return True
    if looks_like_year(found, total.start) or _copies(found, total):
        return False
    return bare or _speaks_of_cost(found, total)


def joined(found: Sequence[Token], first: Sum) -> Sum | None:
    """The upper end of a range: "3 tot 4 duizend", "tussen 20 en 30"."""
    i = first.end
    if i >= len(found):
        return None
    before = [token.text for token in found[max(0, first.start - 4) : first.start]]
    between = "tussen" in before and found[i].text == "en"
    if not between and found[i].text not in JOINS:
        return None
    i += 1
    while i < len(found) and found[i].text in FILLERS:
        i += 1
    second = sum_at(found, i) if i < len(found) else None
    if second is None or (looks_like_year(found, i) and not second.money):
        return None
    return second


def looks_like_year(found: Sequence[Token], i: int) -> bool:
    """True for 2026 and not for 2000 or 2500, which are round enough to be a price."""
    token = found[i]
    if token.value is None or not re.fullmatch(r"(?:19[89]|20[0-4])\d", token.text):
        return False
    if i and found[i - 1].text in EURO:
        return False
    return int(token.value) % 100 != 0


def part_of_word(found: Sequence[Token], i: int) -> bool:
    """True for a number that is the head of a word: "65-plussers", "27-inch"."""
    if i + 2 >= len(found) or found[i + 1].text != "-":
        return False
    rest = found[i + 2]
    return (
        found[i + 1].glued and rest.glued and rest.text[0].isalpha() and rest.text not in EURO | SCALES.keys()
    )


def _is_weight(found: Sequence[Token], start: int, i: int, *, money: bool) -> bool:
    """Twenty ton of salt is no money, nor is "wegenzout 200 ton"; `start` is its number and `i` the ton."""
    if money or found[i].text not in {"ton", "tonnen"}:
        return False
    after = next((token.text for token in found[i + 1 :] if token.text not in {"aan", "van", ",", "("}), "")
    closing = found[i + 1].text if i + 1 < len(found) else ""
    if closing in EURO | TAXED:
        return False
    if after.endswith(WEIGHED) or (closing.isalpha() and closing not in CLOSING):
        return True
    before = _word_before(found, start)
    if before.endswith(WEIGHED):
        return True
    if before in COST - {"voor", "à"}:
        return False
    return (found[start].value or 0) >= (_TON_OF_THINGS if before else _TON_ALONE)


def _word_before(found: Sequence[Token], start: int) -> str:
    """The word that says what a number is of, past the small words and the lower end of a range."""
    skipped = _SMALL | JOINS | {",", ";", "("}
    return next(
        (
            token.text
            for token in reversed(found[:start])
            if token.value is None and token.text not in skipped
        ),
        "",
    )


def _copies(found: Sequence[Token], total: Sum) -> bool:
    """Three thousand "ex" are copies, unless btw follows or the words before it speak of money."""
    after = [token.text for token in found[total.end : total.end + 3] if token.text != "."]
    return (
        after[:1] == ["ex"]
        and after[1:2] not in (["btw"], ["b"])
        and _word_before(found, total.start) not in COST
    )


def _is_screen(found: Sequence[Token], i: int) -> bool:
    """A 4k screen does not cost four thousand."""
    return found[i].text == "k" and i + 1 < len(found) and found[i + 1].text in SCREENS


def _speaks_of_cost(found: Sequence[Token], total: Sum) -> bool:
    """A bare number in a sentence is money when the words before it say so, or when it is written as money."""
    if total.value < 100 and not total.grouped:
        return False
    i = total.start - 1
    while i >= 0 and (found[i].text in _SMALL or found[i].value is not None):
        i -= 1
    if i >= 0 and found[i].text in COST:
        return True
    about = i < total.start - 1
    after = found[total.end].text if total.end < len(found) else ""
    taxed = after in TAXED | {"budget"}
    return total.value >= 1000 and (about or total.grouped or taxed)
