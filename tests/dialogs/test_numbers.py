"""Amounts and counts as people type them, and as they are kept."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.money import Lifetime, lifetime_sentence, not_spent, over_a_lifetime
from dialogs.numbers import AmountQuestion, Count, Value, band
from dialogs.questions import UNKNOWN, Unclear
from knowledge.amounts import Amount
from knowledge.knowledge import Knowledge


@pytest.fixture
def worth(knowledge: Knowledge) -> AmountQuestion:
    """The question what it costs."""
    return AmountQuestion("waarde", knowledge.words.question("koop", "waarde"))


@pytest.fixture
def count(knowledge: Knowledge) -> Count:
    """The question how many."""
    return Count("aantal", knowledge.words.question("koop", "aantal"), most=100)


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("€ 25.000,-", 25_000.0, 25_000.0),
        ("25k", 25_000.0, 25_000.0),
        ("anderhalve ton", 150_000.0, 150_000.0),
        ("tussen 3 en 4 duizend", 3_000.0, 4_000.0),
        ("Tot € 25.000", 0.0, 25_000.0),
        ("0", 0.0, 0.0),
        ("0-25000", 0.0, 25_000.0),
        ("200000.01-", 200_000.01, None),
        ("een paar honderd euro", 0.0, 25_000.0),
    ],
)
def test_amounts(worth: AmountQuestion, typed: str, low: float, high: float | None) -> None:
    """An amount can be typed in any way, or tapped as a band."""
    kept = worth.read(typed)

    assert worth.value(kept) == Value(Amount(low, high))


@pytest.mark.parametrize(
    ("typed", "price", "pieces"),
    [
        ("12 stuks voor 4000 euro", 4_000.0, 12),
        ("30 stoelen voor 3000", 3_000.0, 30),
        ("30 voor 3000", 3_000.0, 30),
        ("12 x 250 euro", 3_000.0, 12),
        ("ongeveer 3000, 12 stuks", 3_000.0, 12),
        ("ongeveer 3000", 3_000.0, None),
        ("2500 euro in 2 termijnen", 2_500.0, None),
        ("2 offertes: 4000 en 5000 euro", 4_000.0, None),
    ],
)
def test_pieces_beside_a_price(worth: AmountQuestion, typed: str, price: float, pieces: int | None) -> None:
    """How many it is for is kept beside the price; a price alone is never a number of pieces."""
    worth.quantity_key = "aantal"
    heard = worth.hear(typed)

    assert worth.value(heard["waarde"]) == Value(Amount(price, price))
    assert heard.get("aantal") == pieces


def test_only_a_price(worth: AmountQuestion) -> None:
    """Where no number of pieces is wanted, none is kept."""
    assert worth.hear("12 stuks voor 4000 euro").keys() == {"waarde"}


@pytest.mark.parametrize("typed", ["weet ik niet", "Weet ik nog niet", "geen idee"])
def test_unknown_amount(worth: AmountQuestion, typed: str) -> None:
    """Not knowing is an answer."""
    assert worth.read(typed) == UNKNOWN
    assert not worth.value(UNKNOWN).known


def test_no_amount(worth: AmountQuestion) -> None:
    """What is no amount gets an example of one."""
    with pytest.raises(Unclear, match=r"bijvoorbeeld 12\.500"):
        worth.read("best veel")


@pytest.mark.parametrize(
    "kept",
    [
        {"low": -1, "high": 5},
        {"low": 9, "high": 5},
        {"low": float("nan"), "high": 5},
        {"low": float("inf"), "high": None},
        {"low": 0, "high": 1e300},
        {"low": "x", "high": 5},
        {"high": 5},
        [],
        7,
    ],
)
def test_amount_kept_wrongly(worth: AmountQuestion, kept: Any) -> None:
    """What cannot be an amount is not taken for one."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        worth.value(kept)


def test_band() -> None:
    """The id of a band is a range; another id stays what it is."""
    assert band("25000.01-200000") == {"low": 25_000.01, "high": 200_000.0}
    assert band("200000.01-") == {"low": 200_000.01, "high": None}
    assert band(UNKNOWN) == UNKNOWN
    assert band("los") == "los"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Amount(3_000.0, 4_000.0), "€ 3.000 tot € 4.000"),
        (Amount(25_000.01, 200_000.0), "€ 25.000 tot € 200.000"),
        (Amount(200_000.01, 200_000.01), "€ 200.000,01"),
        (None, "nog niet bekend"),
    ],
)
def test_read_back(worth: AmountQuestion, amount: Amount | None, shown: str) -> None:
    """A value is read back in words; a band as people say it."""
    assert worth.show(Value(amount)) == shown


