"""The limits, at a cent below, at and a cent above them, through the whole talk to the advice."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from dialogs.advice import Advice
from dialogs.engine import Asking, Dialog, replay
from dialogs.purchase import purchase
from dialogs.walk import fill
from knowledge.knowledge import Knowledge

CENT = 0.01


def buy(
    dialog: Dialog[Advice],
    knowledge: Knowledge,
    kind: str,
    low: float,
    high: float | None,
    share: str = "weet-niet",
) -> Advice:
    """The advice for buying something of this kind, at this value."""
    group = next(group.id for group in knowledge.groups.values() if group.kind == kind)
    wishes: dict[str, Any] = {
        "wat": {"tekst": "iets", "categorie": None, "groep": group, "suggesties": [], "dubbelzinnig": None},
        f"anders/{group}": "toch-kopen",
        "waarde": {"low": low, "high": high},
        "loonaandeel": share,
    }
    answers: dict[str, Any] = {}
    while isinstance(stop := replay(dialog, answers), Asking):
        answers |= {key: wishes.get(key, kept) for key, kept in next(fill(stop)).items()}
    return stop.outcome


def rules(advice: Advice) -> str:
    """All rules of an advice as one text."""
    return " ".join(rule.text for rule in advice.rules)


@pytest.mark.parametrize(
    ("value", "needed"), [(25_000 - CENT, False), (25_000.0, False), (25_000 + CENT, True)]
)
def test_startform(dialog: Dialog[Advice], knowledge: Knowledge, value: float, needed: bool) -> None:
    """The startformulier is for more than € 25.000."""
    advice = buy(dialog, knowledge, "levering", value, value)

    assert advice.startform is needed
    assert ("Er hoort een startformulier bij" in rules(advice)) is needed


@pytest.mark.parametrize(
    ("value", "applies"), [(200_000 - CENT, False), (200_000.0, False), (200_000 + CENT, True)]
)
def test_social_return(dialog: Dialog[Advice], knowledge: Knowledge, value: float, applies: bool) -> None:
    """Social return is for more than € 200.000."""
    assert bool(buy(dialog, knowledge, "dienst", value, value).social_return) is applies


@pytest.mark.parametrize(
    ("kind", "bound"),
    [
        ("levering", 216_000.0),
        ("dienst", 216_000.0),
        ("sociale_dienst", 750_000.0),
        ("werk", 5_404_000.0),
    ],
)
@pytest.mark.parametrize(("cents", "european"), [(-CENT, False), (0.0, True), (CENT, True)])
def test_european_procedure(
    dialog: Dialog[Advice], knowledge: Knowledge, kind: str, bound: float, cents: float, european: bool
) -> None:
    """A European procedure is needed from the limit on, which differs per kind of purchase."""
    advice = buy(dialog, knowledge, kind, round(bound + cents, 2), round(bound + cents, 2))

    assert ("Europese aanbesteding nodig" in rules(advice)) is european


@pytest.mark.parametrize(
    ("low", "high", "band", "startform"),
    [
        (0.0, 25_000.0, "tot € 25.000", False),
        (20_000.0, 30_000.0, "rond € 25.000", True),
        (20_000.0, None, "misschien boven € 200.000", True),
        (25_000.01, 200_000.0, "€ 25.000 tot € 200.000", True),
        (100_000.0, 300_000.0, "misschien boven € 200.000", True),
        (200_000.01, None, "boven € 200.000", True),
    ],
)
def test_ranges(
    dialog: Dialog[Advice], knowledge: Knowledge, low: float, high: float | None, band: str, startform: bool
) -> None:
    """A range that only reaches over a limit is treated as if it were above; the channel sees that it is not sure."""
    advice = buy(dialog, knowledge, "levering", low, high)

    assert (advice.value_band, advice.startform) == (band, startform)


def test_social_return_that_may_apply(dialog: Dialog[Advice], knowledge: Knowledge) -> None:
    """Of a range over the limit it is said that social return applies only when the value comes above it."""
    advice = buy(dialog, knowledge, "dienst", 100_000.0, 300_000.0)

    assert advice.social_return.startswith("als de waarde boven de grens komt: ")
    assert "€ 15.000" in advice.social_return


@pytest.mark.parametrize(
    ("share", "line"),
    [
        ("vanaf-30", "5% (€ 15.000)"),
        ("onder-30", "2% (€ 6.000)"),
        ("plan-van-aanpak", "plan van aanpak"),
        ("weet-niet", "5% (€ 15.000) of 2% (€ 6.000)"),
    ],
)
def test_labour_share(knowledge: Knowledge, dialog: Dialog[Advice], share: str, line: str) -> None:
    """Of € 300.000 social return is € 15.000, or € 6.000 when less than thirty percent is labour."""
    advice = buy(dialog, knowledge, "dienst", 300_000.0, 300_000.0, share)

    assert advice.social_return.startswith(line)


def test_no_limits_known(knowledge: Knowledge) -> None:
    """On a day of which a limit is not known, the channel gets no band and nobody is held to social return."""
    advice = buy(partial(purchase, knowledge, date(1999, 1, 1)), knowledge, "levering", 500.0, 500.0)

    assert (advice.value_band, advice.social_return) == ("nog niet bekend", "")


def test_codes_for_the_notice(dialog: Dialog[Advice], knowledge: Knowledge) -> None:
    """An advice has the codes that a tender notice asks for: of what is applied, and of social return by rule."""
    advice = buy(dialog, knowledge, "dienst", 300_000.0, 300_000.0)
    codes = {line.term: line.codes.split(", ") for line in advice.codes}

    assert advice.cpv.split(" ")[0] in {group.cpv for group in knowledge.groups.values()}
    assert "soc-obj" in codes["BT-06"]
    assert "opp" in codes["BT-775"]
