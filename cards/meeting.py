"""Looking together for the same thing: the question, first to one and then to the other, and who it is."""

from __future__ import annotations

from cards.view import Action, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "samen"
DO = "samen"


def question_view(knowledge: Knowledge, name: str, meeting: str, group: str, days: int) -> View:
    """Shall I bring you together? `name` is "vraag" for who looks now, "gevraagd-worden" for who looked before."""
    say = knowledge.words.say
    when = say(FILE, "deze-week" if days < 7 else "vorige-week" if days < 14 else "deze-maand")
    title = say(FILE, f"{name}-titel")
    blocks = (
        Text(title, "lead"),
        Text(say(FILE, name, wat=thing(knowledge, group), wanneer=when)),
        Text(say(FILE, "geen-naam"), "small"),
    )
    actions = (
        Action(say(FILE, "knop-ja"), {"do": DO, "act": "ja", "id": meeting}),
        Action(say(FILE, "knop-nee"), {"do": DO, "act": "nee", "id": meeting}),
    )
    return View(blocks, actions, summary=title)


def met_view(knowledge: Knowledge, group: str, name: str) -> View:
    """Both said yes: this is who it is."""
    title = knowledge.words.say(FILE, "samen", wat=thing(knowledge, group))
    return View((Text(title), Typed(name, knowledge.words.say(FILE, "wie"))), summary=title)


def thing(knowledge: Knowledge, group: str) -> str:
    """What they look for, in a sentence; the knowledge of now may call it otherwise."""
    found = knowledge.groups.get(group)
    return found.name.lower() if found and not found.name[:2].isupper() else found.name if found else group
