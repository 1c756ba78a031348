"""The frame for the intranet: who may show it, what it says to whom, and that its cookies open nothing else."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.people import Person
from bot.sessions import IDLE_SECONDS, Session, Sessions
from knowledge.shelf import Shelf
from tests.bot.provider_room import TENANT
from tests.bot.web_room import Room, open_room

INTRANET = "https://intranet.example.nl"
READER = Person("aad:1", "Een Collega", frozenset({"buyer", "inkoop"}))
FRAMED = ("moi-in-kader", "moi-in-dit-kader")


@pytest_asyncio.fixture
async def room(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Room]:
    outside = {
        "development": False,
        "tenant_id": TENANT,
        "oidc_issuer": "http://127.0.0.1:9",
        "frame_ancestors": f"{INTRANET} https://x.sharepoint.com",
    }
    async with open_room(tmp_path, shelf, **outside) as opened:
        yield opened


def cookie(room: Room, name: str, *, seen: float = 0) -> dict[str, str]:
    """A cookie with this name of a session that was last used so many seconds ago."""
    then = time.time() - seen
    sessions = Sessions(room.house.settings, room.house.records.sign_ins)
    return {"Cookie": f"{name}={sessions.cookie(Session(READER, then, then))}"}


async def test_who_may_frame(room: Room) -> None:
    """Only the frame can be shown by the websites that were named; every other page by Moi alone."""
    rules = {}
    for path in ("/ingesloten", "/privacy", "/ingesloten/klaar", "/nergens"):
        async with room.get(path) as answer:
            found = re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])
            rules[path] = found[1] if found else ""

    assert rules.pop("/ingesloten") == f"'self' {INTRANET} https://x.sharepoint.com"
    assert set(rules.values()) == {"'self'"}


async def test_script(room: Room) -> None:
    """Pages of others may load the script; it is kept for an hour and brings no cookie."""
    async with room.get("/insluiten.js", headers=cookie(room, "moi", seen=600)) as answer:
        text = await answer.text()
        about = answer.headers

    assert about["Content-Type"].startswith(("text/javascript", "application/javascript"))
    assert about["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert about["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in about
    assert "ingesloten" in text


@pytest.mark.parametrize("name", ["moi", *FRAMED])
async def test_signed_in(room: Room, name: str) -> None:
    """Whoever is signed in talks in the frame, by whichever cookie the browser lets through."""
    async with room.get("/ingesloten", headers=cookie(room, name)) as answer:
        text = await answer.text()
    async with room.get("/ingesloten/sessie", headers=cookie(room, name)) as answer:
        known = await answer.json()
    token = re.search(r'data-token="([^"]+)"', text)

    assert token
    assert room.tokens.read(token[1], "directline").person.id == READER.id
    assert known == {"aangemeld": True}


@pytest.mark.parametrize("name", FRAMED)
@pytest.mark.parametrize("path", ["/", "/kanaal", "/directline/tokens/generate"])
async def test_opens_nothing_else(room: Room, name: str, path: str) -> None:
    """The cookies that travel to a frame of another website are worth nothing on any other page."""
    ask = room.post if path.startswith("/directline") else room.get
    async with ask(path, headers=cookie(room, name)) as answer:
        assert answer.status in (401, 403)


@pytest.mark.parametrize("seen", [None, IDLE_SECONDS])
async def test_not_signed_in(room: Room, seen: float | None) -> None:
    """Without a session, or after it, the frame offers to sign in and gives no token; it never redirects."""
    headers = {} if seen is None else cookie(room, FRAMED[0], seen=seen)
    about = headers | {"Accept": "text/html", "Sec-Fetch-Dest": "iframe"}
    async with room.get("/ingesloten", headers=about) as answer:
        status, text = answer.status, await answer.text()
    async with room.get("/kanaal", headers=about) as answer:
        other = answer.status

    assert (status, other) == (200, 401)
    assert "Aanmelden" in text
    assert "data-token" not in text


async def test_without_a_provider(tmp_path: Path, shelf: Shelf) -> None:
    """Where signing in was not set up, the frame says so instead of offering it."""
    async with (
        open_room(tmp_path, shelf, development=False) as room,
        room.get("/ingesloten") as answer,
    ):
        text = await answer.text()

    assert "nog niet aanmelden" in text
    assert 'id="sign-in"' not in text
