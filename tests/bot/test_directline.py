"""Direct Line: a page gets what is said in its own conversation, whole, in order, and nobody else's."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.people import Person
from bot.tokens import Claim
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, COLLEAGUE, Page, Room, open_page, open_room

HOSTILE = "[klik](https://kwaad.example) <img src=x onerror=alert(1)> {{7*7}} **vet** \u202e\x00"


def cards(activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        attachment["content"] for activity in activities for attachment in activity.get("attachments", ())
    ]


def titles(activities: list[dict[str, Any]]) -> list[str]:
    return [action["title"] for card in cards(activities) for action in card.get("actions", ())]


async def test_welcome_once(room: Room) -> None:
    """Opening a conversation gives one welcome, also when it is opened twice."""
    headers = room.bearer(BUYER, "a" * 32)
    opened = []
    for _ in range(2):
        async with room.post("/directline/conversations", headers=headers) as answer:
            opened.append((answer.status, (await answer.json())["conversationId"]))
    said = await Page(room, BUYER, "a" * 32, "").hear()

    assert opened == [(201, "a" * 32), (200, "a" * 32)]
    assert [activity["from"]["role"] for activity in said] == ["bot"]
    assert "digitale assistent" in json.dumps(cards(said), ensure_ascii=False)


async def test_a_turn(room: Room) -> None:
    """A message comes back with the page's own id for it, followed by what Moi says."""
    page = await open_page(room)
    await page.hear()
    answer = await page.say("20 laptops", channelData={"clientActivityID": "mijn-1"})
    mine, *moi = await page.hear()

    assert answer.status == 200
    assert mine["text"] == "20 laptops"
    assert mine["from"] == {"id": BUYER.id, "role": "user"}
    assert mine["channelData"] == {"clientActivityID": "mijn-1"}
    assert {activity["replyToId"] for activity in moi} == {mine["id"]}
    assert all(activity["id"] and activity["timestamp"] for activity in moi)
    assert moi[-1]["channelData"]["moi"]["remaining"].startswith("nog ")
    assert "Ja, klopt" in titles(moi)


async def test_a_message_twice(room: Room) -> None:
    """A message that is delivered twice is answered once."""
    page = await open_page(room)
    await page.hear()
    await page.say("20 laptops", channelData={"clientActivityID": "mijn-1"})
    once = await page.hear()
    again = await page.say("20 laptops", channelData={"clientActivityID": "mijn-1"})

    assert once
    assert again.status == 200
    assert await page.hear() == []


async def test_a_tap(room: Room) -> None:
    """A button works, and its label is shown as what the person said."""
    page = await open_page(room)
    await page.say("20 laptops")
    shown = cards(await page.hear())[-1]
    action = next(action for action in shown["actions"] if action["title"] == "Ja, klopt")
    await page.say("Ja, klopt", value=action["data"])
    mine, *moi = await page.hear()

    assert mine["text"] == "Ja, klopt"
    assert "value" not in mine
    assert "Eigenlijk niet nodig" in titles(moi)


async def test_stream(room: Room) -> None:
    """A connected page hears everything at once, from its watermark on."""
    page = await open_page(room)
    async with room.browser.ws_connect(page.stream) as stream:
        first = await stream.receive_json(timeout=5)
        await page.say("20 laptops")
        second = await stream.receive_json(timeout=5)
    later = page.stream.replace("watermark=0", f"watermark={first['watermark']}")
    async with room.browser.ws_connect(later) as stream:
        again = await stream.receive_json(timeout=5)

    assert [activity["from"]["role"] for activity in first["activities"]] == ["bot"]
    assert second["activities"][0]["text"] == "20 laptops"
    assert again == second


async def test_two_tabs(room: Room) -> None:
    """Two tabs of one person are two conversations about one talk; both pages of one conversation hear it."""
    one, other = await open_page(room), await open_page(room)
    async with room.browser.ws_connect(one.stream) as first, room.browser.ws_connect(one.stream) as second:
        await first.receive_json(timeout=5)
        await second.receive_json(timeout=5)
        await one.say("20 laptops")
        heard = await asyncio.gather(first.receive_json(timeout=5), second.receive_json(timeout=5))
    await other.say("ja")
    answered = await other.hear()

    assert heard[0] == heard[1]
    assert "Eigenlijk niet nodig" in titles(answered)


