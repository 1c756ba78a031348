"""Every view that Moi can show, of the real content: what stands on every card of every dialog, in the chat and in the channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any

from bot.channel_posts import QUESTION, Record
from bot.channel_work import NOTHING_YET
from bot.contracts import Contract
from bot.depot import LONGEST, Item, Reservation
from bot.desk import Desk
from bot.knowledge_effects import subjects
from bot.people import Person
from bot.respond import respond
from bot.summaries import ask_view, summary, with_buttons
from bot.talk_state import Kept, Message, Talk
from cards import follow_up
from cards.care import note_view
from cards.contract import all_view, ending_view, found_view
from cards.contract import nothing_view as contract_nothing_view
from cards.depot import (
    add_view,
    asked_view,
    decided_view,
    how_many_view,
    list_view,
    nothing_view,
    reserved_view,
)
from cards.inspiration import begin_view, criteria_view, package_view
from cards.record import Shown, advice_views, summary_view
from cards.remarks import another_view, human_view, instead_view, way_out_view, why_view
from cards.talk import asking_view, changes_view
from cards.tender import coming_view, nudge_view, whose_view
from cards.today import Check, Lent, Overview, today_view
from cards.view import Action, Block, View
from dialogs.advice import Advice
from dialogs.engine import Answers, Asking, Dialog, Finished
from dialogs.listed import DIALOG as LIST
from dialogs.product import NOTHING_SAID
from dialogs.purchase import purchase
from dialogs.questions import Choice
from dialogs.several import several
from dialogs.visit import visit
from dialogs.what import NOT_LISTED
from knowledge.knowledge import Knowledge
from knowledge.packages import package
from knowledge.requests import MOST_LINES
from tests.cards.campaign_views import campaign_views
from tests.cards.longest import ASKED, DONE, MOI, RECORD, TALK, WHO, WORDS

DAY = date(2026, 11, 23)
TYPED = (
    "",
    "hulp",
    "wijzig",
    "stop",
    "waarom",
    "een mens spreken",
    "alles op één kaart",
    "kies uit een lijst",
    "inspiratie",
)
TYPED += ("inspiratie thema", "inspiratie categorie", "inspiratie qwertyuiop", "inspiratie groen en kleding")
TYPED += (
    "mijn gegevens",
    "vergeet mij",
    "asdf",
    "de lantaarnpaal voor mijn huis is stuk",
    "we zoeken een nieuwe bank",
)


def every_view(knowledge: Knowledge) -> Iterator[View]:
    """Each view at least once, with the words of every product group, category and theme."""
    for subject in subjects(knowledge, None):
        yield from _talk(knowledge, subject)
    yield from _packages(knowledge)
    yield from _lists(knowledge)
    yield from _said(knowledge)
    yield from _beside_the_talk(knowledge)


def of_every_shape(views: Iterable[View]) -> list[View]:
    """The largest view of every shape. A shape is what a view is made of, without its words: which elements a card gets
    depends on nothing else, and of two cards with the same elements the one with more words is the larger."""
    largest: dict[Any, tuple[int, View]] = {}
    for view in views:
        size = sum(map(_size, view.blocks))
        form = tuple(dict.fromkeys(map(_shape, view.blocks))), _shape(view.actions), _shape(view.extra)
        if form not in largest or largest[form][0] < size:
            largest[form] = size, view
    return [view for _, view in largest.values()]


def with_every_part(views: Iterable[View]) -> list[View]:
    """Views that together hold every shape of every part, of the same block or row of buttons each at least once."""
    seen: set[Any] = set()
    chosen = []
    for view in views:
        parts = {*map(_shape, view.blocks), ("actions", _shape(view.actions))}
        if not parts <= seen:
            seen |= parts
            chosen.append(view)
    return chosen


@cache
def _size(block: Block) -> int:
    return len(ascii(block))  # As JSON does, it writes what is no ASCII in more characters.


@cache
def _shape_of_block(block: Block) -> Any:
    chosen = {field.name for field in fields(block) if "Literal" in str(field.type)}
    told = {field.name: getattr(block, field.name) for field in fields(block)}
    return type(block), *(value if name in chosen else _shape(value) for name, value in told.items())


def _shape(thing: Any) -> Any:
    match thing:
        case str():
            return bool(thing), "**" in thing, "*" in thing.replace("**", "")
        case tuple():
            return tuple(dict.fromkeys(map(_shape, thing)))
        case Mapping():
            return tuple(sorted(thing))
        case Action():
            return thing.style, thing.fields, _shape(thing.data)
        case None | int():
            return thing
    return _shape_of_block(thing)


def _talk(knowledge: Knowledge, subject: str) -> Iterator[View]:
    """Every question about a product group or category with every answer, and each end as buyer and channel see it."""
    dialog = partial(purchase, knowledge, DAY)
    first: list[Answers]
    if subject in knowledge.groups:
        first = [
            {"wat": {**NOTHING_SAID, "tekst": WORDS, "groep": subject}},
            {"wat": {**NOTHING_SAID, "suggesties": [subject]}},
        ]
        known = {**first[0], f"klopt/{subject}": "ja"}
    else:
        first = [{"wat": {**NOTHING_SAID, "tekst": WORDS, "categorie": subject}}, {"wat": NOTHING_SAID}]
        known = {**first[0], f"groep/{subject}": NOT_LISTED}
    for answers in first:
        yield asking_view(_asked(dialog, answers), TALK, (2, 4))
    ends: dict[tuple[str, ...], Advice] = {}
    for stop in visit(dialog, known):
        if isinstance(stop.result, Asking):
            yield asking_view(stop.result, TALK, (2, 4))
        else:
            yield from _ends(stop.result)
            about = follow_up.subjects(stop.result.outcome)
            ends.setdefault(tuple(one.key for one in about), stop.result.outcome)
            yield changes_view(stop.result, TALK, "Wat wil je wijzigen?")
    for end in ends.values():
        yield from _follow_ups(knowledge, end)


def _asked(dialog: Dialog[Any], answers: Answers) -> Asking:
    asked = next(iter(visit(dialog, answers))).result
    assert isinstance(asked, Asking)
    return asked


def _ends(end: Finished[Advice]) -> Iterator[View]:
    yield from advice_views(
        end.outcome, Shown(RECORD, 1, f"{MOI}/aanvraag/{RECORD}"), talk=TALK, changed=False
    )
    channel = summary_view(end.outcome, Shown(RECORD, 12, f"{MOI}/aanvraag/{RECORD}"))
    yield from (with_buttons(channel, RECORD, work) for work in (NOTHING_YET, DONE))


def _lists(knowledge: Knowledge) -> Iterator[View]:
    """A message with as many requests as a card holds: what is unclear, the lines of every product group, and what became of them."""
    desk = Desk(knowledge, Person("p", WHO), DAY, TALK, RECORD, MOI)
    groups = [*knowledge.groups, None]
    for first in range(0, len(groups), MOST_LINES):
        listed = groups[first : first + MOST_LINES]
        kept = {"tekst": WORDS, "regels": [_line(group) for group in listed], "rest": WORDS}
        talk = replace(desk.begin(LIST), answers={**desk.begin(LIST).answers, "regels": kept})
        yield from respond(desk, Message("m", "waarom"), talk).views
        given = {
            f"regel/{n}-{group or 'onbekend'}:nodig": "niet-nodig"
            for n, group in enumerate(listed, 1)
            if n % 2
        }
        given |= {
            f"regel/{n}-{group or 'onbekend'}:doen": "uitgebreid"
            for n, group in enumerate(listed, 1)
            if not n % 2
        }
        sent = respond(desk, Message("m", tap={"do": "form", "talk": TALK, "meenemen": "toe", **given}), talk)
        yield from sent.views
        done = next((other for other, _ in sent.also if other.dialog == LIST), sent.talk)
        yield from respond(desk, Message("m", "wijzig"), done).views
    unclear = {"regels": [_line(None, [*knowledge.groups][:3])] * MOST_LINES, "tekst": WORDS, "rest": ""}
    yield asking_view(_asked(partial(several, knowledge, DAY), {"regels": unclear}), TALK)


def _line(group: str | None, suggestions: Sequence[str] = ()) -> dict[str, Any]:
    wanted = {**NOTHING_SAID, "tekst": WORDS[:500], "groep": group, "suggesties": list(suggestions)}
    return {
        "wat": wanted,
        "wanneer": "woensdag 23 november 2026 om 12:30 uur",
        "aantal": 1000,
        "waarde": None,
    }


def _follow_ups(knowledge: Knowledge, end: Advice) -> Iterator[View]:
    """Every card about what became of a request, and what was answered about it."""
    about = follow_up.subjects(end)
    policy = knowledge.follow_up
    if not about or policy is None:
        return
    question = max((moment.question for rule in policy.rules for moment in rule.moments), key=len)
    given = {f"{follow_up.GIVEN}{one.key}": "deels" for one in about}
    asked = follow_up.Question(RECORD, end, question, given, reminder=True, again=True)
    because = policy.causes[0].label
    lines = tuple(follow_up.AnswerLine(one.key, one.label, "deels", because) for one in about)
    said = follow_up.Realised("na de gunning", lines, WORDS)
    yield follow_up.ask_view(knowledge, follow_up.Question(RECORD, end, question, {}))
    yield follow_up.ask_view(knowledge, asked, WORDS)
    yield follow_up.kept_view(knowledge, RECORD, "bewaard", said)
    yield follow_up.why_view(knowledge, RECORD, policy.causes)
    yield follow_up.said_view(knowledge, "later", wanneer="1 maart")
    yield View(follow_up.realised_blocks((said, said, said)))


def _packages(knowledge: Knowledge) -> Iterator[View]:
    """Every inspiration package, as a whole and per theme."""
    for id_ in (*knowledge.groups, *knowledge.categories, *knowledge.themes):
        for theme in (None, *knowledge.themes):
            if about := package(knowledge, id_, DAY, theme):
                yield package_view(knowledge, about, f"{MOI}/inspiratie/{id_}")
                yield criteria_view(knowledge, about, f"{MOI}/inspiratie/{id_}")


def _said(knowledge: Knowledge) -> Iterator[View]:
    """What Moi says to what one can always type, and to what it does not understand."""
    desk = Desk(knowledge, Person("p", WHO), DAY, TALK, RECORD, MOI, Kept(1, 2, 3, 4))
    talk: Talk | None = None
    for text in (*TYPED, "20 laptops", "ja", *TYPED, "20 laptops", "50 bureaustoelen"):
        message = Message("m", text, arrived=not text)
        response = respond(desk, message, talk)
        talk = response.talk
        yield from response.views
    for tap in (
        {"do": "mine"},
        {"do": "mine-forget"},
        {"do": "express-send"},
        {"do": "answer", "talk": "oud"},
    ):
        yield from respond(desk, Message("m", tap=tap), talk).views


def _beside_the_talk(knowledge: Knowledge) -> Iterator[View]:
    """Questions from and to a person, notes in the channel, and the report on the content."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    lines = [{"label": "Aanvraag", "value": WORDS}] * 8
    asked = Record(RECORD, "p", 1, QUESTION, None, None, "", {"lines": lines}, "v", now, now)
    yield with_buttons(summary(asked), RECORD, DONE)
    yield ask_view("Er is een vraag", WHO, "Je antwoord komt in het inkoopkanaal.", ASKED)
    yield note_view(
        "Onderhoud van de kennis",
        [("MVOI-team", "te laat nagekeken: 4")] * 12,
        f"{MOI}/onderhoud",
        closing=WORDS,
    )
    yield note_view("Onderhoud van de kennis", [], None, closing="")
    yield another_view("Is dit iets anders?", WORDS)
    yield instead_view("Dan gaat het nu om:", WORDS)
    for name in ("welke", "categorie"):
        yield way_out_view("Hoe wil je verder?", Choice(name, knowledge.words.question("koop", name)), "t")
    yield human_view("Ik kan je vraag in hun kanaal zetten.")
    yield why_view("Omdat het helpt.")
    yield from _depot(knowledge)
    yield from _today(knowledge)
    yield from _contracts(knowledge)
    yield from campaign_views(knowledge)
    yield from _calendar(knowledge)
    yield begin_view(knowledge, next(iter(knowledge.groups)), {})


