"""Limits hold to the cent, on the day they are valid, and an amount that may lie on both sides is not decided."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from knowledge.amounts import Amount
from knowledge.knowledge import Knowledge
from knowledge.limit_shapes import Band
from knowledge.limits import Verdict, exceeds, limit, route, social_return
from knowledge.model import PurchaseKind

TODAY = date(2026, 11, 23)


def exactly(value: float) -> Amount:
    """An amount without doubt."""
    return Amount(value, value)


@pytest.mark.parametrize(
    ("limit_id", "edge", "at_edge"),
    [
        ("startformulier", 25_000, False),
        ("social-return", 200_000, False),
        ("europees-levering-dienst", 216_000, True),
        ("europees-sociale-dienst", 750_000, True),
        ("europees-werk-concessie", 5_404_000, True),
    ],
)
def test_edges(knowledge: Knowledge, limit_id: str, edge: float, at_edge: bool) -> None:
    """A cent under the limit is under it, a cent over it is over it, and the amount itself as the operator says."""
    bound = limit(knowledge, limit_id, TODAY)

    assert bound is not None
    assert [exceeds(bound, edge - 0.01), exceeds(bound, edge), exceeds(bound, edge + 0.01)] == [
        False,
        at_edge,
        True,
    ]


@pytest.mark.parametrize(
    ("limit_id", "on", "amount"),
    [
        ("europees-levering-dienst", date(2024, 1, 1), 221_000),
        ("europees-levering-dienst", date(2025, 12, 31), 221_000),
        ("europees-levering-dienst", date(2026, 1, 1), 216_000),
        ("europees-levering-dienst", date(2027, 12, 31), 216_000),
        ("europees-levering-dienst", date(2028, 1, 1), None),
        ("europees-werk-concessie", date(2025, 12, 31), 5_538_000),
        ("europees-werk-concessie", date(2026, 1, 1), 5_404_000),
        ("social-return", date(2024, 3, 18), None),
        ("social-return", date(2024, 3, 19), 200_000),
        ("startformulier", date(2050, 1, 1), 25_000),
    ],
)
def test_periods(knowledge: Knowledge, limit_id: str, on: date, amount: float | None) -> None:
    """A limit holds in its own period, first and last day included; on another day it is not known."""
    bound = limit(knowledge, limit_id, on)

    assert (bound.amount if bound else None) == amount


def test_unknown_limit(knowledge: Knowledge) -> None:
    """Asking for a limit that does not exist is an error of ours."""
    with pytest.raises(LookupError, match="europees-alles"):
        limit(knowledge, "europees-alles", TODAY)


@pytest.mark.parametrize(
    ("amount", "verdicts"),
    [
        (exactly(0), (False, False, False)),
        (exactly(25_000), (False, False, False)),
        (exactly(25_000.01), (True, False, False)),
        (Amount(0, 25_000), (False, False, False)),
        (Amount(25_000.01, 200_000), (True, False, False)),
        (Amount(200_000.01, None), (True, True, "misschien")),
        (Amount(0, None), ("misschien", "misschien", "misschien")),
        (Amount(20_000, 30_000), ("misschien", False, False)),
        (Amount(150_000, 300_000), (True, "misschien", "misschien")),
        (Amount(216_000, 300_000), (True, True, True)),
        (Amount(200_000, 216_000), (True, "misschien", "misschien")),
    ],
)
def test_route(knowledge: Knowledge, amount: Amount, verdicts: tuple[Verdict, ...]) -> None:
    """A range on one side of a limit is decided, a range across it is "misschien"."""
    found = route(knowledge, amount, "levering", TODAY)

    assert (found.start_form, found.social_return, found.european) == verdicts


@pytest.mark.parametrize(
    ("kind", "edge"),
    [
        ("levering", 216_000),
        ("dienst", 216_000),
        ("sociale_dienst", 750_000),
        ("werk", 5_404_000),
        ("concessie", 5_404_000),
    ],
)
def test_european(knowledge: Knowledge, kind: PurchaseKind, edge: float) -> None:
    """Each kind of purchase has its own European limit, and the route says which one it was."""
    under, at = (route(knowledge, exactly(value), kind, TODAY) for value in (edge - 0.01, edge))

    assert (under.european, at.european) == (False, True)
    assert at.european_limit is not None
    assert (at.european_limit.amount, at.european_limit.operator) == (edge, ">=")
    assert at.european_limit.source


def test_european_not_known(knowledge: Knowledge) -> None:
    """After the last known period the European limit is not guessed."""
    found = route(knowledge, exactly(10_000_000), "levering", date(2028, 1, 1))

    assert (found.european, found.european_limit) == ("misschien", None)


def test_national_not_known(knowledge: Knowledge) -> None:
    """The municipality's own procedures are not known, so Team Inkoop is asked."""
    found = route(knowledge, exactly(40_000), "levering", TODAY)

    assert found.national is None
    assert "Team Inkoop" in found.national_otherwise


