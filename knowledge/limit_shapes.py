"""The shapes of `grenzen.yaml`: the amounts from which a rule applies, and what it asks. What follows from them is in `limits.py`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from knowledge.model import Dated, Euros, Id, Item, Line, Percentage, PurchaseKind, Sourced

Operator = Literal[">", ">="]


class Limit(Dated):
    """An amount from which a rule applies: euro, excl. btw, over the whole term including extensions."""

    id: Id
    name: Line = Field(alias="naam")
    amount: Euros = Field(alias="bedrag")
    operator: Operator
    kinds: tuple[PurchaseKind, ...] = Field(alias="soorten", min_length=1)
    consequence: Line = Field(alias="gevolg")


class SocialReturnRule(Dated):
    """Which part of the bruto aanneemsom goes to social return, and what may be done instead."""

    percentage: Percentage
    low_percentage: Percentage = Field(alias="laag_percentage")
    labour_below: Percentage = Field(alias="laag_bij_loonaandeel_onder")
    text: Line = Field(alias="tekst")
    plan: Line = Field(alias="plan_van_aanpak")


class Band(Item):
    """A national procedure for values above an amount, up to the next band."""

    kinds: tuple[PurchaseKind, ...] = Field(alias="soorten", min_length=1)
    above: Euros = Field(alias="boven")
    procedure: Line


class NationalBands(Sourced):
    """The municipality's own procedures under the European limits; without bands `otherwise` is said."""

    bands: tuple[Band, ...] = Field(alias="banden")
    otherwise: Line = Field(alias="anders")


class LimitsFile(Item):
    """All of `grenzen.yaml`."""

    limits: tuple[Limit, ...] = Field(alias="grenzen")
    social_return: tuple[SocialReturnRule, ...]
    national: NationalBands = Field(alias="nationaal")
