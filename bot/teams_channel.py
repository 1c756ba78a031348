"""The procurement channel in Teams, as a place where summaries are posted: one thread per record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.connector import Connector

CARD = "application/vnd.microsoft.card.adaptive"


class TeamsChannel:
    """Posts, updates and notices in one channel; every call raises a `ConnectorError` when it did not land."""

    def __init__(self, connector: Connector, service_url: str, conversation: str) -> None:
        self._connector = connector
        self._service_url = service_url
        self._conversation = conversation

    async def post(self, card: Mapping[str, Any], summary: str) -> str:
        """Begin a new thread with this card and give its id."""
        return await self._connector.send(self._service_url, self._conversation, _message(card, summary))

    async def update(self, external: str, card: Mapping[str, Any], summary: str) -> None:
        """Replace the card of a thread; safe to repeat."""
        await self._connector.update(self._service_url, self._conversation, external, _message(card, summary))

    async def notice(self, external: str, text: str) -> None:
        """Say something in the thread of a card. It is plain text: a person may have typed a part of it."""
        thread = f"{self._conversation};messageid={external}"
        said = {"type": "message", "text": text, "textFormat": "plain"}
        await self._connector.send(self._service_url, thread, said)


def _message(card: Mapping[str, Any], summary: str) -> dict[str, Any]:
    # Never text beside a card: Teams would split them, and then the card could not be updated.
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": CARD, "content": dict(card)}],
    }
