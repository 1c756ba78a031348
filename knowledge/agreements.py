"""Werkafspraken: how a small purchase of one product group is normally done, agreed with Facilitair (actieplan §5.1-10)."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from knowledge.model import AlternativeKind, Id, Line, Sourced

FILE = "werkafspraken.yaml"
"""A version of the knowledge that was kept before there were agreements has no such file."""


class Agreement(Sourced):
    """The standard choice for a product group: when it suits, when not, and how to order.

    `way` says which other way than buying new the standard choice is; None when it is a way to buy. Without `agreed_on`
    it is a proposal.
    """

    group: Id = Field(alias="productgroep")
    choice: Line = Field(alias="standaardkeuze")
    because: Line = Field(alias="omdat")
    way: AlternativeKind | None = Field(default=None, alias="weg")
    when: Line = Field(alias="wanneer_wel")
    when_not: Line = Field(alias="wanneer_niet")
    ordering: Line = Field(alias="bestelroute")
    agreed_on: date | None = Field(default=None, alias="afgesproken_op")
    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")

    @model_validator(mode="after")
    def proposal_says_so(self) -> Agreement:
        """Refuse a proposal that looks agreed, and an agreement that looks like a proposal."""
        if self.agreed_on is None and self.certainty != "voorstel":
            raise ValueError(
                "zonder afgesproken_op is dit een voorstel. Schrijf 'zekerheid: voorstel', of zet erbij wanneer het is afgesproken."
            )
        if self.agreed_on is not None and self.certainty == "voorstel":
            raise ValueError(
                "er staat een dag bij afgesproken_op, dus dit is geen voorstel meer. Schrijf 'zekerheid: zeker', of haal de dag weg."
            )
        return self

    def agreed(self, on: date) -> bool:
        """Say whether it is agreed on a day; before that day it is still a proposal."""
        return self.agreed_on is not None and self.agreed_on <= on