async def test_restart(tmp_path: Path, shelf: Shelf) -> None:
    """After a restart of the server the page goes on with its token and its watermark."""
    async with open_room(tmp_path, shelf) as room:
        page = await open_page(room)
        await page.say("20 laptops")
        await page.hear()
    async with open_room(tmp_path, shelf) as room:
        page.room = room
        path = f"/directline/conversations/{page.id}?watermark={page.watermark}"
        async with room.get(path, headers=room.bearer()) as answer:
            stream = (await answer.json())["streamUrl"]
        async with room.browser.ws_connect(stream) as connected:
            await page.say("ja")
            heard = await connected.receive_json(timeout=5)

    assert heard["activities"][0]["text"] == "ja"
    assert "Eigenlijk niet nodig" in titles(heard["activities"])


async def test_token(room: Room) -> None:
    """In development a token can be had without signing in, opens one conversation, and can be renewed."""
    async with room.post("/directline/tokens/generate") as answer:
        given = await answer.json()
    headers = {"Authorization": f"Bearer {given['token']}"}
    async with room.post("/directline/tokens/refresh", headers=headers) as answer:
        renewed = await answer.json()
    async with room.post("/directline/conversations", headers=headers) as answer:
        opened = await answer.json()

    assert given["expires_in"] > 0
    assert renewed["conversationId"] == given["conversationId"] == opened["conversationId"]


async def token_for(room: Room, user: Any) -> str:
    """The id of the person that a token is for, when this user is asked for."""
    async with room.post("/directline/tokens/generate", json={"user": user}) as answer:
        return room.tokens.read((await answer.json())["token"], "directline").person.id


async def test_token_for_a_named_user(room: Room) -> None:
    """A program can name the trial user that it speaks for; without a name it is somebody of its own each time."""
    same = {await token_for(room, {"id": "u1"}) for _ in range(2)}
    others = [await token_for(room, user) for user in ({"id": "u2"}, None, "u1", {}, {"id": 7}, {"id": ""})]

    assert len(same) == 1
    assert len({*same, *others}) == 1 + len(others)


async def test_no_token_outside_development(tmp_path: Path, shelf: Shelf) -> None:
    """Outside development nobody gets a token for the asking."""
    async with (
        open_room(tmp_path, shelf, development=False) as room,
        room.post("/directline/tokens/generate") as answer,
    ):
        assert answer.status == 403


async def refused(room: Room, page: Page, headers: dict[str, str]) -> set[int]:
    """How every address of a conversation answers to these headers."""
    path = f"/directline/conversations/{page.id}"
    statuses = set()
    for asked in (room.get(path, headers=headers), room.get(f"{path}/activities", headers=headers)):
        async with asked as answer:
            statuses.add(answer.status)
    said = {"type": "message", "text": "hoi"}
    async with room.post(f"{path}/activities", headers=headers, json=said) as answer:
        statuses.add(answer.status)
    return statuses


async def test_somebody_elses_conversation(room: Room) -> None:
    """A good token does not open a conversation of somebody else, nor one that does not exist."""
    page = await open_page(room)
    nowhere = Page(room, BUYER, "f" * 32, "")
    stream = page.stream.replace(page.id, "f" * 32)

    assert await refused(room, page, room.bearer(COLLEAGUE)) == {403}
    assert await refused(room, nowhere, room.bearer()) == {403}
    async with room.post("/directline/conversations", headers=room.bearer(COLLEAGUE, page.id)) as answer:
        assert answer.status == 403
    async with room.browser.get(stream.replace("ws://", "http://")) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic bW9p", "Bearer \u00e9"])
async def test_bad_token(room: Room, header: str) -> None:
    """Whatever is no token of Moi is refused with 401, in the shape that Direct Line clients read."""
    page = await open_page(room)

    assert await refused(room, page, {"Authorization": header}) == {401}


async def test_token_for_another_use(room: Room) -> None:
    """The cookie of a page is no token for Direct Line, and a token no ticket for a stream."""
    page = await open_page(room)
    cookie = room.cookie(BUYER)["Cookie"].removeprefix("moi=")
    token = room.bearer()["Authorization"].removeprefix("Bearer ")
    stream = f"/directline/conversations/{page.id}/stream?t={token}"

    assert await refused(room, page, {"Authorization": f"Bearer {cookie}"}) == {401}
    async with room.get(stream) as answer:
        assert answer.status == 401


async def test_expired_token(room: Room) -> None:
    """An expired token is refused with 403, at which clients ask for a new one."""
    page = await open_page(room)

    assert await refused(room, page, room.bearer(seconds=-1)) == {403}


