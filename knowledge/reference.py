"""What goes with an advice: labels, ladders that are no organisation levels, cost items, moments in the year;
and the words by which a package is found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from knowledge.model import AmbitiewebLevel, Id, Item, Line, Sourced

ThreeLevels = Annotated[AmbitiewebLevel, Field(ge=1, le=3)]


class Label(Sourced):
    """A label or certificate; `or_equal` ones may only be asked for with "of gelijkwaardig"."""

    id: Id
    names: tuple[Line, ...] = Field(alias="namen", min_length=1)
    kind: Id = Field(alias="soort")
    or_equal: bool = Field(alias="of_gelijkwaardig")


class RStep(Sourced):
    """A step of the R-ladder, from not buying at all (R0) to recovering energy (R9)."""

    code: Annotated[str, Field(pattern=r"^R[0-9]$")]
    name: Line = Field(alias="naam")
    meaning: Line = Field(alias="betekenis")
    question: Line = Field(alias="vraag")


class AmbitiewebStep(Sourced):
    """A level of the Ambitieweb, which is made per project in a session and is no organisation level."""

    level: ThreeLevels = Field(alias="niveau")
    meaning: Line = Field(alias="betekenis")


class LadderStep(Sourced):
    """A step of a ladder on which firms or products are certified, such as the CO2-Prestatieladder."""

    ladder: Line
    step: Line = Field(alias="trede")
    meaning: Line = Field(alias="betekenis")


class TcoItem(Sourced):
    """A cost or a yield over the whole life; `asked` items are the four numbers that are asked for."""

    id: Id
    name: Line = Field(alias="naam")
    subtract: bool = Field(alias="aftrekken")
    asked: bool = Field(alias="gevraagd")


class CampaignMoment(Sourced):
    """A moment in the year that suits a message; without themes it suits all of them."""

    name: Line = Field(alias="moment")
    period: Line = Field(alias="periode")
    themes: tuple[Id, ...] = Field(alias="themas")
    hook: Line = Field(alias="haak")
    template: Id | None = Field(default=None, alias="sjabloon")


class FindingWords(Sourced):
    """All of `vindwoorden.yaml`: by which words people look for a theme or a category, for `every` theme at once, and
    words that say nothing about what is looked for."""

    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")
    themes: Mapping[Id, tuple[Line, ...]] = Field(alias="themas")
    categories: Mapping[Id, tuple[Line, ...]] = Field(alias="categorieen")
    every: tuple[Line, ...] = Field(alias="alle_themas")
    ignored: tuple[Line, ...] = Field(alias="negeren")


class ReferenceFile(Item):
    """All of `naslag.yaml`."""

    r_ladder: tuple[RStep, ...]
    ambitieweb: tuple[AmbitiewebStep, ...]
    ladders: tuple[LadderStep, ...] = Field(alias="productladders")
    tco_items: tuple[TcoItem, ...] = Field(alias="tco_posten")
    campaign_moments: tuple[CampaignMoment, ...] = Field(alias="campagnemomenten")
