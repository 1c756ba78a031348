"""Inspiration packages (actieplan §5.1-3): for a product group, a category or a theme everything that Moi knows about it.

Nothing is written for a package: it is composed of the items themselves, so it is never older than they are. Pure; what
a package looks like is decided in `cards/inspiration.py` and on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.knowledge import Knowledge
from knowledge.model import LADDER, Category, Criterion, ProductGroup, Role, Theme
from knowledge.package import Cost, Form, Opportunity, Package, ThemePart, Way
from knowledge.policy import Ambition

AMBASSADOR = "ambassadeur"
ALWAYS_HELP = ("mvoi-projectleider", "mvoi-team")
"""Whom one can always turn to about a package (actieplan §4.1 and 7.1)."""
LOWEST = 1  # the ambition where none is set
MOST_FORMS, MOST_COSTS = 4, 6  # of a whole category; what its groups have most in common


def package(knowledge: Knowledge, id_: str, on: date, theme: str | None = None) -> Package | None:
    """Compose the package of a product group, category or theme, as the policy is on a day; None when there is none."""
    about = knowledge.themes.get(theme) if theme else None
    if theme and about is None:
        return None
    if group := knowledge.groups.get(id_):
        return _of_group(knowledge, group, on, about)
    if category := knowledge.categories.get(id_):
        return _of_category(knowledge, category, on, about)
    if found := knowledge.themes.get(id_):
        return _of_theme(knowledge, found, on)
    return None


def _of_group(knowledge: Knowledge, group: ProductGroup, on: date, about: Theme | None) -> Package:
    category = knowledge.categories[group.category]
    themes = _themes_of(group, category) if about is None else (about.id,)
    parts = tuple(
        _part(
            knowledge,
            theme,
            category,
            on,
            groups=(group,),
            criteria=_asked(knowledge, group, theme, category, asked_for=about is not None),
            borrowed=not knowledge.own_criteria(group.id, theme),
        )
        for theme in themes
    )
    items = {item.id: item.name for item in knowledge.tco_items}
    agreement = knowledge.agreements.get(group.id)
    return Package(
        id=group.id,
        kind="productgroep",
        name=group.name,
        theme=about,
        category=category,
        groups=(group,),
        questions=(
            knowledge.words.question("koop", "nodig").ask,
            group.need_question,
            *group.more_questions,
        ),
        alternatives=tuple(Way(alternative, group) for alternative in group.alternatives),
        parts=tuple(part for part in parts if part.criteria or part.opportunities or part.examples),
        labels=_labels(knowledge, (group,)),
        forms=tuple(
            Form(knowledge.contract_forms[form.form].name, form.when, form.pitfall)
            for form in group.contract_forms
        ),
        costs=tuple(Cost(items[cost.item], cost.because) for cost in group.costs),
        ambassador=knowledge.roles.get(AMBASSADOR),
        helpers=_helpers(knowledge, category.id, themes if about else (*category.themes, *group.themes)),
        source=group.source,
        certainty=group.certainty,
        owner=group.owner,
        review_on=group.review_on,
        agreement=agreement,
        agreed=agreement is not None and agreement.agreed(on),
    )


def _of_category(knowledge: Knowledge, category: Category, on: date, about: Theme | None) -> Package:
    groups = knowledge.groups_in[category.id]
    themes = category.themes if about is None else (about.id,)
    parts = tuple(
        _part(
            knowledge,
            theme,
            category,
            on,
            groups=groups,
            criteria=(
                *knowledge.themes[theme].general_criteria,
                *(_own(knowledge, groups, theme) if about else ()),
            ),
        )
        for theme in themes
    )
    return Package(
        id=category.id,
        kind="categorie",
        name=category.name,
        theme=about,
        category=category,
        groups=groups,
        questions=_need(knowledge),
        alternatives=tuple(_one_of_each(groups)),
        parts=parts,
        labels=_labels(knowledge, groups),
        forms=_shared_forms(knowledge, groups),
        costs=_shared_costs(knowledge, groups),
        ambassador=knowledge.roles.get(AMBASSADOR),
        helpers=_helpers(knowledge, category.id, themes),
        source=category.source,
        certainty=category.certainty,
    )


def _of_theme(knowledge: Knowledge, theme: Theme, on: date) -> Package:
    main = {category.id for category in knowledge.categories.values() if theme.id in category.themes}
    groups = tuple(
        group
        for group in sorted(knowledge.groups.values(), key=lambda group: group.name.casefold())
        if theme.id in group.themes or group.category in main
    )
    return Package(
        id=theme.id,
        kind="thema",
        name=theme.name,
        theme=theme,
        category=None,
        groups=groups,
        questions=_need(knowledge),
        alternatives=(),
        parts=(
            _part(
                knowledge,
                theme.id,
                None,
                on,
                groups=groups,
                criteria=theme.general_criteria,
            ),
        ),
        labels=(),
        forms=(),
        costs=(),
        ambassador=knowledge.roles.get(AMBASSADOR),
        helpers=_helpers(knowledge, None, (theme.id,)),
        source=theme.source,
        certainty=theme.certainty,
        owner=theme.owner,
        review_on=theme.review_on,
    )


def _need(knowledge: Knowledge) -> tuple[str, ...]:
    """The first question of the talk, and what it means as long as no product group says that better."""
    asked = knowledge.words.question("koop", "nodig")
    return (asked.ask, asked.explain) if asked.explain else (asked.ask,)


def _part(
    knowledge: Knowledge,
    theme: str,
    category: Category | None,
    on: date,
    *,
    groups: tuple[ProductGroup, ...],
    criteria: tuple[Criterion, ...],
    borrowed: bool = False,
) -> ThemePart:
    """One theme: our goal for it, and what these product groups say about it."""
    ambition = _ambition(knowledge, theme, category, on)
    names = {level.level: level.name for level in knowledge.level_names}
    if category is None:
        examples = [example for example in knowledge.examples.values() if example.theme == theme]
    else:
        shown = dict.fromkeys(id_ for group in groups for id_ in group.examples)
        examples = [knowledge.examples[id_] for id_ in shown if knowledge.examples[id_].theme == theme]
    return ThemePart(
        theme=knowledge.themes[theme],
        main=category is not None and theme in category.themes,
        ambition=ambition,
        fits=knowledge.level_match(ambition.level if ambition else LOWEST).criteria,
        level_name=(names.get(ambition.level) or "") if ambition else "",
        opportunities=tuple(
            Opportunity(chance.text, group)
            for group in groups
            for chance in group.chances
            if chance.theme == theme
        ),
        criteria=criteria,
        examples=tuple(examples),
        borrowed=borrowed,
    )


def _ambition(knowledge: Knowledge, theme: str, category: Category | None, on: date) -> Ambition | None:
    """The ambition of the first team that has one of its own, else the general one."""
    found = [knowledge.ambition(theme, on, team) for team in (category.teams if category else ())]
    return next((item for item in found if item and item.team), None) or knowledge.ambition(theme, on)


def _themes_of(group: ProductGroup, category: Category) -> tuple[str, ...]:
    """The themes of a group, those that the plan names for its category first."""
    named = (chance.theme for chance in group.chances)
    asked = (criterion.theme for criterion in group.criteria)
    return tuple(dict.fromkeys((*category.themes, *group.themes, *named, *asked)))


def _asked(
    knowledge: Knowledge, group: ProductGroup, theme: str, category: Category, *, asked_for: bool
) -> tuple[Criterion, ...]:
    """What can be asked for a theme; where it must not stay empty and the group has nothing, what always can."""
    if asked_for or theme in category.themes:
        return knowledge.criteria(group.id, theme)
    return knowledge.own_criteria(group.id, theme)


def _own(knowledge: Knowledge, groups: Iterable[ProductGroup], theme: str) -> Iterator[Criterion]:
    """What the groups have themselves, without what they take over of the general criteria."""
    for group in groups:
        yield from (one for one in knowledge.own_criteria(group.id, theme) if one.group)


def _one_of_each(groups: tuple[ProductGroup, ...]) -> Iterator[Way]:
    """Of each kind of alternative one, from as many different product groups as possible."""
    used: Counter[str] = Counter()
    for kind in LADDER:
        ways = [
            Way(alternative, group)
            for group in groups
            for alternative in group.alternatives
            if alternative.kind == kind
        ]
        if ways:
            best = min(ways, key=lambda way: used[way.group.id])
            used[best.group.id] += 1
            yield best


def _labels(knowledge: Knowledge, groups: Iterable[ProductGroup]) -> tuple[str, ...]:
    """The labels that can prove something here, each as it may be asked for."""
    ids = dict.fromkeys(id_ for group in groups for id_ in group.labels)
    labels = (knowledge.labels[id_] for id_ in ids)
    return tuple(
        f"{', '.join(label.names)}{' of gelijkwaardig' if label.or_equal else ''}" for label in labels
    )


def _shared_forms(knowledge: Knowledge, groups: Iterable[ProductGroup]) -> tuple[Form, ...]:
    counted = Counter(form.form for group in groups for form in group.contract_forms)
    forms = (knowledge.contract_forms[id_] for id_, _ in counted.most_common(MOST_FORMS))
    return tuple(Form(form.name, form.suits, form.caution) for form in forms)


def _shared_costs(knowledge: Knowledge, groups: Iterable[ProductGroup]) -> tuple[Cost, ...]:
    found = [cost for group in groups for cost in group.costs]
    first = {cost.item: cost.because for cost in reversed(found)}
    counted = Counter(cost.item for cost in found)
    items = {item.id: item.name for item in knowledge.tco_items}
    return tuple(Cost(items[id_], first[id_]) for id_, _ in counted.most_common(MOST_COSTS))


def _helpers(knowledge: Knowledge, category: str | None, themes: Iterable[str]) -> tuple[Role, ...]:
    """Who helps: those of the category, those of a theme, and whom one can always turn to."""
    wanted = set(themes)

    def suits(role: Role) -> bool:
        if role.categories:
            return category in role.categories if category else bool(wanted & set(role.themes))
        return bool(wanted & set(role.themes))

    roles = knowledge.roles.values()
    near = [role for role in roles if role.categories and suits(role)]
    known = [role for role in roles if not role.categories and suits(role)]
    always = [knowledge.roles[id_] for id_ in ALWAYS_HELP if id_ in knowledge.roles]
    first = (*near, *known) if category else (*known, *near)
    return tuple(dict.fromkeys(role for role in (*first, *always) if role.id != AMBASSADOR))
