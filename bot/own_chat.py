"""Saying something to one colleague in their own chat with Moi: delivered once, and tried again when Teams has no room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Row, select

from bot.channel_posts import TEAMS
from bot.connector_errors import ConnectorError, Throttled, Unavailable, Uncertain
from bot.tables import activities, conversations
from bot.web_activities import of_view
from bot.web_log import append
from cards.adaptive import card, message
from cards.view import View

if TYPE_CHECKING:
    from bot.records import Records

T = TypeVar("T")

SOON = 2.0  # Seconds to wait when nobody said how long.
SENT, WAITING, DUE, BUSY, UNCERTAIN = "sent", "waiting", "due", "sending", "uncertain"
"""How far a message is; it waits when the colleague was nowhere yet, and sees it when they come back."""

Mark = Callable[[str, Connection], None]
"""Writes down how far the message is."""

log = structlog.stdlib.get_logger("moi")


class Sends(Protocol):
    """The way out to Teams: one message in one conversation."""

    async def send(self, service_url: str, conversation: str, activity: Mapping[str, Any]) -> str:
        """Send it and give its id; raises a `ConnectorError`."""


class OwnChat:
    """The own chats of colleagues, in Teams when there is a `way_out`, and on the web."""

    def __init__(self, records: Records, way_out: Sends | None = None) -> None:
        self._records = records
        self._way_out = way_out

    async def bring(self, person_id: str, view: View, mark: Mark) -> float | None:
        """To the own chat in Teams when Moi knows that, else to the last talk on the web, else when they come back.

        Gives the seconds after which to try again, if any.
        """
        chat = await self._read(partial(teams_chat, person_id))
        if chat and self._way_out:
            said = message(card(view, "teams"), view.summary)
            sent = partial(self._way_out.send, chat.reference["service_url"], chat.id, said)
            done, wait = await self.attempt(sent, mark)
            if done:
                return wait
        conversation = await self._write(partial(_leave_on_web, person_id, view, mark))
        if conversation:
            self._records.was_said(conversation)
        return None

    async def bring_once(self, person_id: str, view: View, mark: Mark, state: str) -> float | None:
        """As `bring`, for what is in this `state`: cut off in the middle it may have arrived, and is not sent again."""
        if state == BUSY:
            await self._write(partial(mark, UNCERTAIN))
            return None
        return await self.bring(person_id, view, mark)

    async def attempt(self, send: Callable[[], Awaitable[object]], mark: Mark) -> tuple[bool, float | None]:
        """Whether this way is decided about, and the wait when it must be tried again."""
        await self._write(partial(mark, BUSY))
        try:
            await send()
        except (Throttled, Unavailable) as problem:
            await self._write(partial(mark, DUE))
            return True, SOON if problem.wait is None else problem.wait
        except Uncertain:
            await self._write(partial(mark, UNCERTAIN))
            return True, None
        except ConnectorError as problem:
            log.warning("letter", problem=type(problem).__name__)
            return False, None
        await self._write(partial(mark, SENT))
        return True, None

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.read(work))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.write(work))


def teams_chat(person: str, connection: Connection) -> Row[Any] | None:
    """The own chat of this person in Teams; None when Moi knows of none."""
    own = conversations.c.person_id == person, conversations.c.channel == TEAMS
    return connection.execute(select(conversations).where(*own).limit(1)).one_or_none()


def teams_chats(people: Collection[str], connection: Connection) -> dict[str, Row[Any]]:
    """The own chats of these people in Teams, by person; whoever Moi knows of none of is not in it."""
    own = conversations.c.person_id.in_(people), conversations.c.channel == TEAMS
    return {row.person_id: row for row in connection.execute(select(conversations).where(*own))}


def put_on_web(connection: Connection, person: str, view: View) -> tuple[str, int] | None:
    """Add the message to the last talk on the web; gives that talk and its number there, None when there is no talk."""
    own = conversations.c.person_id == person, conversations.c.channel == "web"
    last = activities.c.conversation == conversations.c.id, activities.c.seq == conversations.c.last_seq
    rows = connection.execute(select(activities).join(conversations, last[0] & last[1]).where(*own)).all()
    newest = max(rows, key=lambda row: str(row.activity.get("timestamp", "")), default=None)
    if newest is None:
        return None
    return newest.conversation, append(connection, newest.conversation, [of_view(view, newest.conversation)])


def _leave_on_web(person: str, view: View, mark: Mark, connection: Connection) -> str | None:
    """Add the message to the last talk on the web and call it delivered, at once; gives that talk."""
    place = put_on_web(connection, person, view)
    mark(SENT if place else WAITING, connection)
    return place[0] if place else None