@pytest.mark.parametrize(("typed", "number"), [("8", 8), ("acht", 8), ("1.00", 100), ("30 stuks", 30)])
def test_counts(count: Count, typed: str, number: int) -> None:
    """How many can be typed as a number or as a word."""
    assert count.value(count.read(typed)) == number
    assert count.show(number) == str(number)


@pytest.mark.parametrize("typed", ["0", "101", "veel", "", "9" * 50])
def test_no_count(count: Count, typed: str) -> None:
    """No number, or one that cannot be, gets an example."""
    with pytest.raises(Unclear, match="heel getal"):
        count.read(typed)


@pytest.mark.parametrize("kept", [True, 0, 101, 2.5, "8", None])
def test_count_kept_wrongly(count: Count, kept: Any) -> None:
    """What is no whole number within bounds is not taken for one."""
    with pytest.raises(ValueError, match="no number"):
        count.value(kept)


def estimate(low: float, high: float | None = None) -> Value:
    """A value from low to high, or exactly low."""
    return Value(Amount(low, low if high is None else high))


def test_not_spent(knowledge: Knowledge) -> None:
    """From 15.000 to 3.000-4.000 is 11.000 to 12.000 not spent."""
    (figure,) = not_spent(knowledge, estimate(15_000.0), estimate(3_000.0, 4_000.0))

    assert (figure.kind, figure.low, figure.high) == ("niet uitgegeven", 11_000.0, 12_000.0)


def test_more_expensive(knowledge: Knowledge) -> None:
    """From 3.000 to 4.000-5.000 is 1.000 to 2.000 more, and it says so."""
    (figure,) = not_spent(knowledge, estimate(3_000.0), estimate(4_000.0, 5_000.0))

    assert (figure.kind, figure.low, figure.high) == ("meerkosten", 1_000.0, 2_000.0)


def test_nothing_bought(knowledge: Knowledge) -> None:
    """When nothing is bought, the whole estimate is not spent."""
    (figure,) = not_spent(knowledge, estimate(15_000.0), None)

    assert (figure.low, figure.high) == (15_000.0, 15_000.0)


@pytest.mark.parametrize(
    ("first", "now"),
    [
        (None, estimate(5.0)),
        (Value(None), estimate(5.0)),
        (estimate(5.0), Value(None)),
        (estimate(5.0), estimate(5.0)),
        (Value(Amount(5.0, None)), estimate(9.0)),
        (estimate(5.0), Value(Amount(9.0, None))),
        (estimate(5.0, 9.0), estimate(6.0, 7.0)),
    ],
)
def test_no_figure(knowledge: Knowledge, first: Value | None, now: Value | None) -> None:
    """No figure is invented where the difference is unknown, none, or could go either way."""
    assert not_spent(knowledge, first, now) == ()


@pytest.mark.parametrize(
    ("extra", "yearly", "word"),
    [(0.0, 100.0, "goedkoper"), (9_000.0, 100.0, "duurder uit"), (500.0, None, "kan")],
)
def test_lifetime(knowledge: Knowledge, extra: float, yearly: float | None, word: str) -> None:
    """The calculation says cheaper, more expensive, or that it can be either, and what is not counted."""
    per_year = Amount(50.0, 300.0) if yearly is None else Amount(yearly, yearly)
    numbers = Lifetime(Amount(extra, extra), per_year, 4, Amount(0.0, 0.0))
    said = lifetime_sentence(knowledge, numbers)

    assert word in said
    assert "Niet meegerekend: " in said


def test_extra_cost_is_a_figure_of_its_own(knowledge: Knowledge) -> None:
    """What is paid more at the start stands apart from the difference over the lifetime."""
    zero, some = Amount(0.0, 0.0), Amount(500.0, None)

    assert [f.kind for f in over_a_lifetime(knowledge, Lifetime(some, some, 4, zero))] == [
        "levensduurverschil",
        "meerkosten",
    ]
    assert len(over_a_lifetime(knowledge, Lifetime(zero, some, 4, zero))) == 1
    assert over_a_lifetime(knowledge, None) == ()
