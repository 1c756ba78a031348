"""What Moi keeps of a person, as a card, and the card that asks whether it must be deleted."""

from __future__ import annotations

from typing import Protocol

from cards.view import Action, Bullets, Link, Text, View
from knowledge.knowledge import Knowledge

FILE = "gegevens"


class Kept(Protocol):
    """How much is kept of a person."""

    @property
    def talks(self) -> int: ...
    @property
    def records(self) -> int: ...
    @property
    def conversations(self) -> int: ...
    @property
    def actions(self) -> int: ...
    @property
    def reserved(self) -> int: ...
    @property
    def together(self) -> int: ...
    @property
    def followed(self) -> int: ...


def mine_view(knowledge: Knowledge, kept: Kept, link: str | None) -> View:
    """How much there is of what, with a link to all of it and a button to have it deleted."""
    say = knowledge.words.say
    lines: tuple[str, ...] = (
        say(FILE, "persoon"),
        say(FILE, "gesprekken", aantal=str(kept.talks)),
        say(FILE, "aanvragen", aantal=str(kept.records)),
        say(FILE, "berichten", aantal=str(kept.conversations)),
        say(FILE, "acties", aantal=str(kept.actions)),
    )
    if kept.reserved:
        lines = (*lines, say(FILE, "reserveringen", aantal=str(kept.reserved)))
    if kept.together:
        lines = (*lines, say(FILE, "samen", aantal=str(kept.together)))
    if kept.followed:
        lines = (*lines, say(FILE, "opvolging", aantal=str(kept.followed)))
    title = say(FILE, "titel")
    blocks = (Text(title, "lead"), Bullets(lines), Text(say(FILE, "ook-teams"), "small"))
    see = (Link(say(FILE, "knop-bekijk"), link),) if link else ()
    return View(blocks, (*see, Action(say(FILE, "knop-verwijder"), {"do": "mine-forget"})), summary=title)


def forget_view(knowledge: Knowledge, kept: Kept, today: str) -> View:
    """What goes, what stays and why, before anything is deleted."""
    say = knowledge.words.say
    title = say(FILE, "zeker")
    lines = [say(FILE, "gaat-weg")]
    if kept.records:
        lines.append(say(FILE, "blijft-aanvraag", aantal=str(kept.records)))
    if kept.actions:
        lines.append(say(FILE, "blijft-actie", aantal=str(kept.actions)))
    if kept.reserved:
        lines.append(say(FILE, "blijft-depot", aantal=str(kept.reserved)))
    if kept.followed:
        lines.append(say(FILE, "blijft-opvolging"))
    blocks = (
        Text(title, "lead"),
        Bullets((*lines, say(FILE, "ook-teams"))),
        Text(say(FILE, "typ-ja"), "small"),
    )
    sure = Action(say(FILE, "knop-zeker"), {"do": "mine-forget-yes", "day": today}, "destructive")
    return View(blocks, (sure, Action(say(FILE, "knop-bewaar"), {"do": "mine"})), summary=title)
