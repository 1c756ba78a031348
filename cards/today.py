"""What Facilitair has to look at today, as a card: what waits, what was checked, and what is lent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from cards.marks import legible, shortened
from cards.record import END_NAMES
from cards.view import Action, Block, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "vandaag"
DO = "vandaag"
SHOWN = 5
"""Lines of a kind on a card; the page shows them all."""
BUTTONS = 3
LONGEST_BUTTON = 34
LONGEST = 80  # characters of what somebody asked for


@dataclass(frozen=True, slots=True)
class Check:
    """A small purchase: what, how many, what came of it and when; and what was done with it since.

    `made` is in our own time, `outcome` one of the four ends. `state`: it is new, waits for Facilitair, somebody is busy
    with it, or it was discussed. An exchange is who asked, the question, and the answer if there is one.
    """

    id: str
    made: datetime
    what: str
    said: str
    number: int | None
    outcome: str
    way: str
    value: str
    state: str
    sent_here: bool
    taken_by: str = ""
    taken_id: str = ""
    discussed: bool = False
    exchanges: tuple[tuple[str, str, str | None], ...] = ()

    @property
    def asked(self) -> str:
        """What was asked for, in the words of who asked; otherwise what it is called."""
        return " ".join(legible(self.said).split()) or self.what

    @property
    def outcome_name(self) -> str:
        """What came of it, in words."""
        return END_NAMES.get(self.outcome, self.outcome)

    @property
    def moment(self) -> str:
        """When: the time."""
        return f"{self.made:%H:%M}"

    @property
    def day(self) -> str:
        """On which day."""
        return _day(self.made.date())


@dataclass(frozen=True, slots=True)
class Lent:
    """Something that is out of the depot; it must be back before `until`, as far as the list has a date."""

    id: str
    number: int
    what: str
    place: str
    who: str
    since: date
    until: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Checks of today, those of any day that wait, how many reservations wait, and what is lent."""

    day: date
    checks: Sequence[Check]
    waiting: Sequence[Check]
    asked: int
    lent: Sequence[Lent]
    more: bool


def today_view(knowledge: Knowledge, found: Overview, link: str | None = None) -> View:
    """The day in one card, with buttons to what waits; reservations that wait come as cards of their own."""
    say = knowledge.words.say
    title = say(FILE, "titel", dag=_day(found.day))
    blocks: list[Block] = [Text(title, "lead"), Text(f"**{say(FILE, 'wacht')}**: {_waits(knowledge, found)}")]
    if found.waiting:
        blocks.append(Lines(tuple(_line(check, found.day) for check in found.waiting[:SHOWN])))
    blocks.append(Text(say(FILE, "nagekeken"), "heading"))
    if found.checks:
        blocks.append(Lines(tuple(_line(check, found.day) for check in found.checks[:SHOWN])))
    else:
        blocks.append(Text(say(FILE, "nagekeken-niets"), "small"))
    if found.lent:
        blocks.append(Text(say(FILE, "uit-depot"), "heading"))
        blocks.append(Lines(tuple(_lent(knowledge, one) for one in found.lent[:SHOWN])))
    if found.more or max(len(found.checks), len(found.lent), len(found.waiting)) > SHOWN:
        blocks.append(Text(say(FILE, "meer"), "small"))
    first = (*found.waiting, *(check for check in found.checks if check.state == "new"))
    actions: list[Action | Link] = [
        Action(
            shortened(f"{say(FILE, 'knop-bekijk')}: {check.asked}", LONGEST_BUTTON),
            {"do": DO, "act": "bekijk", "record": check.id},
        )
        for check in first[:BUTTONS]
    ]
    if link:
        actions.append(Link(say(FILE, "knop-pagina"), link))
    actions.append(go_on(knowledge))
    return View(tuple(blocks), tuple(actions), summary=title)


def go_on(knowledge: Knowledge) -> Action:
    """Back to the talk that was going on."""
    return Action(knowledge.words.say(FILE, "knop-verder"), {"do": "say", "text": "verder"}, fields=False)


def back_in_words(knowledge: Knowledge, one: Lent) -> str:
    """When something that is lent must be back."""
    if one.until is None:
        return knowledge.words.say(FILE, "geen-datum")
    return knowledge.words.say(FILE, "te-laat" if one.late else "moet-terug", dag=_day(one.until))


def _waits(knowledge: Knowledge, found: Overview) -> str:
    say = knowledge.words.say
    parts = [say(FILE, "wacht-aantal", aantal=str(found.asked))] if found.asked else []
    if len(found.waiting) == 1:
        parts.append(say(FILE, "check-aantal"))
    elif found.waiting:
        parts.append(say(FILE, "checks-aantal", aantal=str(len(found.waiting))))
    return " · ".join(parts) or say(FILE, "wacht-niets")


def _line(check: Check, today: date) -> Line:
    label = check.moment if check.made.date() == today else check.day
    return Line(label, Typed(" · ".join(_parts(check))))


def _parts(check: Check) -> Iterator[str]:
    yield shortened(check.asked, LONGEST)
    if check.number:
        yield f"aantal {check.number}"
    yield check.outcome_name + (f" ({check.way.lower()})" if check.way else "")
    if check.taken_by:
        yield f"opgepakt door {check.taken_by}"


def _lent(knowledge: Knowledge, one: Lent) -> Line:
    return Line(f"{one.number} ×", Typed(" · ".join((one.what, one.who, back_in_words(knowledge, one)))))


def _day(day: date) -> str:
    return format_date(day, "d MMMM", locale="nl")
