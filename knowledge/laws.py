"""The law calendar: what a law means for who buys, from when to when, and what it touches."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from knowledge.model import Dated, Id, Line


class Law(Dated):
    """A law or agreement in one line for a buyer; `replaces` is the law whose place it takes when that one ends."""

    id: Id
    name: Line = Field(alias="naam")
    meaning: Line = Field(alias="betekenis")
    groups: tuple[Id, ...] = Field(default=(), alias="productgroepen")
    themes: tuple[Id, ...] = Field(default=(), alias="themas")
    criteria: tuple[Id, ...] = ()
    replaces: Id | None = Field(default=None, alias="vervangt")
    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")
