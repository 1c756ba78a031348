"""Questions that are answered with a number: an amount of money, or how many."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.hearing import choose
from dialogs.questions import UNKNOWN, Kept, Question, Unclear
from knowledge.amounts import Amount, euros, read_amount, read_pieces, read_quantity
from knowledge.words import QuestionWords

JUST_ABOVE = 0.01


@dataclass(frozen=True, slots=True)
class Value:
    """An amount of money as a person knows it: a range, or not known yet."""

    amount: Amount | None

    @property
    def known(self) -> bool:
        """Whether a person could say anything about it."""
        return self.amount is not None

    def __str__(self) -> str:
        if self.amount is None:
            return "nog niet bekend"
        # A band starts one cent above a limit; people say "meer dan € 200.000", not "vanaf € 200.000,01".
        above = self.amount.low != self.amount.high and round(self.amount.low % 1, 2) == JUST_ABOVE
        return euros(Amount(self.amount.low - JUST_ABOVE, self.amount.high)) if above else euros(self.amount)


class AmountQuestion(Question[Value]):
    """An amount in euro, excl. btw, over the whole term; kept as {"low", "high"}, or "weet-niet".

    The words may offer options, each an amount band in its id, such as "0-25000" or "200000.01-".
    """

    examples = (
        {"low": 0.0, "high": 0.0},
        {"low": 24_999.99, "high": 24_999.99},
        {"low": 25_000.0, "high": 25_000.0},
        {"low": 25_000.01, "high": 25_000.01},
        {"low": 20_000.0, "high": 30_000.0},
        {"low": 200_000.0, "high": 200_000.0},
        {"low": 200_000.01, "high": 200_000.01},
        {"low": 200_000.01, "high": None},
        {"low": 6_000_000.0, "high": 6_000_000.0},
        UNKNOWN,
    )
    quantity_key = ""
    """Under which key the number in "12 stuks voor 4000 euro" is kept; "" where a number is nothing but a price."""

    def __init__(
        self,
        name: str,
        words: QuestionWords,
        *,
        about: str = "",
        examples: tuple[Kept, ...] = (),
        optional: bool = False,
    ) -> None:
        super().__init__(name, words, about=about, optional=optional)
        self.options = dict(words.options)
        if examples:
            self.examples = examples

    def read(self, text: str) -> Kept:
        # In "30 voor 3000" the price is clear; only without any sign of money a plain number is it.
        amount = read_amount(text, bare=False) or read_amount(text)
        if amount is not None and text.strip() not in self.options:
            return {"low": amount.low, "high": amount.high}
        chosen = choose(text, self.options)
        if chosen is None:
            raise Unclear(
                "Noem een bedrag, bijvoorbeeld 12.500 of “tussen 3 en 4 duizend”. Weet je het niet? Zeg dan “weet ik niet”."
            )
        return band(chosen)

    def hear(self, text: str) -> dict[str, Kept]:
        heard = super().hear(text)
        pieces = read_pieces(text) if self.quantity_key else None
        return heard if pieces is None else {**heard, self.quantity_key: pieces}

    def value(self, kept: Kept) -> Value:
        if kept == UNKNOWN:
            return Value(None)
        low, high = float(kept["low"]), kept["high"]
        high = None if high is None else float(high)
        if not 0 <= low < 1e12 or (high is not None and not low <= high < 1e12):
            raise ValueError(f"{kept!r} is no amount")
        return Value(Amount(low, high))

    def show(self, value: Value) -> str:
        return str(value)


def band(option: str) -> Kept:
    """The id of an amount option ("0-25000", "200000.01-") -> what is kept; other ids stay as they are."""
    low, dash, high = option.partition("-")
    if not dash or not low.replace(".", "").isdigit():
        return option
    return {"low": float(low), "high": float(high) if high else None}


class Count(Question[int]):
    """A whole number from 1 to `most`; kept as a number."""

    def __init__(
        self, name: str, words: QuestionWords, *, most: int = 1_000_000, examples: tuple[Kept, ...] = (4,)
    ) -> None:
        super().__init__(name, words)
        self.most = most
        self.examples = examples

    def read(self, text: str) -> Kept:
        digits = text.strip().replace(".", "")
        number = int(digits) if digits.isdecimal() and len(digits) < 10 else read_quantity(text)
        if number is None or not 1 <= number <= self.most:
            raise Unclear("Noem een heel getal, bijvoorbeeld 8.")
        return number

    def value(self, kept: Kept) -> int:
        if isinstance(kept, bool) or not isinstance(kept, int) or not 1 <= kept <= self.most:
            raise ValueError(f"{kept!r} is no number")
        return kept

    def show(self, value: int) -> str:
        return str(value)
