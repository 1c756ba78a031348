"""What an inspiration package is: everything about one product group, category or theme. Made in `packages.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.agreements import Agreement
from knowledge.model import (
    Alternative,
    Category,
    Certainty,
    CriteriaLevel,
    Criterion,
    Example,
    PolicyGoal,
    ProductGroup,
    Role,
    Theme,
)
from knowledge.policy import Ambition

Kind = Literal["productgroep", "categorie", "thema"]


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Where most can be won with one product group."""

    text: str
    group: ProductGroup


@dataclass(frozen=True, slots=True)
class ThemePart:
    """What a package holds about one theme; `main` when the plan names it as a main theme of the category (§7.1).

    `fits` is the level of criteria that goes with our ambition; the criteria are `borrowed` when a product group has none
    of its own and gets the general ones.
    """

    theme: Theme
    main: bool
    ambition: Ambition | None
    level_name: str
    fits: CriteriaLevel
    opportunities: tuple[Opportunity, ...]
    criteria: tuple[Criterion, ...]
    examples: tuple[Example, ...]
    borrowed: bool = False

    @property
    def goals(self) -> tuple[PolicyGoal, ...]:
        """The municipality's own policy goals for the theme."""
        return self.theme.goals


@dataclass(frozen=True, slots=True)
class Way:
    """A way to meet the need without buying new, and for which product group it was thought of."""

    alternative: Alternative
    group: ProductGroup


@dataclass(frozen=True, slots=True)
class Form:
    """A contract form: when it suits, and where it goes wrong."""

    name: str
    when: str
    pitfall: str


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost over the whole life, and why it matters here."""

    name: str
    because: str


@dataclass(frozen=True, slots=True)
class Package:
    """Everything about one product group, category or theme; about one theme of it when `theme` is given."""

    id: str
    kind: Kind
    name: str
    theme: Theme | None
    category: Category | None
    groups: tuple[ProductGroup, ...]
    questions: tuple[str, ...]
    alternatives: tuple[Way, ...]
    parts: tuple[ThemePart, ...]
    labels: tuple[str, ...]
    forms: tuple[Form, ...]
    costs: tuple[Cost, ...]
    ambassador: Role | None
    helpers: tuple[Role, ...]
    source: str
    certainty: Certainty
    owner: str | None = None
    review_on: date | None = None
    agreement: Agreement | None = None
    agreed: bool = False

    @property
    def title(self) -> str:
        """How the package is called."""
        return f"{self.name} · {self.theme.short}" if self.theme and self.kind != "thema" else self.name

    @property
    def path(self) -> str:
        """Where the package can always be found."""
        return address(self.id, self.theme.id if self.theme and self.kind != "thema" else None)

    @property
    def examples(self) -> tuple[Example, ...]:
        """What the municipality already does, over all themes of the package."""
        return tuple(dict.fromkeys(example for part in self.parts for example in part.examples))


def address(id_: str, theme: str | None = None) -> str:
    """The address of a package on the pages of Moi."""
    return f"/inspiratie/{id_}" + (f"?thema={theme}" if theme else "")
