"""Finding inspiration packages by what somebody types: "wat kan ik doen voor klimaat bij bedrijfskleding?".

Words of themes and of product groups are kept apart: a theme that is named with a product group narrows its package. Each
hit tells which words it was found by. What the packages do not know is left to the recogniser, which knows the CPV.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.package import Kind
from knowledge.search_index import WORD, Heard, Match, SearchIndex, Target

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge
    from knowledge.model import ProductGroup

MOST_HITS = 40
MOST_THEMES = 2  # by which one package is narrowed in one question

_RECOGNISED = 2.0
_WORTH_SHOWING = 0.3  # of the best hit


@dataclass(frozen=True, slots=True)
class Hit:
    """A package that fits, about one theme of it when `theme` is given."""

    kind: Kind
    id: str
    name: str
    theme: str | None
    score: float
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The packages that fit, best first; `asked` is false when nothing was named that could be looked for."""

    hits: tuple[Hit, ...] = ()
    themes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    asked: bool = True

    @property
    def nothing(self) -> bool:
        """Whether something was looked for and not found."""
        return self.asked and not self.hits


class Finder:
    """The search over all packages; everything is prepared once, nothing is kept between questions."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._index = SearchIndex(knowledge)

    def find(self, text: str, *, category: str | None = None, theme: str | None = None) -> Found:
        """Find packages; with a category only those in it, with a theme what they say about it."""
        heard, unknown = self._index.hear(text)
        if not heard and not unknown:
            hits: Iterable[Hit] = self._browse(category, theme)
            return Found(_first(hits), (theme,) if theme else (), asked=bool(category or theme))
        themes = tuple(dict.fromkeys(id_ for one in heard for id_ in one.themes))
        hits = self._hits(heard, themes, unknown)
        kept = (hit for hit in hits if self._within(hit, category, theme))
        narrowed = (replace(hit, theme=theme) if theme and hit.kind != "thema" else hit for hit in kept)
        return Found(_first(narrowed), themes, unknown)

    def everything(self) -> tuple[Hit, ...]:
        """Every package there is: the themes, then the categories, then the product groups."""
        kinds: tuple[tuple[Kind, Iterable[str]], ...] = (
            ("thema", self._knowledge.themes),
            ("categorie", self._knowledge.categories),
            ("productgroep", self._knowledge.groups),
        )
        return tuple(self._hit((kind, id_), None, 0.0) for kind, ids in kinds for id_ in ids)

    def _hits(self, heard: Sequence[Heard], themes: tuple[str, ...], unknown: tuple[str, ...]) -> list[Hit]:
        # "Afval" is a theme and a product group; beside another product group it is the theme.
        subjects = [one for one in heard if one.is_subject]
        named = {id_: match for one in heard for id_, match in one.themes.items()}
        about = [self._hit(("thema", theme), None, WORD, (named[theme],)) for theme in themes]
        found = self._subjects(subjects or heard, unknown if not subjects else (), named)
        if found and (subjects or unknown):
            return [*found, *about]
        if not themes and not found and any(one.every for one in heard):
            return [self._hit(("thema", theme), None, WORD) for theme in self._knowledge.themes]
        seen = {(hit.kind, hit.id) for hit in (*about, *found)}
        more = [hit for theme in themes[:1] for hit in self._browse(None, theme)]
        return [*about, *found, *(hit for hit in more if (hit.kind, hit.id) not in seen)]

    def _subjects(
        self, heard: Sequence[Heard], unknown: Sequence[str], named: Mapping[str, Match]
    ) -> list[Hit]:
        """What is bought, about the themes that were named with it."""
        scores: dict[Target, float] = defaultdict(float)
        matches: dict[Target, list[Match]] = defaultdict(list)
        for one in heard:
            for target, (weight, match) in one.targets.items():
                scores[target] += weight
                matches[target].append(match)
        if unknown:
            for target, match in self._recognised(" ".join(unknown)):
                scores[target] += _RECOGNISED
                matches[target].append(match)
        narrowed: Sequence[str | None] = tuple(named)[:MOST_THEMES]
        if not named or not (unknown or all(one.is_subject for one in heard)):
            narrowed = (None,)
        best = max(scores.values(), default=0.0)
        found = [
            self._hit(target, theme, score, (*matches[target], *((named[theme],) if theme else ())))
            for target, score in scores.items()
            if score >= _WORTH_SHOWING * best
            for theme in narrowed
        ]
        return sorted(found, key=lambda hit: (-hit.score, hit.name))

    def _recognised(self, said: str) -> list[tuple[Target, Match]]:
        """What only the recogniser knows, for example by the descriptions of the CPV."""
        found = self._knowledge.recognise(said)
        targets: list[Target] = [
            ("productgroep", one.group) if one.group else ("categorie", one.category)
            for one in found.suggestions
        ]
        return [(target, Match(said, "herkend", said)) for target in targets if found.words]

    def _browse(self, category: str | None, theme: str | None) -> list[Hit]:
        """Everything of a category, or everything for which a theme matters, the most to say first."""
        groups = self._knowledge.groups.values()
        if category in self._knowledge.categories:
            own = sorted(
                (group for group in groups if group.category == category), key=lambda g: g.name.casefold()
            )
            found: list[Target] = [("categorie", str(category)), *(("productgroep", g.id) for g in own)]
            return [self._hit(target, theme, WORD) for target in found]
        if theme is None or theme not in self._knowledge.themes:
            return []
        main = [item for item in self._knowledge.categories.values() if theme in item.themes]
        near = [group for group in groups if theme in group.themes]
        near.sort(key=lambda group: (-_much(group, theme), group.name.casefold()))
        return [
            self._hit(("thema", theme), None, WORD),
            *(self._hit(("categorie", item.id), theme, WORD) for item in main),
            *(self._hit(("productgroep", group.id), theme, WORD) for group in near),
        ]

    def _within(self, hit: Hit, category: str | None, theme: str | None) -> bool:
        if category is not None:
            group = self._knowledge.groups.get(hit.id) if hit.kind == "productgroep" else None
            if (group.category if group else hit.id) != category:
                return False
        return theme is None or theme in (hit.theme, hit.id) or (hit.theme is None and hit.kind != "thema")

    def _hit(self, target: Target, theme: str | None, score: float, why: tuple[Match, ...] = ()) -> Hit:
        kind, id_ = target
        match kind:
            case "productgroep":
                name = self._knowledge.groups[id_].name
            case "categorie":
                name = self._knowledge.categories[id_].name
            case "thema":
                name = self._knowledge.themes[id_].name
        return Hit(kind, id_, name, theme, round(score, 2), tuple(dict.fromkeys(why)))


def _much(group: ProductGroup, theme: str) -> int:
    """How much a product group has to say about a theme."""
    chances = sum(chance.theme == theme for chance in group.chances)
    return chances + sum(criterion.theme == theme for criterion in group.criteria)


def _first(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(hits)[:MOST_HITS]
