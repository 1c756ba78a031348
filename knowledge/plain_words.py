"""The shape of `taal.yaml`: hard words with plain ones, terms that must stay, and names of brands."""

from __future__ import annotations

from pydantic import Field

from knowledge.model import Item, Line


class PlainWord(Item):
    """A word of officials, in its forms, and what to write rather."""

    word: Line = Field(alias="woord")
    also: tuple[Line, ...] = Field(default=(), alias="ook")
    rather: Line = Field(alias="liever")


class PlainWords(Item):
    """All of `taal.yaml`; `terms` are the words of the field, which are not called hard."""

    words: tuple[PlainWord, ...] = Field(alias="woorden")
    terms: tuple[Line, ...] = Field(alias="vaktaal")
    brands: tuple[Line, ...] = Field(alias="merken")
