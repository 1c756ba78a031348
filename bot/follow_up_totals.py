"""`app.py followup`, and the same on the page Onderhoud: what worked out, in totals in which nobody can be recognised."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, inspect, select

from bot.library import Library
from bot.own_chat import WAITING
from bot.realised import realised_of
from bot.settings import Settings
from bot.tables import follow_ups, records
from cards.follow_up import VERDICTS, WAY, AnswerLine
from cards.view import Line

FINE = 0
FEWEST = 5
"""Of fewer colleagues nothing is shown: one of them could be recognised."""
OTHER_WAY = "Niet gekocht, of anders opgelost"
ENDINGS = ("beantwoord", "laat maar", "nog niet aangekomen", "vervallen", "niet beantwoord")
"""Every question is in exactly one of these."""


@dataclass
class Group:
    """What was answered about one theme: how often which verdict, and which colleagues gave which reason."""

    people: set[str] = field(default_factory=set)
    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reasons: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, person: str, line: AnswerLine) -> None:
        """Count one answer."""
        self.people.add(person)
        self.verdicts[line.verdict] += 1
        if line.because:
            self.reasons[line.because].add(person)


@dataclass
class Totals:
    """How many questions ended how, to how many colleagues, and what was answered per theme."""

    endings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENDINGS, 0))
    people: set[str] = field(default_factory=set)
    groups: dict[str, Group] = field(default_factory=lambda: defaultdict(Group))


def counted(connection: Connection) -> Totals:
    """Count every question that was asked; of a criterion that was asked about more than once the last answer counts."""
    found = Totals()
    if not inspect(connection).has_table(follow_ups.name):
        return found  # An older Moi, which this command does not change.
    last: dict[tuple[str, str], tuple[str, AnswerLine]] = {}
    asked = select(follow_ups, records.c.person_id).join(records, records.c.id == follow_ups.c.record)
    in_order = asked.where(follow_ups.c.asks > 0).order_by(follow_ups.c.answered, follow_ups.c.id)
    for row in connection.execute(in_order):
        found.people.add(row.person_id)
        found.endings[_ending(row.state, row.told, answered=row.answered is not None)] += 1
        said = realised_of(row.answers)
        for line in said.lines if said else ():
            last[row.record, line.about] = row.person_id, line
    for (_, about), (person, line) in last.items():
        found.groups[OTHER_WAY if about == WAY else line.label].add(person, line)
    return found


def lines(found: Totals) -> Iterator[Line]:
    """The totals in words; what is of fewer than five colleagues is left out, and that it is left out is said."""
    asked = sum(found.endings.values())
    if len(found.people) < FEWEST:
        yield Line("Gevraagd", "Aan minder dan vijf collega's. Totalen staan er vanaf vijf.")
        return
    yield Line("Gevraagd", f"{asked} keer, over aanvragen van {len(found.people)} collega's")
    yield Line("Daarvan", ", ".join(f"{ending}: {times}" for ending, times in found.endings.items()))
    shown = {name: group for name, group in found.groups.items() if len(group.people) >= FEWEST}
    for name, group in sorted(shown.items()):
        said = ", ".join(f"{VERDICTS[verdict]}: {group.verdicts.get(verdict, 0)}" for verdict in VERDICTS)
        yield Line(name, f"{said} ({len(group.people)} collega's)")
        often = {reason: people for reason, people in group.reasons.items() if len(people) >= FEWEST}
        named = [f"{reason} ({len(people)} collega's)" for reason, people in sorted(often.items())]
        if len(often) < len(group.reasons):
            named.append("redenen van minder dan vijf collega's")
        if named:
            yield Line(f"Waardoor niet, {name.lower()}", "; ".join(named))
    if hidden := len(found.groups) - len(shown):
        yield Line("Niet getoond", f"{hidden} met antwoorden van minder dan vijf collega's")


def show(settings: Settings, _said: Namespace) -> int:
    """Print the totals."""
    with Library(settings) as library:
        found = library.read(counted) or Totals()
    print("Is het gelukt? In totalen, zonder wie en zonder wat iemand erbij typte.")
    for line in lines(found):
        print(f"  {line.label}: {line.value}")
    return FINE


def _ending(state: str, told: str, *, answered: bool) -> str:
    if answered:
        return "beantwoord"
    if state == "stopped":
        return "laat maar"
    if state == "done":
        return "vervallen"
    return "nog niet aangekomen" if told == WAITING else "niet beantwoord"
