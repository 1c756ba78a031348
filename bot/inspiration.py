"""Inspiration within a talk: which package somebody means, and beginning a purchase with it. Pure, as `bot/respond.py` is.

Whatever is shown, a talk that is going on returns to its open question.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.talk_state import JSON, Response
from bot.turn import Turn
from cards.inspiration import (
    FILE,
    begin_view,
    categories_view,
    criteria_view,
    found_view,
    nothing_view,
    package_view,
    start_view,
    themes_view,
)
from dialogs.hearing import plain
from dialogs.what import DIALOG
from knowledge.finding import Found
from knowledge.packages import package

CLEAR = 1.5
"""How many times better the best package must be than the next one to be shown without asking."""
ALL = "/inspiratie"
NOTHING_KNOWN: Mapping[str, str] = {}
LONGEST_SAID = 500


def inspire(turn: Turn, words: str, *, criteria: bool = False) -> Response:
    """Show the package that these words name, let choose between several, or say where to look."""
    knowledge = turn.desk.knowledge
    for key, option in knowledge.words.question(FILE, "kies").options.items():
        if plain(words) in map(plain, (key, option.label, *option.said)):
            return turn.ask(themes_view(knowledge) if key == "thema" else categories_view(knowledge))
    found = knowledge.find(words)
    link = turn.desk.page(ALL)
    if not found.asked:
        return turn.ask(start_view(knowledge, link))
    if found.nothing:
        return turn.ask(nothing_view(knowledge, words, link))
    if not found.themes and all(hit.kind == "thema" for hit in found.hits):
        return turn.ask(themes_view(knowledge))
    if is_clear(found):
        best = found.hits[0]
        return show(turn, best.id, best.theme or "", criteria=criteria)
    return turn.ask(found_view(knowledge, found, criteria=criteria, link=link))


def about_theme(turn: Turn, words: str) -> Response | None:
    """What can be done for a theme, when somebody says only that; None when they say anything else."""
    found = turn.desk.knowledge.find(words)
    if not found.hits or found.unknown or found.hits[0].kind != "thema" or len(words.split()) > 3:
        return None
    return inspire(turn, words)


def is_clear(found: Found) -> bool:
    """Whether one package is meant: the theme itself, or a product group or category that is far ahead of the others."""
    best = found.hits[0]
    if best.kind == "thema":
        return bool(found.themes)
    others = [hit for hit in found.hits[1:] if hit.kind != "thema"]
    return not others or best.score >= CLEAR * others[0].score


def show(turn: Turn, id_: str, theme: str = "", *, criteria: bool = False) -> Response:
    """Show one package, or its criteria; an unknown one is an old card."""
    about = package(turn.desk.knowledge, id_, turn.desk.today, theme or None)
    if about is None:
        return turn.remark("oude-kaart")
    view = criteria_view if criteria else package_view
    return turn.ask(view(turn.desk.knowledge, about, turn.desk.page(about.path)))


def tapped(turn: Turn, fields: Mapping[str, str]) -> Response:
    """A button of an inspiration card."""
    match fields.get("do"):
        case "categories":
            after = fields.get("after", "")
            place = int(after) if after.isdecimal() and len(after) < 5 else 0
            return turn.ask(categories_view(turn.desk.knowledge, place))
        case "about":
            known = {name: fields[name] for name in PLANNED if fields.get(name)}
            return begin(turn, fields.get("package", ""), sure=fields.get("sure") == "ja", known=known)
        case order:
            return show(
                turn, fields.get("package", ""), fields.get("theme", ""), criteria=order == "criteria"
            )


TAPS = frozenset({"inspire", "criteria", "categories", "about"})


PLANNED = ("said", "when", "nudge")
"""What a button may know of a purchase that comes up: in which words, when it is needed, and which nudge it stands on."""


def begin(
    turn: Turn, subject: str, *, sure: bool = False, known: Mapping[str, str] = NOTHING_KNOWN
) -> Response:
    """Begin a purchase of this product group or category, with what is `known` of it; a talk about something else is not
    dropped unasked."""
    knowledge = turn.desk.knowledge
    group, category = knowledge.groups.get(subject), knowledge.categories.get(subject)
    if group is None and category is None:
        return show(turn, subject)
    if turn.talk and turn.talk.state == "open" and len(turn.talk.answers) > 1 and not sure:
        if group and turn.talk.answers.get(f"klopt/{group.id}") == "ja":
            return turn.ask()
        return turn.ask(begin_view(knowledge, subject, known))
    name = group.name if group else knowledge.categories[subject].name
    wanted: dict[str, JSON] = {
        "tekst": known.get("said", name)[:LONGEST_SAID],
        "categorie": group.category if group else subject,
        "groep": group.id if group else None,
        "suggesties": [],
        "dubbelzinnig": None,
    }
    # Whoever presses "begin hiermee" need not be asked whether that is what they mean.
    agreed = {f"klopt/{group.id}": "ja"} if group else {}
    when = knowledge.words.question(DIALOG, "wanneer").options.keys() & {known.get("when")}
    planned = {"wanneer": known["when"]} if when else {}
    return Turn(turn.desk, turn.desk.begin()).keep({"wat": wanted, **agreed, **planned})