def _contracts(knowledge: Knowledge) -> Iterator[View]:
    """What the register of contracts says, with lines as long as they may be."""
    long, link = WORDS[:LONGEST], f"{MOI}/contracten"
    found = [
        Contract(str(n) * 32, long, None, long, DAY, DAY, DAY, long, long, None, "voorstel") for n in range(9)
    ]
    yield found_view(knowledge, found, DAY, asked=long, more=True, link=link)
    yield all_view(knowledge, found, len(found), link=link)
    yield all_view(knowledge, found[:1], 1)
    yield ending_view(knowledge, found, more=True, link=link)
    yield ending_view(knowledge, [])
    for empty in (True, False):
        yield contract_nothing_view(knowledge, long, empty=empty, keeps=empty, link=link)


def _calendar(knowledge: Knowledge) -> Iterator[View]:
    """What comes up, and a nudge about it in every product group, with lines as long as they may be."""
    long = WORDS[:200]
    for everybody in (True, False):
        yield coming_view(knowledge, [(DAY, long)] * 8, 9, everybody=everybody, link=f"{MOI}/kalender")
        yield coming_view(knowledge, [], 0, everybody=everybody)
    assert knowledge.tenders
    values = {"what": long, "start": DAY.isoformat(), "team": long[:80]}
    for subject in (*knowledge.groups, *knowledge.categories, ""):
        for moment in knowledge.tenders.moments:
            yield nudge_view(knowledge, RECORD, values, subject, moment, knowledge.tenders, DAY)
    yield whose_view(knowledge, RECORD, long)


