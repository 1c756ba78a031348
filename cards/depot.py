"""The depot as cards: what is there, how many somebody wants, what became of that, and what Facilitair adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from babel.dates import format_date

from cards.marks import shortened
from cards.view import Action, Block, Input, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "depot"
DO = "depot"
SHOWN = 4
"""Lines on a card, each with a button; there are at most six."""
LONGEST_BUTTON = 34


class Stock(Protocol):
    """A line of the depot."""

    @property
    def id(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def free(self) -> int: ...
    @property
    def place(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def until(self) -> date | None: ...


class Asked(Protocol):
    """A reservation that waits."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def what(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def who(self) -> str: ...


def list_view(
    knowledge: Knowledge,
    items: Sequence[Stock],
    *,
    asked: str = "",
    more: bool = False,
    link: str | None = None,
    first: str = "",
) -> View:
    """What is free, each line with a button; `asked` is what somebody looked for, `first` what has to be said before."""
    say = knowledge.words.say
    title = first or say(FILE, "titel-zoek" if asked else "titel")
    blocks: list[Block] = [Text(title, "lead")]
    if asked and not first:
        blocks.append(Typed(asked))
    if first:
        blocks.append(Text(say(FILE, "ook-nog"), "heading"))
    blocks.append(Lines(tuple(_line(knowledge, item, at) for at, item in enumerate(items[:SHOWN], 1))))
    if not first:
        blocks.append(Text(say(FILE, "uitleg"), "small"))
    if more:
        blocks.append(Text(say(FILE, "meer"), "small"))
    actions: list[Action | Link] = [
        Action(
            f"{say(FILE, 'knop-reserveer')}: {shortened(item.what, LONGEST_BUTTON)}",
            {"do": DO, "act": "kies", "item": item.id},
        )
        for item in items[:SHOWN]
    ]
    actions.append(Link(say(FILE, "knop-alles"), link) if link else _go_on(knowledge))
    if link:
        actions.append(_go_on(knowledge))
    return View(tuple(blocks), tuple(actions), summary=title)


def nothing_view(knowledge: Knowledge, asked: str, *, keeps: bool) -> View:
    """Nothing of it is free; whoever `keeps` the list hears how to fill it."""
    say = knowledge.words.say
    said = say(FILE, "niets" if asked else "leeg")
    blocks: list[Block] = [Text(said)]
    if asked:
        blocks.append(Typed(asked))
    elif keeps:
        blocks.append(Text(say(FILE, "leeg-facilitair"), "small"))
    return View(tuple(blocks), (_go_on(knowledge),), summary=said)


def how_many_view(knowledge: Knowledge, item: Stock) -> View:
    """How many of this does somebody want?"""
    say = knowledge.words.say
    title = say(FILE, "hoeveel")
    blocks = (
        Text(title, "lead"),
        Lines((_line(knowledge, item),)),
        Text(say(FILE, "hoeveel-uitleg", aantal=str(item.free)), "small"),
        Input("aantal", say(FILE, "veld-aantal"), "text", value="1", most=6),
    )
    wish = {"do": DO, "act": "reserveer", "item": item.id}
    return View(
        blocks, (Action(say(FILE, "knop-reserveer"), wish, "positive"), _go_on(knowledge)), summary=title
    )


def reserved_view(knowledge: Knowledge, said: str, reservation: str, what: str, number: int) -> View:
    """A reservation that waits for Facilitair, with the way back."""
    sentence = knowledge.words.say(FILE, said, **({"aantal": str(number)} if said == "had-je-al" else {}))
    back = Action(
        knowledge.words.say(FILE, "knop-toch-niet"), {"do": DO, "act": "toch-niet", "item": reservation}
    )
    blocks = (Text(sentence), Lines((Line(f"{number} ×", Typed(what)),)))
    return View(blocks, (back, _go_on(knowledge)), summary=sentence)


def decided_view(knowledge: Knowledge, state: str, what: str, number: int, place: str) -> View:
    """What Facilitair decided, as whoever reserved gets it."""
    say = knowledge.words.say
    name = "bevestigd" if state == "confirmed" else "afgewezen"
    title = say(FILE, f"{name}-titel")
    lines = [Line(f"{number} ×", Typed(what))]
    if state == "confirmed":
        lines.append(Line("Waar", Typed(place)))
    blocks = (Text(title, "heading"), Lines(tuple(lines)), Text(say(FILE, name)))
    return View(blocks, (), summary=title)


def asked_view(knowledge: Knowledge, asked: Asked) -> View:
    """A reservation as Facilitair gets it, to decide at once."""
    say = knowledge.words.say
    title = say(FILE, "nieuw-titel")
    lines = (
        Line(f"{asked.number} ×", Typed(asked.what)),
        Line("Waar", Typed(asked.place)),
        Line("Voor", Typed(asked.who)),
    )
    actions = (
        Action(say(FILE, "knop-bevestig"), {"do": DO, "act": "bevestigen", "item": asked.id}, "positive"),
        Action(say(FILE, "knop-wijs-af"), {"do": DO, "act": "afwijzen", "item": asked.id}),
    )
    return View((Text(title, "heading"), Lines(lines)), actions, summary=title)


def add_view(knowledge: Knowledge, given: dict[str, Any], wrong: str = "") -> View:
    """Is this what has to be put in the depot? Every field can still be changed."""
    say = knowledge.words.say
    title = say(FILE, "erbij-titel")
    blocks: list[Block] = [Text(wrong)] if wrong else []
    blocks += [Text(title, "lead"), Text(say(FILE, "erbij-uitleg"), "small")]
    for name, most in (("wat", 100), ("aantal", 6), ("waar", 100), ("staat", 100)):
        label = say(FILE, f"veld-{name}")
        blocks.append(
            Input(name, label, "text", value=given.get(name, ""), required=name != "staat", most=most)
        )
    actions = (
        Action(say(FILE, "knop-erbij"), {"do": DO, "act": "erbij"}, "positive"),
        Action(say(FILE, "knop-toch-niet"), {"do": DO, "act": "erbij-niet"}, fields=False),
    )
    return View(tuple(blocks), actions, summary=title)


def _go_on(knowledge: Knowledge) -> Action:
    return Action(knowledge.words.say(FILE, "knop-verder"), {"do": "say", "text": "verder"}, fields=False)


def _line(knowledge: Knowledge, item: Stock, number: int | None = None) -> Line:
    """A line as words of Facilitair, to the letter, after a label of ours."""
    say = knowledge.words.say
    parts = [item.what, say(FILE, "regel", aantal=str(item.free), waar=item.place)]
    if item.condition:
        parts.append(item.condition)
    if item.until:
        parts.append(say(FILE, "regel-tot", wat=format_date(item.until, "d MMMM y", locale="nl")))
    return Line(str(number) if number else say(FILE, "label"), Typed(" · ".join(parts)))
