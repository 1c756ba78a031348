"""What comes up by the aanbestedingskalender as a card, and the nudge about one purchase of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date

from cards.view import Action, Block, Bullets, Input, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge
from knowledge.packages import package
from knowledge.tenders import NudgeMoment, TenderPolicy

FILE = "kalender"
DO = "nudge"
CHANCES, HELPERS = 3, 3
"""What a nudge names of each."""
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


def nudge_view(
    knowledge: Knowledge,
    id_: str,
    values: Mapping[str, str],
    subject: str,
    moment: NudgeMoment,
    policy: TenderPolicy,
    on: date,
) -> View:
    """What comes up, what can still be done, three chances, and who can help; with the talk one tap away."""
    say = knowledge.words.say
    title = say(FILE, "seintje")
    known: list[tuple[str, str | Typed]] = [
        ("what", Typed(values["what"])),
        ("start", written(date.fromisoformat(values["start"]))),
        *([("team", Typed(values["team"]))] if values["team"] else []),
    ]
    blocks: list[Block] = [
        Text(title, "lead"),
        Lines(tuple(Line(LABELS[name], said) for name, said in known)),
        Text(moment.still),
    ]
    about = package(knowledge, subject, on) if subject else None
    if about:
        chances = [one.text for part in about.parts for one in part.opportunities][:CHANCES]
        blocks += [Text(say(FILE, "kansen")), Bullets(tuple(chances))] if chances else []
        helpers = tuple(f"{role.name}, voor {role.for_what}" for role in about.helpers[:HELPERS])
        blocks += [Text(say(FILE, "hulp"), "small"), Bullets(helpers)] if helpers else []
    tap = {"do": DO, "item": id_}
    actions = (
        Action(say(FILE, "knop-begin"), tap | {"act": "begin"}, "positive"),
        *(Action(delay.label, tap | {"act": "later", "termijn": delay.id}) for delay in policy.delays),
        Action(say(FILE, "knop-niet-van-mij"), tap | {"act": "weg"}),
        Action(say(FILE, "knop-laat-maar"), tap | {"act": "laat-maar"}),
    )
    return View(tuple(blocks), actions, summary=f"{title} {subject_name(knowledge, subject)}")


def whose_view(knowledge: Knowledge, id_: str, what: str) -> View:
    """Whose is it now? To a colleague, a role, or to nobody whom one knows."""
    say = knowledge.words.say
    title, tap = say(FILE, "van-wie-nu"), {"do": DO, "item": id_, "act": "over"}
    field = Input("aan", say(FILE, "veld-aan"), "text", most=80)
    actions = (
        Action(say(FILE, "knop-geef"), tap, "positive"),
        Action(say(FILE, "knop-weet-niet"), tap | {"niemand": "ja"}, fields=False),
    )
    return View((Text(title, "lead"), Typed(what), field), actions, summary=title)


def subject_name(knowledge: Knowledge, subject: str) -> str:
    """What a product group or category is called; that there is none yet when there is none."""
    found = knowledge.groups.get(subject) or knowledge.categories.get(subject)
    return found.name if found else knowledge.words.say(FILE, "overig")