def _depot(knowledge: Knowledge) -> Iterator[View]:
    """What the depot says, with lines as long as they may be."""
    long = WORDS[:LONGEST]
    items = [Item(str(n) * 32, long, None, 9, 0, long, long, DAY) for n in range(5)]
    yield list_view(knowledge, items, asked=long, more=True, link=f"{MOI}/depot")
    yield list_view(knowledge, items, more=True, first="Deze zijn net niet meer vrij.")
    yield nothing_view(knowledge, "", keeps=True)
    yield how_many_view(knowledge, items[0])
    yield from (reserved_view(knowledge, said, RECORD, long, 9) for said in ("gereserveerd", "had-je-al"))
    yield from (decided_view(knowledge, state, long, 9, long) for state in ("confirmed", "declined"))
    asked = Reservation(RECORD, "i", long, long, 9, "p", WHO, "waiting", datetime(2026, 11, 23, tzinfo=UTC))
    yield asked_view(knowledge, asked)
    yield add_view(knowledge, {"wat": long, "aantal": "4"}, "Dat lukt nog niet.")


def _today(knowledge: Knowledge) -> Iterator[View]:
    """The day of Facilitair, with nothing in it and with more than fits."""
    long, now = WORDS[:LONGEST], datetime(2026, 11, 23, tzinfo=UTC)
    checks = [
        Check(str(n) * 32, now, long, long, 50, "anders-opgelost", long, "", "waiting", True, long)
        for n in range(9)
    ]
    lent = [Lent(str(n) * 32, 9, long, long, WHO, DAY, DAY, late=True) for n in range(9)]
    yield today_view(knowledge, Overview(DAY, checks, checks, 9, lent, more=True), f"{MOI}/facilitair")
    yield today_view(knowledge, Overview(DAY, (), checks[:1], 0, (), more=False))
    yield today_view(knowledge, Overview(DAY, (), (), 0, (), more=False))
