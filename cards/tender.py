"""What comes up by the aanbestedingskalender as a card, and the nudge about one purchase of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from cards.view import Action, Block, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "kalender"
LISTED = 8
"""Purchases that a card names."""
DAYS = ("start", "award", "contract_start")
LABELS = {
    "what": "Wat",
    "product_group": "Productgroep",
    "category": "Categorie",
    "team": "Team",
    "domain": "Domein",
    "client": "Opdrachtgever",
    "start": "Start van de procedure",
    "award": "Gunning",
    "contract_start": "Ingang van het contract",
}
"""What is known of a purchase, in words."""


def coming_view(
    knowledge: Knowledge,
    found: Sequence[tuple[date, str]],
    number: int,
    *,
    everybody: bool,
    link: str | None = None,
) -> View:
    """What comes up, with the day on which its procedure starts: of everybody, or of whoever asks."""
    say = knowledge.words.say
    go_on = Action(say(FILE, "knop-verder"), {"do": "say", "text": "verder"}, fields=False)
    actions = (Link(say(FILE, "knop-pagina"), link), go_on) if link else (go_on,)
    if not number:
        said = say(FILE, "niets" if everybody else "niets-van-jou")
        return View((Text(said),), actions, summary=said)
    title = say(FILE, "komt" if everybody else "komt-van-jou", aantal=str(number))
    blocks: list[Block] = [Text(title, "lead")]
    if found:
        blocks.append(Lines(tuple(Line(written(day), Typed(what)) for day, what in found)))
    return View(tuple(blocks), actions, summary=title)


def told(knowledge: Knowledge, name: str, said: str) -> str:
    """What is known of a purchase under this name, as people say it."""
    if not said:
        return "niets"
    if name in DAYS:
        return written(date.fromisoformat(said))
    if name == "product_group" and said in knowledge.groups:
        return knowledge.groups[said].name
    if name == "category" and said in knowledge.categories:
        return knowledge.categories[said].name
    return said


def written(day: date) -> str:
    """A day in words."""
    return format_date(day, "d MMMM y", locale="nl")
