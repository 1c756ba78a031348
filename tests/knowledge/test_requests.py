"""What a message asks for, line by line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knowledge.amounts import read_quantity
from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.requests import requests

EXAMPLES = Path(__file__).parent / "herkenning_voorbeelden.csv"
TWO_THINGS = 5  # of all examples: those that do ask for two things


@pytest.fixture(scope="module")
def real() -> Knowledge:
    """The real knowledge."""
    return load()


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (
            "12 lunches à 8,50 en 2 flipovers, samen 150 euro",
            ["12 lunches à 8,50", "2 flipovers, samen 150 euro"],
        ),
        (
            "Voor dinsdag: 12 lunches en een beamer",
            ["12 lunches (Voor dinsdag)", "een beamer (Voor dinsdag)"],
        ),
        (
            "3 bureaus, verstelbaar, en een flipover. Groet, Team BOR",
            ["3 bureaus, verstelbaar", "een flipover"],
        ),
        ("2 laptops\n- 4 beamers\n* koffie", ["2 laptops", "4 beamers", "koffie"]),
        ("nieuwe borden, 24 stuks en 3 laptops", ["nieuwe borden, 24 stuks", "3 laptops"]),
        (
            "12 broodjes, waarvan 3 vegetarisch en 2 glutenvrij, en een taart",
            ["12 broodjes, waarvan 3 vegetarisch, 2 glutenvrij", "een taart"],
        ),
        ("graag pennen, koffie en wc-papier", ["pennen", "koffie", "wc-papier"]),
    ],
)
def test_lines(real: Knowledge, said: str, lines: list[str]) -> None:
    """A line keeps what belongs to it, and what is said about all of them."""
    assert [part.text for part in requests(said, real.recognise)] == lines


@pytest.mark.parametrize(
    "said",
    [
        "bedankt!",
        "de printer is stuk en 2 lampen zijn kapot",
        "20 laptops met tas, muis en dock",
        "lunch voor de raad, 12 personen",
        "teambuilding uitje 15 man, 50 pp",
        "partytent, 3x",
        "catering raadsvergadering 28/11, 35 pers, €12,50 pp ex",
        "vegen van wegen en goten",
        "3 gloepies en 4 wabberts",
        "wat kosten 12 lunches en een taart?",
    ],
)
def test_no_list(real: Knowledge, said: str) -> None:
    """One thing, a name of work, a report or a question is no list."""
    assert requests(said, real.recognise) == ()


def test_one_request_stays_one(real: Knowledge) -> None:
    """Of all examples of what colleagues ask for, only those that ask for two things become a list."""
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        said = [row["tekst"] for row in csv.DictReader(file) if " en " in row["tekst"] or "," in row["tekst"]]
    parted = [text for text in said if requests(text, real.recognise)]

    assert len(parted) < TWO_THINGS, parted


def test_price_of_all(real: Knowledge) -> None:
    """A price for everything together belongs to no line; a price per line does."""
    found = requests("12 lunches à € 8,50 en 2 flipovers, samen 150 euro", real.recognise)

    assert [part.found.amount and part.found.amount.high for part in found] == [102.0, None]


@pytest.mark.parametrize(
    ("said", "quantity"),
    [
        ("tent 6x6", None),
        ("1 bord 120x90", 1),
        ("2 x 4 stoelen", 2),
        ("iphone 16 pro 5x", 5),
        ("hp 250 laptop, 10 stuks", 10),
        ("lunch 28/11, 35 pers", 35),
    ],
)
def test_size_is_no_number(said: str, quantity: int | None) -> None:
    """Six by six is a size, and a number in a name or a date is none of what is asked for either."""
    assert read_quantity(said) == quantity
