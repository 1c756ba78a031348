"""Amounts and quantities, as colleagues write them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.amounts import Amount, euros, read_amount, read_quantity

DEVELOPMENT = Path(__file__).parents[1] / "data" / "money_dev.csv"


def _rows() -> list[tuple[str, Amount | None]]:
    with DEVELOPMENT.open(encoding="utf-8", newline="") as file:
        return [
            (row["text"], Amount(float(row["low"]), float(row["high"])) if row["low"] else None)
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("text", "amount"), _rows())
def test_development_set(text: str, amount: Amount | None) -> None:
    """Every amount of the development set is read as it was meant."""
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("€ 1.250.000,-", 1_250_000, 1_250_000),
        ("1250000", 1_250_000, 1_250_000),
        ("25 000", 25_000, 25_000),
        ("k€ 25", 25_000, 25_000),
        ("3 ton", 300_000, 300_000),
        ("een halve ton", 50_000, 50_000),
        ("tweeënhalve ton", 250_000, 250_000),
        ("een kwart miljoen", 250_000, 250_000),
        ("1.2 mln", 1_200_000, 1_200_000),
        ("0,5 mio", 500_000, 500_000),
        ("1 miljoen 200 duizend", 1_200_000, 1_200_000),
        ("tweehonderdduizend", 200_000, 200_000),
        ("twee en een half duizend", 2_500, 2_500),
        ("zo'n 15k", 15_000, 15_000),
        ("maximaal 40 duizend", 0, 40_000),
        ("niet meer dan 10k", 0, 10_000),
        ("minstens 30.000", 30_000, None),
        ("meer dan 2 ton", 200_000, None),
        ("10.000 of meer", 10_000, None),
        ("tussen de 3 en 4 duizend", 3_000, 4_000),
        ("drie- tot vierduizend", 3_000, 4_000),
        ("tienduizend tot vijftienduizend", 10_000, 15_000),
        ("15 tot 20.000 euro", 15_000, 20_000),
        ("5 à 6 mille", 5_000, 6_000),
        ("€ 10.000 - € 20.000", 10_000, 20_000),
        ("3000 ex btw", 3_000, 3_000),
        ("3.000 ex. btw", 3_000, 3_000),
        ("budget 3000 ex", 3_000, 3_000),
        ("€ 3.000 ex", 3_000, 3_000),
        ("drie ton voor de aanbesteding", 300_000, 300_000),
        ("drie ton voor het asfalt", 300_000, 300_000),
        ("een ton", 100_000, 100_000),
        ("30.000 - 3 jaar", 30_000, 30_000),
        ("nieuwbouw 3 ton", 300_000, 300_000),
        ("12 ton", 1_200_000, 1_200_000),
        ("ongeveer 10 tot 12 ton", 1_000_000, 1_200_000),
        ("het budget is 12 ton", 1_200_000, 1_200_000),
        ("grond saneren 12 ton excl btw", 1_200_000, 1_200_000),
        ("wegenzout, kost 2 ton", 200_000, 200_000),
        ("wegenzout 200 ton, 30.000 euro", 30_000, 30_000),
    ],
)
def test_notations(text: str, low: float, high: float | None) -> None:
    """Signs, scales, words, bounds and ranges all give euros."""
    assert read_amount(text) == Amount(low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2.500 per maand voor 3 jaar", 90_000, 90_000),
        ("25.000 p/j voor 2 jaar", 50_000, 50_000),
        ("€ 4.000 per jaar, 2 jaar + 2 x 1 jaar", 16_000, 16_000),
        ("85 euro per uur voor 400 uur", 34_000, 34_000),
        ("20 laptops van 900 euro per stuk", 18_000, 18_000),
        ("3 bureaus, totaal 2400 euro, 800 euro per stuk", 2_400, 2_400),
        ("2.500 per mnd voor 36 mnd", 90_000, 90_000),
        ("€ 4.000 p/j, 2 jr + 2 x 1 jr", 16_000, 16_000),
        ("3000 ex à 0,50 euro", 1_500, 1_500),
        ("€ 250 per stuk", 250, None),
        ("30.000 per jaar", 30_000, None),
    ],
)
def test_rates(text: str, low: float, high: float | None) -> None:
    """A price per piece or period is multiplied; when the number of them is not said there is no upper bound."""
    assert read_amount(text) == Amount(low, high)


def test_known_quantity() -> None:
    """A quantity that was said before completes a price per piece."""
    assert read_amount("€ 250 per stuk", quantity=4) == Amount(1_000, 1_000)


@pytest.mark.parametrize(
    "text",
    [
        "06-12345678",
        "0598 373737",
        "2026",
        "12-11-2026",
        "9671 AB",
        "15%",
        "5 procent",
        "week 12",
        "24 maanden",
        "20 ton strooizout",
        "200 ton strooizout",
        "200 ton",
        "wegenzout 200 ton",
        "wegenzout, ongeveer 200 ton per jaar",
        "200 ton aan strooizout",
        "200 ton (strooizout)",
        "zand 5 ton",
        "betonpuin afvoeren, 40 tot 60 ton",
        "3000 ex",
        "3.000 ex.",
        "40 tot 60 stoelen",
        "3000 exemplaren",
        "6 mnd",
        "6 mnd huur",
        "2 jr",
        "code 95",
        "65-plussers",
        "65 plussers",
        "4k scherm",
        "50 stoelen",
        "tienduizenden euro's",
        "geen idee",
        "",
        "27 inch",
    ],
)
def test_no_amount(text: str) -> None:
    """A number that is something else than money, or no number at all, is no amount."""
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "amount", "quantity"),
    [
        ("we willen 50 bureaustoelen, zo'n 15k", Amount(15_000, 15_000), 50),
        ("twaalf lunches", None, 12),
        ("50.000 flyers", None, 50_000),
        ("10 fietsen ongeveer 20.000", Amount(20_000, 20_000), 10),
        ("2 laptops max 1500 euro", Amount(0, 1_500), 2),
        ("opknappen, maar dan 30 want de rest hoeft niet", None, 30),
        ("monitor 27inch", None, None),
        ("monitor 27-inch", None, None),
        ("wegenzout 200 ton", None, None),
        ("200 ton strooizout", None, None),
        ("folder drukken 3000 ex", None, 3_000),
        ("3000 exemplaren van het magazine", None, 3_000),
        ("3.000 ex. voor 800 euro", Amount(800, 800), 3_000),
        ("6 mnd huur van een container", None, None),
        ("2 kranen huren voor 6 mnd", None, 2),
        ("cursus code 95", None, None),
        ("code 95 voor 12 chauffeurs", None, 12),
        ("uitje voor 65-plussers", None, None),
        ("brief aan 65 plussers", None, None),
        ("40 lunches voor 65-plussers", None, 40),
        ("jeugdhulp 2026", None, None),
        ("lunch om 12 uur", None, None),
        ("perceel 2", None, None),
    ],
)
def test_sentences(text: str, amount: Amount | None, quantity: int | None) -> None:
    """In a sentence about a purchase a bare number counts things, and money shows that it is money."""
    assert (read_amount(text, bare=False), read_quantity(text)) == (amount, quantity)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Amount(25_000, 25_000), "€ 25.000"),
        (25_000.5, "€ 25.000,50"),
        (Amount(3_000, 4_000), "€ 3.000 tot € 4.000"),
        (Amount(200_000, None), "meer dan € 200.000"),
        (Amount(0, 25_000), "tot € 25.000"),
    ],
)
def test_written(amount: Amount | float, written: str) -> None:
    """Euros are written the Dutch way, without needless cents."""
    assert euros(amount) == written


@given(st.integers(min_value=1, max_value=9_999_999))
def test_round_trip(value: int) -> None:
    """What is written as euros is read back as the same amount."""
    assert read_amount(euros(value)) == Amount(value, value)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """Any text gives an amount or none, and never an error."""
    amount = read_amount(text)

    assert amount is None or amount.high is None or 0 <= amount.low <= amount.high
