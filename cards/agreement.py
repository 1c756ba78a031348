"""A werkafspraak in words: on a package, and on a record what became of it. A proposal always says that it is one."""

from __future__ import annotations

from collections.abc import Iterator

from cards.view import Block, Text
from dialogs.advice import AgreementLine
from knowledge.agreements import Agreement
from knowledge.care.calendar import long_date
from knowledge.package import Package


def agreement_said(agreement: AgreementLine) -> str:
    """What became of an agreement in a talk: followed, or not with the reason."""
    done = "gevolgd" if agreement.followed else f"niet gevolgd: {agreement.reason.lower()}"
    return done if agreement.agreed_on else f"{done} (voorstel, nog niet afgesproken met {agreement.owner})"


def agreement_name(agreement: Agreement, *, agreed: bool) -> str:
    """What an agreement is called: with whom and since when, or that it is a proposal."""
    if agreed and agreement.agreed_on:
        return f"Werkafspraak met {agreement.owner}, van {long_date(agreement.agreed_on)}"
    return f"Voorstel voor een werkafspraak, nog niet afgesproken met {agreement.owner}"


def agreement_blocks(package: Package) -> Iterator[Block]:
    """The standard choice on the card of a package, with how to order; nothing when there is none."""
    if agreement := package.agreement:
        name = agreement_name(agreement, agreed=package.agreed)
        yield Text(f"**{name}**: {agreement.choice} Zo regel je het: {agreement.ordering}")
