"""What is asked beside the talk, such as what the depot has: done and said in one transaction, and the talk goes on."""

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