async def test_identity_is_in_the_token(room: Room) -> None:
    """Who speaks is who the token says, whatever the message says."""
    page = await open_page(room)
    await page.hear()
    await page.say("20 laptops", **{"from": {"id": COLLEAGUE.id, "name": "Collega", "role": "bot"}})

    assert (await page.hear())[0]["from"] == {"id": BUYER.id, "role": "user"}
    assert await room.house.records.records_of(COLLEAGUE.id) == []


async def raw(page: Page, body: bytes) -> int:
    path = f"/directline/conversations/{page.id}/activities"
    async with page.room.post(path, data=body, headers=page.room.bearer()) as answer:
        assert answer.content_type == "application/json"
        await answer.json()
        return int(answer.status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"geen json",
        b"[]",
        b"null",
        b"3",
        b'"hoi"',
        b"{}",
        b'{"type": 3}',
        b'{"type": "message"}',
        b'{"type": "message", "text": " "}',
        b'{"type": "message", "text": ["hoi"]}',
        b'{"type": "message", "text": "hoi", "value": {"a": NaN}}',
        b'{"type": "message", "text": "hoi", "value": {"a": 1e999}}',
        b"[" * 60_000,
        b"\xff\xfe",
        b"9" * 5_000,
    ],
)
async def test_bad_body(room: Room, body: bytes) -> None:
    """What is no activity is refused with 400."""
    page = await open_page(room)

    assert await raw(page, body) == 400


async def test_large_body(room: Room) -> None:
    """More than 64 kB is refused with 413, just under it is read."""
    page = await open_page(room)
    frame = len(b'{"type": "message", "text": ""}')
    just = b'{"type": "message", "text": "' + b"a" * (64 * 1024 - frame) + b'"}'

    assert await raw(page, just) == 200
    assert await raw(page, just + b" ") == 413
    assert await raw(page, b"x" * 300_000) == 413


@pytest.mark.parametrize(
    "value", [None, {}, {"do": "answer"}, {"do": ["x"]}, {"do": "answer", "talk": {}}, "ja", [1]]
)
async def test_strange_taps(room: Room, value: Any) -> None:
    """A tap that means nothing is answered like any other message, never with an error of ours."""
    page = await open_page(room)
    answer = await page.say("hoi", value=value, channelData={"clientActivityID": 7})

    assert answer.status == 200


@pytest.mark.parametrize("kind", ["typing", "event", "endOfConversation", "iets-nieuws"])
async def test_other_activities(room: Room, kind: str) -> None:
    """What is no message is taken in and changes nothing."""
    page = await open_page(room)
    await page.hear()

    assert (await page.say("hoi", type=kind)).status == 200
    assert await page.hear() == []


async def test_hostile_words(room: Room) -> None:
    """Typed words come back to the letter, and nowhere as a link or as markup that a client reads."""
    page = await open_page(room)
    await page.hear()
    await page.say(f"20 laptops {HOSTILE}")
    mine, *moi = await page.hear()
    blocks = json.dumps([block for card in cards(moi) for block in find(card, "TextBlock")])

    assert mine["textFormat"] == "plain"
    assert "\u202e" not in mine["text"]
    assert "kwaad" not in blocks
    assert [action for card in cards(moi) for action in find(card, "Action.OpenUrl")] == []


def find(thing: Any, kind: str) -> list[Any]:
    """Everything of this type, at any depth of a card."""
    if isinstance(thing, list):
        return [found for item in thing for found in find(item, kind)]
    if not isinstance(thing, dict):
        return []
    inside = [found for item in thing.values() for found in find(item, kind)]
    return [thing, *inside] if thing.get("type") == kind else inside


@pytest.mark.parametrize("given", ["-1", "x", "9" * 16, "1.5", "\u0663"])
async def test_strange_watermark(room: Room, given: str) -> None:
    """A watermark that never was one is refused with 400."""
    page = await open_page(room)
    path = f"/directline/conversations/{page.id}/activities"
    async with room.get(path, params={"watermark": given}, headers=room.bearer()) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("given", ["", "undefined", "null", "-", "0"])
async def test_no_watermark_yet(room: Room, given: str) -> None:
    """A client without a watermark hears everything."""
    page = await open_page(room)
    page.watermark = given

    assert len(await page.hear()) == 1


async def test_a_strange_role_gives_no_rights(room: Room) -> None:
    """A role that Moi does not know is left out of what a token proves."""
    token = room.tokens.issue(Claim(Person("p9", "X", frozenset({"buyer", "directeur"}))), "directline", 60)

    assert room.tokens.read(token, "directline").person.roles == {"buyer"}
