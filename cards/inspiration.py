"""Inspiration as cards: a package in short, its criteria by theme, and what to choose from when it is not clear which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

from cards.agreement import agreement_blocks
from cards.view import MOST_ACTIONS, Action, Block, Bullets, Link, Text, Typed, View
from dialogs.comply import LEVELS
from knowledge.finding import Found, Hit
from knowledge.knowledge import Knowledge
from knowledge.model import Criterion
from knowledge.package import Package, ThemePart

FILE = "inspiratie"
SHORT = 3
"""How many chances, alternatives and criteria stand on a card; the page has them all."""
MOST_HELPERS = 2
MOST_CRITERIA = 10
"""Of one theme on a card; only a whole category has more."""
AT_A_TIME = 5
"""Categories on a card, beside the button to the other ones."""


def package_view(knowledge: Knowledge, package: Package, link: str | None) -> View:
    """A package in short: where most can be won, other ways, what to ask, what we do ourselves, and who helps."""
    say = knowledge.words.say
    title = say(FILE, "titel", titel=package.title)
    blocks: list[Block] = [Text(title, "heading"), *_about(knowledge, package)]
    blocks.append(Text(f"**{package.questions[0]}** {package.questions[1]}"))
    ways = list(_bullets(knowledge, "kop-alternatieven", _ways(knowledge, package)))
    blocks += agreement_blocks(package)
    # Whoever asks for a theme is told of that first.
    blocks += [] if package.theme else ways
    blocks += _bullets(knowledge, "kop-kansen", _chances(package))
    blocks += _borrowed(knowledge, package)
    blocks += _bullets(knowledge, "kop-criteria", [criterion_line(*pair) for pair in _first(package)])
    blocks += ways if package.theme else []
    blocks += _bullets(knowledge, "kop-voorbeelden", [example.text for example in package.examples[:1]])
    blocks += _bullets(knowledge, "kop-wie", list(who_lines(knowledge, package, MOST_HELPERS)))
    blocks.append(Text(say(FILE, "advies"), "small"))
    return View(tuple(blocks), tuple(_actions(knowledge, package, link)), summary=title)


def shared_view(knowledge: Knowledge, package: Package, home: str) -> View:
    """A package for the conversation of others: shorter, and with links only, because Moi does not take part in it."""
    title = knowledge.words.say(FILE, "titel", titel=package.title)
    asked = [f"“{one.text}” *({one.type})*" for _, one in _first(package)]
    blocks: list[Block] = [Text(title, "heading"), *_about(knowledge, package)]
    blocks.append(Text(f"**{package.questions[0]}** {package.questions[1]}"))
    blocks += _bullets(knowledge, "kop-alternatieven", _ways(knowledge, package))
    blocks += _bullets(knowledge, "kop-kansen", _chances(package))
    blocks += _bullets(knowledge, "kop-criteria", asked)
    blocks.append(Text(knowledge.words.say(FILE, "gedeeld"), "small"))
    links = [*_whole(knowledge, f"{home}{package.path}")]
    if package.kind != "thema":
        links.append(Link(_label(knowledge, "praat"), f"{home}/?over={package.id}"))
    return View(tuple(blocks), tuple(links), summary=title)


def hit_lines(knowledge: Knowledge, hit: Hit) -> tuple[str, str]:
    """A package in a list of what was found: its name, and what kind of package it is."""
    group = knowledge.groups.get(hit.id) if hit.kind == "productgroep" else None
    within = f" · {knowledge.categories[group.category].name}" if group else ""
    kind = knowledge.words.question(FILE, "soorten").options[hit.kind].label
    return _hit_name(knowledge, hit), f"{kind}{within}"


def criteria_view(knowledge: Knowledge, package: Package, link: str | None) -> View:
    """All criteria of a package, by theme, the main themes of the plan first."""
    say = knowledge.words.say
    title = say(FILE, "titel-criteria", titel=package.title)
    blocks: list[Block] = [Text(title, "heading"), Text(say(FILE, "kies-een-paar"), "small")]
    blocks += _borrowed(knowledge, package)
    for part in package.parts:
        if not part.criteria:
            continue
        goal = goal_text(knowledge, part)
        blocks.append(Text(f"**{part.theme.short}**{f' · {goal}' if goal else ''}"))
        shown, rest = part.criteria[:MOST_CRITERIA], part.criteria[MOST_CRITERIA:]
        blocks.append(Bullets(tuple(criterion_line(None, criterion) for criterion in shown)))
        if rest:
            blocks.append(Text(say(FILE, "meer-criteria", aantal=len(rest)), "small"))
    blocks.append(
        Text(f"{say(FILE, 'criteriatool')} {say(FILE, 'criteriatool-adres')} {say(FILE, 'advies')}", "small")
    )
    actions: list[Action | Link] = [*_begin(knowledge, package), _back(knowledge, package)]
    return View(tuple(blocks), (*actions, *_whole(knowledge, link)), summary=title)


def found_view(knowledge: Knowledge, found: Found, *, criteria: bool, link: str | None) -> View:
    """Several packages to choose from."""
    room = MOST_ACTIONS - 1 - bool(link)
    buttons = [_hit(knowledge, hit, criteria=criteria) for hit in found.hits[:room]]
    return _choose(knowledge, "welk-pakket", [*buttons, _other(knowledge)], link)


def start_view(knowledge: Knowledge, link: str | None, before: tuple[Block, ...] = ()) -> View:
    """Where to look: by theme, by category, or by typing."""
    words = knowledge.words.question(FILE, "kies")
    actions = [
        Action(option.label, {"do": "say", "text": f"inspiratie {option.said[0]}"})
        for option in words.options.values()
    ]
    blocks = (*before, Text(words.ask, "lead"), Text(words.explain or "", "small"))
    return View(blocks, (*actions, *_whole(knowledge, link, "alles")), summary=words.ask)


def nothing_view(knowledge: Knowledge, asked: str, link: str | None) -> View:
    """Nothing was found; say so, and how to go on."""
    say = knowledge.words.say
    return start_view(
        knowledge, link, (Typed(asked, say(FILE, "je-zocht")), Text(say(FILE, "niets-gevonden")))
    )


def themes_view(knowledge: Knowledge) -> View:
    """The six themes."""
    buttons = [_open(theme.short, theme.id) for theme in knowledge.themes.values()]
    return _choose(knowledge, "kies-thema", buttons[:MOST_ACTIONS], None)


def categories_view(knowledge: Knowledge, after: int = 0) -> View:
    """The categories, five at a time."""
    categories = list(knowledge.categories.values())
    after = after if 0 <= after < len(categories) else 0
    shown = categories[after : after + AT_A_TIME]
    following = after + AT_A_TIME if after + AT_A_TIME < len(categories) else 0
    more = Action(_label(knowledge, "verder"), {"do": "categories", "after": str(following)})
    return _choose(
        knowledge,
        "kies-categorie",
        [*(_open(item.name, item.id) for item in shown), *((more,) if len(categories) > AT_A_TIME else ())],
        None,
    )


def begin_view(knowledge: Knowledge, subject: str, known: Mapping[str, str]) -> View:
    """Begin with this, although another purchase is being talked about? The button keeps what is `known` of it."""
    text = knowledge.words.say(FILE, "bezig-met-iets-anders")
    actions = (
        Action("Ja, begin hiermee", {"do": "about", "package": subject, "sure": "ja", **known}),
        Action("Nee, ga verder", {"do": "say", "text": "verder"}),
    )
    return View((Text(text),), actions, summary=text)


def goal_text(knowledge: Knowledge, part: ThemePart) -> str:
    """Our ambition for a theme in words; empty when there is none on that day."""
    if part.ambition is None:
        return ""
    say, ambition = knowledge.words.say, part.ambition
    key = "doel-naam" if part.level_name else "doel"
    # `say` takes what the sentence names, and leaves the rest.
    text = say(FILE, key, niveau=ambition.level, niveaunaam=part.level_name)
    return say(FILE, "doel-meer", naam=text, meer=ambition.explore) if ambition.explore else text


def criterion_line(part: ThemePart | None, criterion: Criterion) -> str:
    """A criterion with its type, level, proof, why and source in one line."""
    theme = f", {part.theme.short.lower()}" if part else ""
    certainty = "" if criterion.certainty == "zeker" else f", {criterion.certainty}"
    caution = f" · let op: {criterion.caution}" if criterion.caution else ""
    return (
        f"**“{criterion.text}”** *({criterion.type}{theme}, {criterion.level})* · bewijs: {criterion.proof}"
        f" · omdat {criterion.because}{caution} · bron: {criterion.source}{certainty}"
    )


def way_name(knowledge: Knowledge, kind: str) -> str:
    """How a kind of alternative is called in the talk."""
    return knowledge.words.question("koop", "anders").options[kind].label


def who_lines(knowledge: Knowledge, package: Package, most: int | None = None) -> Iterator[str]:
    """Who helps, by role; the ambassador first, with what holds until there is one."""
    ambassador = [package.ambassador] if package.ambassador else []
    for role in [*ambassador, *package.helpers[:most]]:
        said = {"rol": f"**{role.name}**", "waarvoor": role.for_what}
        if role.remark:
            yield knowledge.words.say(FILE, "rol-opmerking", opmerking=role.remark, **said)
        else:
            yield knowledge.words.say(FILE, "rol", **said)


def _about(knowledge: Knowledge, package: Package) -> Iterator[Block]:
    """What kind of package it is, and our goals."""
    kind = knowledge.words.question(FILE, "soorten").options[package.kind].label
    within = f" · {package.category.name}" if package.kind == "productgroep" and package.category else ""
    yield Text(f"{kind}{within}", "small")
    if package.kind == "thema" and package.theme:
        yield Text(package.theme.explanation)
    goals = [
        f"{part.theme.short}: {goal}"
        for part in package.parts
        if (part.main or package.theme) and (goal := goal_text(knowledge, part))
    ]
    if goals:
        yield Text(" · ".join(goals[:SHORT]), "small")


def _bullets(knowledge: Knowledge, title: str, lines: Sequence[str]) -> Iterator[Block]:
    if lines:
        yield Text(f"**{knowledge.words.say(FILE, title)}**")
        yield Bullets(tuple(lines))


def _borrowed(knowledge: Knowledge, package: Package) -> Iterator[Block]:
    """Say so when the group has no criteria of its own for the theme that was asked for."""
    if package.theme and any(part.borrowed for part in package.parts):
        yield Text(knowledge.words.say(FILE, "geen-eigen"), "small")


def _chances(package: Package) -> list[str]:
    """The chances of the themes in turn, so that no theme takes all the room."""
    turns = zip_longest(*([(part, one) for one in part.opportunities] for part in package.parts))
    found = [pair for pair in chain.from_iterable(turns) if pair]
    alone = package.kind == "productgroep"
    return [f"**{part.theme.short if alone else one.group.name}**: {one.text}" for part, one in found[:SHORT]]


def _ways(knowledge: Knowledge, package: Package) -> list[str]:
    return [
        f"**{way_name(knowledge, way.alternative.kind)}**: {way.alternative.text} *Omdat {way.alternative.because}.*"
        for way in package.alternatives[:SHORT]
    ]


def _first(package: Package) -> list[tuple[ThemePart, Criterion]]:
    """The criteria that fit our ambition best, of the themes in turn."""

    def near(part: ThemePart) -> list[tuple[ThemePart, Criterion]]:
        wanted = LEVELS.index(part.fits)
        order = sorted(
            part.criteria,
            key=lambda criterion: (
                LEVELS.index(criterion.level) < wanted,
                abs(LEVELS.index(criterion.level) - wanted),
            ),
        )
        return [(part, criterion) for criterion in order]

    turns = zip_longest(*map(near, package.parts))
    return [pair for pair in chain.from_iterable(turns) if pair][:SHORT]


def _actions(knowledge: Knowledge, package: Package, link: str | None) -> Iterator[Action | Link]:
    yield from _begin(knowledge, package)
    yield _open(_label(knowledge, "criteria"), package.id, _theme_of(package), do="criteria")
    if package.kind == "thema":
        main = [item for item in knowledge.categories.values() if package.id in item.themes]
        yield from (_open(item.name, item.id, package.id) for item in main[:SHORT])
    elif package.kind == "categorie":
        most = sorted(package.groups, key=lambda group: -len(group.chances) - len(group.criteria))
        yield from (_open(group.name, group.id, _theme_of(package)) for group in most[:SHORT])
    yield from _whole(knowledge, link)


def _begin(knowledge: Knowledge, package: Package) -> Iterator[Action]:
    if package.kind != "thema":
        yield Action(
            _label(knowledge, "begin"), {"do": "about", "package": package.id}, "positive", fields=False
        )


def _back(knowledge: Knowledge, package: Package) -> Action:
    return _open(_label(knowledge, "terug"), package.id, _theme_of(package))


def _whole(knowledge: Knowledge, link: str | None, key: str = "heel") -> tuple[Link, ...]:
    return (Link(_label(knowledge, key), link),) if link else ()


def _choose(knowledge: Knowledge, sentence: str, buttons: Sequence[Action], link: str | None) -> View:
    text = knowledge.words.say(FILE, sentence)
    actions: tuple[Action | Link, ...] = (*buttons, *_whole(knowledge, link, "alles"))
    return View((Text(text, "lead"),), actions, summary=text)


def _hit(knowledge: Knowledge, hit: Hit, *, criteria: bool) -> Action:
    return _open(_hit_name(knowledge, hit), hit.id, hit.theme or "", do="criteria" if criteria else "inspire")


def _hit_name(knowledge: Knowledge, hit: Hit) -> str:
    return f"{hit.name} · {knowledge.themes[hit.theme].short}" if hit.theme else hit.name


def _open(label: str, id_: str, theme: str = "", *, do: str = "inspire") -> Action:
    data: dict[str, Any] = {"do": do, "package": id_, "theme": theme}
    return Action(label, data, fields=False)


def _other(knowledge: Knowledge) -> Action:
    return Action(_label(knowledge, "anders"), {"do": "say", "text": "inspiratie"}, fields=False)


def _label(knowledge: Knowledge, key: str) -> str:
    return knowledge.words.question(FILE, "knoppen").options[key].label


def _theme_of(package: Package) -> str:
    return package.theme.id if package.theme and package.kind != "thema" else ""