@pytest.mark.parametrize(
    ("amount", "procedure"),
    [
        (exactly(50_000), "één offerte"),
        (exactly(50_000.01), "drie offertes"),
        (Amount(40_000, 60_000), None),
        (Amount(60_000, None), None),
        (exactly(300_000), None),
    ],
)
def test_national(knowledge: Knowledge, amount: Amount, procedure: str | None) -> None:
    """Once the bands are filled in, an amount inside one band has its procedure; European is never national."""
    bands = tuple(
        Band.model_validate({"soorten": ("levering",), "boven": above, "procedure": name})
        for above, name in ((0.0, "één offerte"), (50_000.0, "drie offertes"))
    )
    filled_in = dataclasses.replace(
        knowledge, national=knowledge.national.model_copy(update={"bands": bands})
    )

    assert route(filled_in, amount, "levering", TODAY).national == procedure


@pytest.mark.parametrize(
    ("share", "percentage", "euros"),
    [(40, 5, 15_000), (30, 5, 15_000), (29.99, 2, 6_000), (20, 2, 6_000), (0, 2, 6_000), (100, 5, 15_000)],
)
def test_social_return(knowledge: Knowledge, share: float, percentage: float, euros: float) -> None:
    """Five percent, or two when labour is less than thirty percent of the price."""
    found = social_return(knowledge, exactly(300_000), share, TODAY)

    assert found is not None
    assert (found.applies, found.percentage, found.euros) == (True, percentage, exactly(euros))


def test_social_return_starts(knowledge: Knowledge) -> None:
    """Exactly 200.000 has no obligation; a cent more has."""
    more = social_return(knowledge, exactly(200_000.01), 40, TODAY)

    assert social_return(knowledge, exactly(200_000), 40, TODAY) is None
    assert more is not None
    assert more.euros == exactly(10_000)


def test_social_return_share_unknown(knowledge: Knowledge) -> None:
    """Without a labour share both percentages are given, and a plan van aanpak is always the third way."""
    found = social_return(knowledge, exactly(300_000), None, TODAY)

    assert found is not None
    assert [(one.percentage, one.euros.low, one.low_labour) for one in found.options] == [
        (5, 15_000, False),
        (2, 6_000, True),
    ]
    assert (found.percentage, found.euros) == (None, Amount(6_000, 15_000))
    assert "plan van aanpak" in found.plan
    assert found.source.startswith("Inkoopkader 2024")


def test_social_return_of_a_range(knowledge: Knowledge) -> None:
    """A range across the limit may owe nothing; a range without an end owes an amount without an end."""
    across = social_return(knowledge, Amount(150_000, 300_000), 40, TODAY)
    endless = social_return(knowledge, Amount(250_000, None), None, TODAY)

    assert across is not None
    assert (across.applies, across.euros) == ("misschien", Amount(0, 15_000))
    assert endless is not None
    assert (endless.applies, endless.euros) == (True, Amount(5_000, None))


def test_social_return_before_the_rule(knowledge: Knowledge) -> None:
    """Before the Inkoopkader there was no such rule."""
    assert social_return(knowledge, exactly(300_000), 40, date(2024, 1, 1)) is None
