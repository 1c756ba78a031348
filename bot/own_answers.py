"""What somebody answered for a record of theirs, line by line, and changing one of these from a link.

A link names a question (`/aanvraag/<record>/<question>`, `/?wijzig=<record>:<question>`). Changing itself is what "wijzig"
does in the talk; nobody gets further than their own talks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.people import Person
from bot.talk_state import Talk
from cards.talk import given_lines
from cards.view import Line

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.knowledge import Knowledge

HERE = ZoneInfo("Europe/Amsterdam")
LINK = re.compile(r"([0-9a-f]{1,64}):([a-z][a-z-]{0,40})")
LINKED = "{question:[a-z][a-z-]{0,40}}"


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody says in the talk to change an answer: in words, and as the tap that goes with it."""

    words: str
    tap: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """The answers to a record by what their question is called in a link, and the talk they are of."""

    talk: Talk
    lines: Mapping[str, Line]
    busy: bool
    """Whether something else is being talked about, which changing an answer would stop."""

    @property
    def being_changed(self) -> bool:
        """Whether what is answered now is not what was sent."""
        return self.talk.state == "open"

    def change(self, question: str) -> Change:
        """Have this answer changed; to choose from all of them when it is not among them."""
        line = self.lines.get(question)
        if line is None or line.change is None:
            return Change("Wijzig", {"do": "review", "talk": self.talk.id})
        return Change(f"Wijzig: {line.label}", {"do": "change", "talk": self.talk.id, "key": line.change})


async def own_answers(
    records: Records, knowledge: Knowledge, person: Person, record: str
) -> OwnAnswers | None:
    """What the person answered for this record; None when it is not theirs or no talk of it is kept."""
    talk = await records.talk_about(record, person.id)
    if talk is None:
        return None
    desk = Desk(knowledge, person, datetime.now(HERE).date(), new_talk="", new_record=record)
    lines: dict[str, Line] = {}
    for line in given_lines(desk.run(talk)):
        # Of what was asked twice, because Moi had misunderstood, the last is what counts.
        lines[line.about] = line
    last = await records.last_talk(person.id)
    other = await records.talk(last) if last and last != talk.id else None
    return OwnAnswers(talk, lines, busy=bool(other and other.state == "open" and len(other.answers) > 1))
