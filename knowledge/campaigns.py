"""Sjablonen: messages of the MVOI team that are half written, one for each question of the plan (actieplan §5 and §6)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from knowledge.model import Id, Item, Line, Sourced

FILE = "campagnes.yaml"
"""A version of the knowledge that was kept before there were any has no such file."""


class TemplateButton(Item):
    """A button of a template; of a talk `about` says what it is about, and without it the talk begins at the beginning."""

    kind: Literal["praat", "laat-maar"] = Field(alias="soort")
    label: Annotated[Line, Field(max_length=40)] = Field(alias="tekst")
    about: Id | None = Field(default=None, alias="over")


class CampaignTemplate(Sourced):
    """A message to begin with; `question` with its `choices` can be answered on the card. As long as the page allows."""

    id: Id
    title: Annotated[Line, Field(max_length=100)] = Field(alias="titel")
    line: Annotated[Line, Field(max_length=120)] = Field(alias="melding")
    text: Annotated[Line, Field(max_length=2000)] = Field(alias="tekst")
    subject: Id | None = Field(default=None, alias="onderwerp")
    question: Annotated[Line, Field(max_length=150)] = Field(alias="vraag")
    choices: Annotated[
        tuple[Annotated[Line, Field(max_length=60)], ...], Field(min_length=2, max_length=5)
    ] = Field(alias="keuzes")
    buttons: Annotated[tuple[TemplateButton, ...], Field(max_length=4)] = Field(alias="knoppen")
