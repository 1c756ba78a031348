"""What one turn may use: what is known, who speaks, what day it is; and how far a talk is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from bot.people import Person
from bot.talk_state import Kept, Talk
from cards.record import Shown
from cards.written import as_json
from dialogs.again import Earlier
from dialogs.engine import Asking, Finished, rename, replay
from dialogs.listed import DIALOG as LIST
from dialogs.purchase import RENAMED, purchase
from dialogs.several import several
from dialogs.walk import remaining
from knowledge.knowledge import Knowledge, once_per_version

DIALOG = "koop"
STARTED = "_op"
"""The day on which a talk began is kept among its answers, so that limits do not change under a running talk."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a turn may use: what is known, who speaks, what day it is, and fresh ids for a new talk and record."""

    knowledge: Knowledge
    person: Person
    today: date
    new_talk: str
    new_record: str
    address: str | None = None
    kept: Kept | None = None
    """How much is kept of the person, for who asks that where nobody reads along."""
    earlier: tuple[Earlier, ...] = ()
    """What the person sent before, the newest first, for who asks for the same again."""
    room: str = ""
    """The conversation in which something is said."""
    shared: bool = False
    """Whether colleagues read along."""
    found: Mapping[str, Any] | None = None
    """What was looked up for this turn, by what it is about and as it is kept; None where nothing can be looked up."""

    def say(self, key: str, **values: Any) -> str:
        """One of the general sentences (`woorden/algemeen.yaml`)."""
        return self.knowledge.words.say("algemeen", key, **values)

    def run(self, talk: Talk) -> Asking | Finished[Any]:
        """Replay a talk to where it is now; a purchase ends in its advice, a list in what becomes of its lines."""
        answers = rename(talk.answers, RENAMED)
        place = (talk.dialog, self._day(talk), as_json(answers, in_order=True))
        return _replayed(self.knowledge, Ahead(place, self.dialog(talk), answers))

    def dialog(self, talk: Talk) -> Any:
        """The dialog of a talk, on the day it began."""
        return partial(several if talk.dialog == LIST else purchase, self.knowledge, self._day(talk))

    def _day(self, talk: Talk) -> date:
        started = talk.answers.get(STARTED)
        return date.fromisoformat(started) if isinstance(started, str) else self.today

    def begin(self, dialog: str = DIALOG) -> Talk:
        """A new talk without answers."""
        return Talk(self.new_talk, self.person.id, dialog, {STARTED: self.today.isoformat()})

    def page(self, path: str) -> str | None:
        """The address of a page of Moi; None when Moi does not know its own."""
        return f"{self.address}{path}" if self.address else None

    def record_shown(self, record: str, version: int = 1) -> Shown:
        """Where a record can be seen."""
        return Shown(record, version, self.page(f"/aanvraag/{record}"))


def left(desk: Desk, talk: Talk, now: Asking) -> tuple[int, int]:
    """How many questions come after this one; the same for every talk that came by the same questions. A list is one card."""
    if talk.dialog == LIST:
        return (0, 0)
    shape = (*(answered.question.key for answered in now.trail), now.question.key, len(now.said))
    return _left(Ahead((shape, desk.knowledge.version), desk.dialog(talk), talk.answers))


class Ahead:
    """A place in a dialog, equal to every other one that is called the same."""

    def __init__(self, place: tuple[Any, ...], dialog: Any, answers: Mapping[str, Any]) -> None:
        self.place = place
        self.dialog = dialog
        self.answers = answers

    def __hash__(self) -> int:
        return hash(self.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ahead) and self.place == other.place


@lru_cache(maxsize=2048)
def _left(ahead: Ahead) -> tuple[int, int]:
    return remaining(ahead.dialog, ahead.answers)


@once_per_version
def _replayed(_knowledge: Knowledge, ahead: Ahead) -> Asking | Finished[Any]:
    # A turn ends where the next one begins, so half of the replays were just done.
    return replay(ahead.dialog, ahead.answers)
