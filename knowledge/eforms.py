"""The codes by which a tender notice says what a criterion is about: a second coding of criteria, beside their theme.

The fields and codes are those of eForms (Implementing Regulation (EU) 2019/1780): BT-06 strategic procurement, BT-774
green procurement, BT-775 social procurement, BT-805 green procurement criteria.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field

from knowledge.model import Codes, Id, Item, Line, Sourced, Term, WrittenCriterion


class CodeList(Sourced):
    """One field of a notice with the codes that it takes, each with what it means in our words."""

    term: Term
    name_of_list: Line = Field(alias="lijst")
    name: Line = Field(alias="naam")
    codes: Mapping[Id, Line] = Field(min_length=1)


class ThemeCodes(Sourced):
    """The codes of every criterion of a theme that has none of its own."""

    theme: Id = Field(alias="thema")
    codes: Codes = Field(min_length=1)


class EformsFile(Item):
    """All of `eforms.yaml`."""

    lists: tuple[CodeList, ...] = Field(alias="codelijsten", min_length=1)
    themes: tuple[ThemeCodes, ...] = Field(alias="per_thema")

    def of(self, criterion: WrittenCriterion) -> Codes:
        """The codes of a criterion: its own, else those of its theme."""
        return criterion.eforms or self.of_theme(criterion.theme)

    def of_theme(self, theme: str) -> Codes:
        """The codes of a theme, for what is no single criterion, such as social return by rule."""
        return next((item.codes for item in self.themes if item.theme == theme), {})

    def named(self, found: Iterable[Codes]) -> Iterator[tuple[CodeList, tuple[str, ...]]]:
        """Put codes together by field, in the order of the lists, each code once."""
        every = tuple(found)
        for listed in self.lists:
            codes = dict.fromkeys(code for codes in every for code in codes.get(listed.term, ()))
            if codes:
                yield listed, tuple(codes)
