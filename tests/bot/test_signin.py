"""Choosing a role: only in development, only from our own page, and only roles that exist."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from bot.signin import CHOICES
from bot.tokens import Claim
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, Room, open_room


async def chosen(room: Room, role: str) -> str:
    """The cookie that choosing this role gives."""
    async with room.post("/aanmelden", data={"rol": role}) as answer:
        assert answer.status == 303
        return str(answer.headers["Set-Cookie"])


@pytest.mark.parametrize("role", CHOICES)
async def test_choose(room: Room, role: str) -> None:
    """Whoever chooses a role is that person on every page, and reads the channel only when the role may."""
    cookie = (await chosen(room, role)).partition(";")[0]
    person = CHOICES[role].person
    async with room.get("/", headers={"Cookie": cookie}) as answer:
        page = await answer.text()
    async with room.get("/kanaal", headers={"Cookie": cookie}) as answer:
        channel = answer.status

    assert f'data-me="{person.id}"' in page
    assert channel == (200 if person.may_read_channel() else 403)


async def test_cookie_is_kept_from_scripts_and_others(room: Room) -> None:
    """No script can read the cookie, and no other website can send it along with a form."""
    cookie = SimpleCookie(await chosen(room, "inkoop"))["moi"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


async def test_unknown_role(room: Room) -> None:
    """A role that is not in the list gives no cookie."""
    async with room.post("/aanmelden", data={"rol": "directeur"}) as answer:
        assert answer.status == 400
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://kwaad.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/aanmelden", "/afmelden"])
async def test_form_of_another_website(room: Room, path: str, headers: dict[str, str]) -> None:
    """A form on another website cannot sign anybody in or out."""
    async with room.post(path, data={"rol": "beheer"}, headers=headers) as answer:
        assert answer.status in (403, 421)
        assert "Set-Cookie" not in answer.headers


async def test_leave(room: Room) -> None:
    """Signing out takes the cookie away."""
    async with room.post("/afmelden") as answer:
        assert answer.status == 303
        assert 'moi=""' in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("cookie", ["moi=", "moi=onzin", "moi=a.b.c", "anders=1"])
async def test_without_a_good_cookie(room: Room, cookie: str) -> None:
    """In development a bad cookie is no cookie: one is the trial account."""
    async with room.get("/", headers={"Cookie": cookie}) as answer:
        assert 'data-me="ontwikkel:proef"' in await answer.text()


async def test_cookie_for_another_use(room: Room) -> None:
    """A token for Direct Line does not sign anybody in to the pages."""
    token = room.tokens.issue(Claim(BUYER), "directline", 60)
    async with room.get("/", headers={"Cookie": f"moi={token}"}) as answer:
        assert f'data-me="{BUYER.id}"' not in await answer.text()


async def test_nobody_outside_development(tmp_path: Path, shelf: Shelf) -> None:
    """Outside development there is nothing to choose, and without a cookie one is nobody."""
    async with open_room(tmp_path, shelf, development=False) as room:
        async with room.get("/aanmelden") as answer:
            choosing = answer.status
        async with room.post("/aanmelden", data={"rol": "beheer"}) as answer:
            chose = answer.status
        async with room.get("/") as answer:
            home, words = answer.status, await answer.text()
        async with room.get("/kanaal", headers={"Accept": "application/json"}) as answer:
            channel = answer.status
        async with room.get("/", headers=room.cookie(BUYER)) as answer:
            known = await answer.text()

    assert (choosing, chose, home, channel) == (401, 405, 401, 401)
    assert "MOI_OIDC_ISSUER" in words
    assert f'data-me="{BUYER.id}"' in known
    assert "Proefopstelling" not in known
