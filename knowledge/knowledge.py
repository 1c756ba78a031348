"""Everything Moi knows at one moment: read once, never changed, and with a version that goes on every record."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from knowledge.agreements import Agreement
from knowledge.campaigns import CampaignTemplate
from knowledge.eforms import EformsFile
from knowledge.finding import Finder, Found
from knowledge.follow_up import FollowUpPolicy
from knowledge.laws import Law
from knowledge.limit_shapes import Limit, NationalBands, SocialReturnRule
from knowledge.model import (
    AmbiguousWord,
    Category,
    ContractForm,
    Criterion,
    Example,
    ProductGroup,
    Reason,
    Role,
    Theme,
)
from knowledge.policy import Ambition, LevelMatch, LevelName, Phase
from knowledge.recognition import Recogniser, Recognition
from knowledge.reference import (
    AmbitiewebStep,
    CampaignMoment,
    FindingWords,
    Label,
    LadderStep,
    RStep,
    TcoItem,
)
from knowledge.tenders import TenderPolicy
from knowledge.vocabulary import Vocabulary
from knowledge.words import Words

P = ParamSpec("P")
T = TypeVar("T")

MOST_KEPT = 1024  # Answers of one function: far more than the talks of an hour need.


def once_per_version(
    work: Callable[Concatenate[Knowledge, P], T],
) -> Callable[Concatenate[Knowledge, P], T]:
    """Let a pure function of the knowledge work out each answer once, because a dialog is run again at every turn.

    What else it takes must be hashable, and is best an id. What was kept is forgotten together with the knowledge.
    """

    @wraps(work)
    def kept(knowledge: Knowledge, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if work not in knowledge.worked_out:
            knowledge.worked_out[work] = lru_cache(MOST_KEPT)(partial(work, knowledge))
        answer: T = knowledge.worked_out[work](*args, **kwargs)
        return answer

    return kept


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What is true, by id (an agreement by its product group); `version` changes with any change of content, `date` is the day it was last gone through."""

    version: str
    date: datetime.date
    themes: Mapping[str, Theme]
    categories: Mapping[str, Category]
    groups: Mapping[str, ProductGroup]
    contract_forms: Mapping[str, ContractForm]
    reasons: Mapping[str, Reason]
    roles: Mapping[str, Role]
    examples: Mapping[str, Example]
    labels: Mapping[str, Label]
    ambiguous: tuple[AmbiguousWord, ...]
    limits: tuple[Limit, ...]
    social_return: tuple[SocialReturnRule, ...]
    national: NationalBands
    phases: tuple[Phase, ...]
    ambitions: tuple[Ambition, ...]
    level_names: tuple[LevelName, ...]
    level_matches: tuple[LevelMatch, ...]
    r_ladder: tuple[RStep, ...]
    ambitieweb: tuple[AmbitiewebStep, ...]
    ladders: tuple[LadderStep, ...]
    tco_items: tuple[TcoItem, ...]
    campaign_moments: tuple[CampaignMoment, ...]
    words: Words
    vocabulary: Vocabulary
    eforms: EformsFile
    finding_words: FindingWords
    laws: tuple[Law, ...]
    agreements: Mapping[str, Agreement]
    follow_up: FollowUpPolicy | None
    tenders: TenderPolicy | None
    campaign_templates: Mapping[str, CampaignTemplate]
    cpv: tuple[tuple[str, str], ...]

    @cached_property
    def worked_out(self) -> dict[Any, Callable[..., Any]]:
        """What functions that are `once_per_version` have worked out."""
        return {}

    @cached_property
    def recogniser(self) -> Recogniser:
        """The recogniser over these groups and words; built at the first use, because that takes a while."""
        return Recogniser(self.groups.values(), self.categories, self.ambiguous, self.vocabulary, self.cpv)

    @cached_property
    def every_criterion(self) -> Mapping[str, Criterion]:
        """All criteria by id, the general ones of the themes and those of the product groups."""
        general = (criterion for theme in self.themes.values() for criterion in theme.general_criteria)
        own = (criterion for group in self.groups.values() for criterion in group.criteria)
        return {criterion.id: criterion for criterion in (*own, *general)}

    @cached_property
    def cpv_names(self) -> Mapping[str, str]:
        """The Dutch description of each CPV code."""
        return dict(self.cpv)

    def recognise(self, text: str) -> Recognition:
        """Say what a person wants to buy, and how sure that is."""
        return self.recogniser.recognise(text)

    @cached_property
    def finder(self) -> Finder:
        """The search over the inspiration packages; built at the first use, because that takes a while."""
        return Finder(self)

    def find(self, text: str) -> Found:
        """Say which inspiration packages somebody looks for, and by which words."""
        return self.finder.find(text)

    def ambition(self, theme: str, on: datetime.date, team: str | None = None) -> Ambition | None:
        """Give the ambition for a theme on a day, the team's own one first; None when there is none then."""
        held = [item for item in self.ambitions if item.theme == theme and item.holds(on)]
        own = [item for item in held if team is not None and item.team == team]
        general = [item for item in held if item.team is None]
        return next(iter(own + general), None)

    def level_match(self, level: int) -> LevelMatch:
        """Give the level of criteria that fits an organisation level (1-5)."""
        return next(match for match in self.level_matches if match.level == level)

    def phase(self, on: datetime.date) -> Phase | None:
        """Give the phase of the Inkoopkader on a day; None before the first one."""
        return next((phase for phase in self.phases if phase.holds(on)), None)

    @cached_property
    def groups_in(self) -> Mapping[str, tuple[ProductGroup, ...]]:
        """The product groups of each category, by name."""
        by_name = sorted(self.groups.values(), key=lambda group: group.name.casefold())
        return {
            category: tuple(group for group in by_name if group.category == category)
            for category in self.categories
        }

    @cached_property
    def _own_criteria(self) -> Mapping[tuple[str, str], tuple[Criterion, ...]]:
        return {
            (group.id, theme): tuple(one for one in group.criteria if one.theme == theme)
            for group in self.groups.values()
            for theme in self.themes
        }

    def own_criteria(self, group: str, theme: str) -> tuple[Criterion, ...]:
        """Give the criteria that a product group has for a theme."""
        return self._own_criteria[group, theme]

    def criteria(self, group: str, theme: str) -> tuple[Criterion, ...]:
        """Give the criteria of a product group for a theme, or the general ones of the theme when it has none."""
        return self.own_criteria(group, theme) or self.themes[theme].general_criteria
