"""What is posted to `/api/messages` may be anything; none of it is a server error."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.teams_room import open_room
from tests.fakes.identity import TENANT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"type":"message"}',
        b"[" * 100_000,
        b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=lambda body: body[:12].decode(errors="replace"),
)
async def test_unreadable_body(body: bytes) -> None:
    """A body that is not an activity is refused with 400."""
    async with open_room() as room:
        response = await room.post(data=body, headers={"Content-Type": "application/json"})

    assert response.status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"conversation": None},
        {"conversation": {"id": ""}},
        {"conversation": {"id": 5}},
        {"conversation": "x"},
        {"from": "x"},
        {"from": {"id": {"a": 1}}},
        {"text": 5},
        {"text": ["x"]},
        {"serviceUrl": None},
        {"serviceUrl": 5},
        {"channelId": None},
        {"entities": "x"},
        {"entities": [None]},
        {"entities": [{"type": "mention", "mentioned": "x"}]},
        {"channelData": "x"},
        {"channelData": {"tenant": "x"}},
        {"membersAdded": [3]},
        {"membersRemoved": "x"},
        {"attachments": ["x"]},
        {"attachments": [{"contentType": 3}]},
        {"reactionsAdded": [None]},
        {"timestamp": 3},
        {"value": float("inf")},
        {"type": 3},
    ],
    ids=lambda changes: json.dumps(changes),
)
async def test_wrong_shapes(changes: dict[str, Any]) -> None:
    """An activity with the wrong kind of thing in a field is refused with 400."""
    async with open_room() as room:
        response = await room.post(room.activity(**changes))

    assert response.status == 400
    assert room.heard == []


async def test_infinity() -> None:
    """A number too large to keep is refused, because no database would take it."""
    async with open_room() as room:
        body = json.dumps(room.activity(value={"a": 1})).replace('"a": 1', '"a": 1e999')
        response = await room.post(data=body, headers={"Content-Type": "application/json"})

    assert response.status == 400


async def test_too_large() -> None:
    """A body over 256 kB is refused, also when its size was not said beforehand or was hidden by compression."""
    large = room_text = "x" * 300_000
    async with open_room() as room:
        plain = await room.post(room.activity(text=large))
        chunked = await room.post(
            data=_pieces(json.dumps(room.activity(text=room_text)).encode()),
            headers={"Content-Type": "application/json"},
        )
        squeezed = await room.post(room.activity(text=large), compress="gzip")

    assert [plain.status, chunked.status, squeezed.status] == [413, 413, 413]


async def test_broken_compression() -> None:
    """A body that only says it is compressed is refused with 400."""
    async with open_room() as room:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        response = await room.post(data=b"not gzip at all", headers=headers)

    assert response.status == 400


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "text/html; charset=utf-8"]
)
async def test_content_type(kind: str) -> None:
    """Only JSON is read."""
    async with open_room() as room:
        response = await room.post(data=b"{}", headers={"Content-Type": kind})

    assert response.status == 415


HOSTILE = [
    "[klik](https://evil.example)",
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% for x in y %} ${x} %s {0}",
    '"}],"actions":[{"type":"Action.OpenUrl"}]',
    "\u202egnirts\u202c \u200b\ufeff",
    "👩🏽‍🚀🇳🇱" * 50,
    "a\0b\x1b[31m\x07\r\n\t",
    "\\u0000\\ud800",
    "x" * 200_000,
    "<at>Moi</at>" * 1000,
]


async def test_hostile_words() -> None:
    """Nothing that a person types is a server error, and every message is answered."""
    chance = random.Random(1)
    async with open_room() as room:
        for number in range(150):
            text = chance.choice(HOSTILE) + chance.choice(HOSTILE) * chance.randrange(2)
            # Teams has room for sixty messages in half a minute in one conversation.
            chat = {"id": f"a:chat-{number % 3}", "conversationType": "personal", "tenantId": TENANT}
            said = room.activity(id=f"{text[:50]}{number}", text=text[:200_000], conversation=chat)
            response = await room.post(said)

            assert response.status == 200
    assert len(room.said()) == 150


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]
