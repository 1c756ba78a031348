"""Looking for inspiration from the compose box of Teams: the real knowledge, over real HTTP with real tokens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from jsonschema import Draft6Validator

from bot.compose import ComposeBox
from bot.teams import Teams
from cards.adaptive import LARGEST
from knowledge.shelf import Shelf
from tests.bot.teams_room import Room, open_room
from tests.cards.test_adaptive import schema  # noqa: F401  (a fixture)
from tests.fakes.identity import TENANT

HOME = "https://moi.example.nl"
THEMES, CATEGORIES = 6, 10
MOST_TOGETHER = 256 * 1024  # bytes of one answer


@pytest_asyncio.fixture
async def room(shelf: Shelf) -> AsyncIterator[Room]:
    async def furnish(teams: Teams) -> None:
        teams.open_search(ComposeBox(shelf, HOME))

    async with open_room(furnish=furnish) as opened:
        yield opened


def query(room: Room, words: Any = None, **window: Any) -> dict[str, Any]:
    """A search as Teams sends it; without words it was only opened."""
    field = {"name": "initialRun", "value": "true"} if words is None else {"name": "zoek", "value": words}
    value = {
        "commandId": "inspiratie",
        "parameters": [field],
        "queryOptions": {"skip": 0, "count": 25} | window,
    }
    where = {"id": "19:anywhere@thread.v2", "conversationType": "groupChat"}
    return room.activity(
        type="invoke", name="composeExtension/query", text=None, value=value, conversation=where
    )


async def ask(room: Room, words: Any = None, **window: Any) -> dict[str, Any]:
    answer = await room.post(query(room, words, **window))
    assert answer.status == 200
    found: dict[str, Any] = (await answer.json())["composeExtension"]
    return found


def _plain(card: dict[str, Any]) -> dict[str, Any]:
    """Without what only Teams knows."""
    return {name: kept for name, kept in card.items() if name != "msteams"}


def titles(found: dict[str, Any]) -> list[str]:
    return [one["preview"]["content"]["title"] for one in found["attachments"]]


async def test_found(room: Room) -> None:
    """A search gives packages as a list, best first, each with a line for the list."""
    found = await ask(room, "klimaat bij bedrijfskleding")
    line = found["attachments"][0]["preview"]

    assert (found["type"], found["attachmentLayout"]) == ("result", "list")
    assert titles(found)[0] == "Bedrijfskleding · Klimaat"
    assert line["contentType"] == "application/vnd.microsoft.card.thumbnail"
    assert line["content"]["text"].startswith("Productgroep · ")


async def test_every_card(room: Room, schema: Draft6Validator) -> None:  # noqa: F811
    """Every package there is can be put in a conversation: a card that is not too large, with only links of Moi."""
    every, skip = [], 0
    while part := (await ask(room, skip=skip))["attachments"]:
        assert len(part) <= 25
        assert len(json.dumps(part)) < MOST_TOGETHER

        every += [one["content"] for one in part]
        skip += 25
    kinds = every[:THEMES], every[THEMES : THEMES + CATEGORIES], every[THEMES + CATEGORIES :]
    largest = [_plain(max(cards, key=lambda card: len(json.dumps(card)))) for cards in kinds]
    actions = [action for card in every for action in card["actions"]]

    assert len(every) > 90
    # Checking all of them takes half a minute; the largest theme, category and product group have all there is on them.
    assert [error.message for card in largest for error in schema.iter_errors(card)] == []
    assert max(len(json.dumps(card)) for card in every) < LARGEST
    assert {action["type"] for action in actions} == {"Action.OpenUrl"}
    assert all(action["url"].startswith(f"{HOME}/") for action in actions)


async def test_just_opened(room: Room) -> None:
    """Before anything is typed the themes are there, then the categories."""
    found = await ask(room)

    assert titles(found)[:1] == ["Milieu en biodiversiteit"]
    assert len(found["attachments"]) == 25


async def test_further(room: Room) -> None:
    """Whoever scrolls gets what comes after, until there is no more."""
    first = titles(await ask(room, "klimaat", count=10))
    rest = titles(await ask(room, "klimaat", skip=10, count=1000))

    assert len(first) == 10
    assert len(rest) == 25
    assert not set(first) & set(rest)
    assert titles(await ask(room, "klimaat", skip=1000)) == []


async def test_nothing(room: Room) -> None:
    """Where nothing fits, a sentence says what to type."""
    found = await ask(room, "qwertyuiop")

    assert found["type"] == "message"
    assert "bijvoorbeeld: bureaustoelen" in found["text"]


async def test_about_nobody(room: Room) -> None:
    """A search is not a message: the talk does not hear of it and nothing is sent."""
    await ask(room, "bureaustoelen")

    assert room.heard == []
    assert room.channel.calls == []


async def paste(room: Room, url: Any) -> tuple[int, list[str]]:
    """Paste a link in a conversation: the status, and the titles of what becomes of it."""
    asked = room.activity(type="invoke", name="composeExtension/queryLink", text=None, value={"url": url})
    answer = await room.post(asked)
    return answer.status, titles((await answer.json())["composeExtension"]) if answer.status == 200 else []


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/inspiratie/bedrijfskleding", "Bedrijfskleding"),
        ("/inspiratie/bedrijfskleding?thema=klimaat", "Bedrijfskleding · Klimaat"),
        ("/inspiratie/klimaat?thema=klimaat", "Klimaat"),
    ],
)
async def test_link(room: Room, path: str, title: str) -> None:
    """A link to the page of a package becomes its card."""
    assert await paste(room, HOME + path) == (200, [title])


@pytest.mark.parametrize(
    "url",
    [
        f"{HOME}/inspiratie",
        f"{HOME}/aanvraag/{'0' * 32}",
        f"{HOME}/inspiratie/%00?thema=x",
        f"{HOME}/inspiratie///[",
        f"{HOME}.kwaad.example/inspiratie/klimaat",
        "https://kwaad.example/inspiratie/klimaat",
        "https://[/inspiratie/klimaat",
        "",
    ],
)
async def test_other_links(room: Room, url: str) -> None:
    """Of any other page, and above all of a record, nothing is shown."""
    assert await paste(room, url) == (200, [])


@pytest.mark.parametrize("url", [None, 7, "x" * 5000])
async def test_not_a_link(room: Room, url: Any) -> None:
    """What is no link is refused."""
    assert (await paste(room, url))[0] == 400


@pytest.mark.parametrize("words", ["", " \0 ", "x" * 5000, 7, None, ["klimaat"], {"a": 1}, "<script>{{7*7}}"])
async def test_strange_words(room: Room, words: Any) -> None:
    """Whatever stands in the field, there is an answer."""
    assert (await ask(room, words))["type"] in ("result", "message")


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        {},
        {"commandId": "iets"},
        {"commandId": "inspiratie", "parameters": "klimaat"},
        {"commandId": "inspiratie", "queryOptions": {"skip": -1}},
        {"commandId": "inspiratie", "queryOptions": {"count": "alles"}},
    ],
)
async def test_not_a_search(room: Room, value: Any) -> None:
    """What is no search of ours is refused."""
    answer = await room.post(room.activity(type="invoke", name="composeExtension/query", value=value))

    assert answer.status == 400


async def test_who_may(room: Room) -> None:
    """Somebody of another organisation, or without a good token, finds nothing."""
    asked = query(room, "klimaat")
    stranger = asked | {"channelData": {"tenant": {"id": f"not-{TENANT}"}}}
    answers = [
        await room.post(stranger),
        await room.post(asked, token=""),
        await room.post(asked, token="x.y.z"),
    ]

    assert [answer.status for answer in answers] == [403, 401, 401]
