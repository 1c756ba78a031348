"""What is asked beside the talk, such as what the depot has: how it is heard, and that it is done and said in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.channel_place import first_time
from bot.kept_turn import keep_person
from bot.people import Person
from bot.talk_state import Answer, Message, Place
from bot.web_log import append
from cards.view import View
from dialogs.hearing import plain
from knowledge.knowledge import Knowledge

Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]
"""What was said as the web chat keeps it."""


def beside_the_talk(
    connection: Connection,
    person: Person,
    message: Message,
    place: Place,
    log: Log | None,
    answer: Callable[[Connection], View],
) -> Answer:
    """Say what `answer` gives, and keep that the person was here; a message that comes twice is kept once.

    `answer` is asked again when a message comes again, so it must do nothing twice.
    """
    repeated = not first_time(connection, message.id)
    if not repeated:
        knows_roles = place.channel != "teams"
        keep_person(connection, person, datetime.now(UTC).date(), knows_roles=knows_roles)
    views = (answer(connection),)
    if log and not repeated:
        append(connection, place.conversation, log(views))
    return Answer(views, repeated=repeated)


def calls(knowledge: Knowledge, file: str, name: str) -> list[str]:
    """The words by which people ask for something, in the order of the file of words."""
    option = knowledge.words.question(file, "opdrachten").options[name]
    return [plain(words) for words in (option.label, *option.said)]


def after(said: str, begins: Sequence[str]) -> str:
    """What is said after the longest of these beginnings; empty when there is none."""
    longest = max((call for call in begins if said.startswith(f"{call} ")), key=len, default="")
    return said.removeprefix(longest).strip() if longest else ""


def buys(knowledge: Knowledge, said: str) -> bool:
    """Whether words that begin as a question beside the talk name a purchase: "depot huren in de haven"."""
    return not frozenset(knowledge.vocabulary.intent.strong_verbs).isdisjoint(said.split())
