"""Running contracts as cards: what can be ordered, for whom, until when and how; and which of them end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from babel.dates import format_date

from cards.view import Action, Block, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "contracten"
SHOWN = 3
"""Contracts that a card tells all about."""
LISTED = 8
"""Contracts that a card only names."""
UNSURE = ("voorstel", "onbekend")


class Running(Protocol):
    """A contract of the register."""

    @property
    def what(self) -> str: ...
    @property
    def for_whom(self) -> str: ...
    @property
    def until(self) -> date | None: ...
    @property
    def notice_before(self) -> date | None: ...
    @property
    def how_to_order(self) -> str: ...
    @property
    def supplier(self) -> str: ...
    @property
    def manager(self) -> str | None: ...
    @property
    def certainty(self) -> str: ...
    def ends_soon(self, on: date) -> bool: ...


def found_view(
    knowledge: Knowledge,
    contracts: Sequence[Running],
    on: date,
    *,
    asked: str,
    more: bool = False,
    link: str | None = None,
) -> View:
    """What can be ordered under a contract, all about at most three; `asked` is what somebody looked for."""
    say = knowledge.words.say
    title = say(FILE, "titel-zoek")
    blocks: list[Block] = [Text(title, "lead"), Typed(asked)]
    for contract in contracts[:SHOWN]:
        blocks += about(knowledge, contract, on)
    blocks.append(Text(say(FILE, "uitleg"), "small"))
    if more:
        blocks.append(Text(say(FILE, "meer"), "small"))
    return View(tuple(blocks), _ways_on(knowledge, link), summary=title)


def about(knowledge: Knowledge, contract: Running, on: date) -> list[Block]:
    """All that a buyer needs to know of one contract, with what to look out for."""
    say = knowledge.words.say
    told = [
        ("wat", contract.what),
        ("wie", contract.for_whom),
        ("tot", last_day(knowledge, contract)),
        ("hoe", contract.how_to_order),
        ("bij", contract.supplier),
    ]
    lines = tuple(Line(say(FILE, f"label-{name}"), Typed(words)) for name, words in told if words)
    blocks: list[Block] = [Lines(lines)]
    role = role_name(knowledge, contract)
    if contract.until and contract.ends_soon(on):
        blocks.append(Text(say(FILE, "loopt-af", dag=written(contract.until), rol=role)))
    if contract.certainty in UNSURE:
        blocks.append(Text(say(FILE, "onzeker", rol=role), "small"))
    return blocks


def nothing_view(
    knowledge: Knowledge, asked: str, *, empty: bool, keeps: bool, link: str | None = None
) -> View:
    """Nothing fits, or nothing is there at all; whoever `keeps` the list hears how to fill it."""
    say = knowledge.words.say
    said = say(FILE, "leeg" if empty else "niets" if asked else "niets-loopt")
    blocks: list[Block] = [Text(said)]
    if asked:
        blocks.append(Typed(asked))
    if asked and not empty:
        blocks.append(Text(say(FILE, "niets-uitleg"), "small"))
    if empty and keeps:
        blocks.append(Text(say(FILE, "leeg-beheer"), "small"))
    return View(tuple(blocks), _ways_on(knowledge, link if keeps or not empty else None), summary=said)


def all_view(
    knowledge: Knowledge, contracts: Sequence[Running], number: int, *, link: str | None = None
) -> View:
    """How many contracts run, and those that end first."""
    say = knowledge.words.say
    title = say(FILE, "alles", aantal=str(number)) if number > 1 else say(FILE, "alles-een")
    lines = tuple(Line(last_day(knowledge, one), Typed(one.what)) for one in contracts[:LISTED])
    blocks = (Text(title, "lead"), Lines(lines), Text(say(FILE, "alles-uitleg"), "small"))
    return View(blocks, _ways_on(knowledge, link), summary=title)


def ending_view(
    knowledge: Knowledge, contracts: Sequence[Running], *, more: bool = False, link: str | None = None
) -> View:
    """The contracts that end soon, with when notice has to be given."""
    say = knowledge.words.say
    if not contracts:
        said = say(FILE, "aflopend-niets")
        return View((Text(said),), _ways_on(knowledge, link), summary=said)
    title = say(FILE, "aflopend")
    lines = []
    for contract in contracts[:LISTED]:
        parts = [last_day(knowledge, contract)]
        if contract.notice_before:
            parts.append(say(FILE, "opzeggen", dag=written(contract.notice_before)))
        lines.append(Line(" · ".join(parts), Typed(contract.what)))
    blocks: list[Block] = [Text(title, "lead"), Lines(tuple(lines))]
    if more:
        blocks.append(Text(say(FILE, "meer"), "small"))
    return View(tuple(blocks), _ways_on(knowledge, link), summary=title)


def written(day: date) -> str:
    """A day in words."""
    return format_date(day, "d MMMM y", locale="nl")


def last_day(knowledge: Knowledge, contract: Running) -> str:
    """Until when it runs, in words."""
    return written(contract.until) if contract.until else knowledge.words.say(FILE, "loopt-door")


def role_name(knowledge: Knowledge, contract: Running) -> str:
    """Who looks after the contract; Team Inkoop when nobody was named, or the role is no longer there."""
    role = knowledge.roles.get(contract.manager or "")
    return role.name if role else knowledge.words.say(FILE, "beheerder")


def _ways_on(knowledge: Knowledge, link: str | None) -> tuple[Action | Link, ...]:
    say = knowledge.words.say
    go_on = Action(say(FILE, "knop-verder"), {"do": "say", "text": "verder"}, fields=False)
    return (Link(say(FILE, "knop-pagina"), link), go_on) if link else (go_on,)
