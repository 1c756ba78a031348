"""How deep the knowledge is: what every product group must have, and the matrix of category, theme and level.

The numbers come from what was agreed for the knowledge base: every group at least five criteria over three themes,
always those that the plan names for its category, and all levels; alternatives, chances, costs and a label. That it has
a contract form with when and pitfall is seen to when it is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from knowledge.care.material import Finding, Material
from knowledge.knowledge import Knowledge
from knowledge.model import CriteriaLevel, ProductGroup

LEVELS: tuple[CriteriaLevel, ...] = get_args(CriteriaLevel)
FEWEST_CRITERIA = 5  # Its own and the general ones that it takes over.
FEWEST_THEMES = 3
FEWEST_ALTERNATIVES = 4
FEWEST_COSTS = 3
FEWEST_CHANCES = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """The criteria of a category for a theme, by level; `main` when the plan names the theme for the category."""

    category: str
    theme: str
    main: bool
    counts: Mapping[CriteriaLevel, int]

    @property
    def holes(self) -> tuple[CriteriaLevel, ...]:
        """The levels that a main theme has no criterion for; other themes have no holes."""
        return tuple(level for level in LEVELS if self.main and not self.counts[level])


def matrix(knowledge: Knowledge) -> list[Cell]:
    """Count the criteria per category, theme and level, with those that groups take over."""
    counted = Counter(
        (group.category, criterion.theme, criterion.level)
        for group in knowledge.groups.values()
        for criterion in group.criteria
    )
    return [
        Cell(
            category.id,
            theme,
            theme in category.themes,
            {level: counted[category.id, theme, level] for level in LEVELS},
        )
        for category in knowledge.categories.values()
        for theme in knowledge.themes
    ]


def missing(knowledge: Knowledge, group: ProductGroup) -> list[str]:
    """List in Dutch what a group has too little of; nothing when it is deep enough."""
    themes = {criterion.theme for criterion in group.criteria}
    levels = {criterion.level for criterion in group.criteria}
    found = [
        f"{have} van {fewest} {what}"
        for have, fewest, what in (
            (len(group.criteria), FEWEST_CRITERIA, "criteria"),
            (len(themes), FEWEST_THEMES, "thema's"),
            (len(group.alternatives), FEWEST_ALTERNATIVES, "alternatieven"),
            (len(group.costs), FEWEST_COSTS, "kosten"),
            (len(group.chances), FEWEST_CHANCES, "kansen"),
        )
        if have < fewest
    ]
    found += [] if group.labels else ["geen keurmerk"]
    main = [theme for theme in knowledge.categories[group.category].themes if theme not in themes]
    found += [f"geen criterium voor {knowledge.themes[theme].short.lower()}" for theme in main]
    return found + [f"geen criterium op niveau {level}" for level in LEVELS if level not in levels]


def shallow(material: Material) -> Iterator[Finding]:
    """Say of each group what it has too little of."""
    for group in material.knowledge.groups.values():
        if lacks := missing(material.knowledge, group):
            message = f"'{group.name}' is nog niet diep genoeg: {', '.join(lacks)}. Vul het aan."
            yield material.finding("diepte", f"productgroepen/{group.id}.yaml", ("id",), message, len(lacks))
