"""What an item does not say itself, it has from where it stands: done once, at load, so that nobody asks for it again.

A criterion takes over the source, certainty, owner and day of review of its product group or theme; a product group takes
over general criteria of the themes (`algemene_criteria`).
"""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.model import Criterion, ProductGroup, Theme, WrittenCriterion, WrittenGroup, WrittenTheme


def whole_theme(theme: WrittenTheme) -> Theme:
    """A theme whose general criteria say everything that holds for them."""
    general = tuple(_whole(criterion, theme, None) for criterion in theme.general_criteria)
    return Theme.model_construct(**dict(theme) | {"general_criteria": general})


def whole_group(group: WrittenGroup, general: Mapping[str, Criterion]) -> ProductGroup:
    """A product group whose criteria say everything that holds for them, with the general ones that it takes over behind
    its own."""
    own = (_whole(criterion, group, group.id) for criterion in group.criteria)
    taken = (
        general[shared.id].model_copy(update={"because": shared.because} if shared.because else None)
        for shared in group.shared
    )
    return ProductGroup.model_construct(**dict(group) | {"criteria": (*own, *taken)})


def _whole(criterion: WrittenCriterion, origin: WrittenGroup | WrittenTheme, group: str | None) -> Criterion:
    given = {name: getattr(origin, name) for name in ("source", "certainty", "owner", "review_on")}
    said = {name: value for name, value in criterion if value is not None or name not in given}
    return Criterion.model_construct(**given | said, group=group)
