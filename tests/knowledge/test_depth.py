"""The real knowledge is as deep as was agreed."""

from __future__ import annotations

from knowledge.care.depth import matrix, missing
from knowledge.loading import load

NO_LABEL = "geen keurmerk"  # For some products no label exists that is worth asking for.


def test_no_hole() -> None:
    """Every main theme that the plan names for a category has criteria of all levels there."""
    holes = [(cell.category, cell.theme, cell.holes) for cell in matrix(load()) if cell.holes]

    assert holes == []


def test_every_group_is_deep() -> None:
    """No product group has fewer criteria, themes, alternatives, costs or chances than was agreed."""
    knowledge = load()
    lacking = {
        group.id: lacks
        for group in knowledge.groups.values()
        if (lacks := [lack for lack in missing(knowledge, group) if lack != NO_LABEL])
    }

    assert lacking == {}
