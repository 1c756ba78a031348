"""How far the municipality wants to be: ambitions per theme and period, the levels they are in, and the phases."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from knowledge.model import CriteriaLevel, Dated, Id, Item, Line, OrganisationLevel, Sourced

FiveLevels = Annotated[OrganisationLevel, Field(ge=1, le=5)]


class Ambition(Dated):
    """How far the municipality wants to be on a theme; with a team it goes before the general one."""

    theme: Id = Field(alias="thema")
    level: FiveLevels = Field(alias="niveau")
    explore: FiveLevels | None = Field(default=None, alias="ervaring_opdoen_met")
    team: Line | None = None


class LevelName(Sourced):
    """What one of the five organisation levels is called; None where the plan gives no name."""

    level: FiveLevels = Field(alias="niveau")
    name: Line | None = Field(alias="naam")


class LevelMatch(Sourced):
    """Which criteria fit an organisation level: the usual level, and one of `one_more` as an experiment."""

    level: FiveLevels = Field(alias="organisatieniveau")
    criteria: CriteriaLevel = Field(alias="criterianiveau")
    one_more: CriteriaLevel | None = Field(default=None, alias="en_een_van")


class AmbitionsFile(Item):
    """All of `ambities.yaml`."""

    level_names: tuple[LevelName, ...] = Field(alias="niveaus")
    ambitions: tuple[Ambition, ...] = Field(alias="ambities")
    level_matches: tuple[LevelMatch, ...] = Field(alias="criteria_bij_niveau")


class Phase(Dated):
    """A phase of the Inkoopkader: what is reached then, and which party explains when MVOI is not applied."""

    id: Id
    number: Annotated[int, Field(ge=1)] = Field(alias="nummer")
    name: Line = Field(alias="naam")
    years: Line = Field(alias="jaren")
    reached: Line = Field(alias="bereikt")
    explains: Line = Field(alias="wie_legt_uit")
    question: Line = Field(alias="vraag")
