"""The procurement channel in Teams, as a place where summaries are posted: one thread per record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.channel_place import TeamsPlace
from bot.connector import Connector
from bot.connector_errors import Unavailable
from cards.adaptive import message

THREAD = ";messageid="
LOOK_AGAIN = 300.0  # Seconds until it is tried again whether a channel is connected.


class TeamsChannel:
    """Posts, updates and notices in the channel that `where` gives; every call raises a `ConnectorError` when it did
    not land. What is known of a post here is the address of its thread, so that it stays where it is when another
    channel is connected.
    """

    def __init__(self, connector: Connector, where: Callable[[], Awaitable[TeamsPlace | None]]) -> None:
        self._connector = connector
        self._where = where

    async def post(self, card: Mapping[str, Any], summary: str) -> str:
        """Begin a new thread with this card and give its address."""
        place = await self._place()
        said = message(card, summary)
        activity = await self._connector.send(place.service_url, place.conversation, said)
        return f"{place.conversation}{THREAD}{activity}"

    async def update(self, external: str, card: Mapping[str, Any], summary: str) -> None:
        """Replace the card of a thread; safe to repeat."""
        place = await self._place()
        conversation, activity = _thread(external, place)
        await self._connector.update(place.service_url, conversation, activity, message(card, summary))

    async def notice(self, external: str, text: str) -> None:
        """Say something in the thread of a card. It is plain text: a person may have typed a part of it."""
        place = await self._place()
        said = {"type": "message", "text": text, "textFormat": "plain"}
        await self._connector.send(place.service_url, THREAD.join(_thread(external, place)), said)

    async def _place(self) -> TeamsPlace:
        place = await self._where()
        if place is None:
            raise Unavailable("no channel is connected", wait=LOOK_AGAIN)
        return place


def _thread(external: str, place: TeamsPlace) -> tuple[str, str]:
    """Channel and first message of a thread; what is only a message was posted in the channel of the settings."""
    conversation, _, activity = external.rpartition(THREAD)
    return conversation or place.conversation, activity
