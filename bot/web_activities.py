"""What the web page gets to see of a turn: views and typed words as activities of the Bot Framework.

Pure: the log keeps these as they are, so a page that comes back sees the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cards.adaptive import attached, card
from cards.plain import text
from cards.view import View

MOI = {"id": "moi", "name": "Moi", "role": "bot"}


def of_view(view: View, conversation: str, reply_to: str | None = None) -> dict[str, Any]:
    """A view as a message of Moi: a card, or plain words when the view is quiet."""
    message = _activity("message", conversation) | {"from": MOI, "locale": "nl-NL"}
    if reply_to:
        message["replyToId"] = reply_to
    if view.summary:
        message["summary"] = view.summary
    message["channelData"] = {"moi": {"remaining": view.extra.get("remaining", "")}}
    if view.quiet:
        return message | {"text": text(view), "textFormat": "plain"}
    return message | {"attachments": [attached(card(view, "web"))]}


def of_person(words: str, person_id: str, conversation: str, client: Mapping[str, str]) -> dict[str, Any]:
    """What a person typed or tapped, to the letter; `client` holds what the page knows its own message by."""
    return _activity("message", conversation) | {
        "from": {"id": person_id, "role": "user"},
        "text": words,
        "textFormat": "plain",
        "channelData": dict(client),
    }


def typing(conversation: str) -> dict[str, Any]:
    """A sign that Moi is busy; it is never kept."""
    return _activity("typing", conversation) | {"from": MOI}


def _activity(kind: str, conversation: str) -> dict[str, Any]:
    return {
        "type": kind,
        "id": uuid4().hex,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "channelId": "directline",
        "conversation": {"id": conversation},
    }
