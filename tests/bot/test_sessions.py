"""A session ends by itself, by signing out, and never lives longer because a page is left open."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import web

from bot.people import Person
from bot.records import Records
from bot.sealed import Seal
from bot.sessions import IDLE_SECONDS, LONGEST_SECONDS, RENEW_AFTER, Session, Sessions
from bot.settings import Settings
from bot.sign_ins import ROLES_COUNT, SignIns
from bot.tokens import Claim, TokenExpired, Tokens
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, SECRET, Room, open_room

MVOI = Person("aad:1", "Een Collega", frozenset({"buyer", "mvoi"}))


def cookie(room: Room, person: Person = BUYER, *, began: float = 0, seen: float = 0) -> dict[str, str]:
    """The cookie of a session that began, and was last used, so many seconds ago."""
    now = time.time()
    sessions = Sessions(room.house.settings, room.house.records.sign_ins)
    return {"Cookie": f"moi={sessions.cookie(Session(person, now - began, now - seen))}"}


@pytest.mark.parametrize(
    ("began", "seen", "status"),
    [
        (0, 0, 200),
        (LONGEST_SECONDS - 60, 0, 200),
        (LONGEST_SECONDS, 0, 401),
        (IDLE_SECONDS, IDLE_SECONDS - 60, 200),
        (IDLE_SECONDS, IDLE_SECONDS, 401),
    ],
)
async def test_ends(tmp_path: Path, shelf: Shelf, began: float, seen: float, status: int) -> None:
    """A session ends after twelve hours, and after two hours without use."""
    async with (
        open_room(tmp_path, shelf, development=False) as room,
        room.get("/", headers=cookie(room, began=began, seen=seen)) as answer,
    ):
        assert answer.status == status


@pytest.mark.parametrize(
    ("path", "seen", "renewed"),
    [
        ("/", 0, False),
        ("/", RENEW_AFTER + 5, True),
        ("/nergens", RENEW_AFTER + 5, True),
        ("/static/0/x.js", RENEW_AFTER + 5, False),
        ("/directline/conversations/x", RENEW_AFTER + 5, False),
    ],
)
async def test_use_keeps_it_alive(room: Room, path: str, seen: float, renewed: bool) -> None:
    """Using Moi renews the cookie every few minutes; what an open page asks by itself does not."""
    async with room.get(path, headers=cookie(room, began=seen, seen=seen)) as answer:
        given = [SimpleCookie(said) for said in answer.headers.getall("Set-Cookie", [])]

    assert any("moi" in found for found in given) == renewed


async def test_renewing_is_no_beginning(room: Room) -> None:
    """However often a cookie is renewed, twelve hours after signing in it is over."""
    left = 600
    began = LONGEST_SECONDS - left
    async with room.get("/", headers=cookie(room, began=began, seen=RENEW_AFTER + 5)) as answer:
        given = SimpleCookie(answer.headers["Set-Cookie"])["moi"]

    assert int(given["max-age"]) <= left


async def test_token_ends_with_the_session() -> None:
    """A token for the talk does not outlive the session that it comes from, however often it is renewed."""
    tokens, now = Tokens(SECRET), time.time()
    over = Claim(BUYER, "c1", now - LONGEST_SECONDS)
    nearly = tokens.read(
        tokens.issue(replace(over, began=over.began + 60), "directline", 8 * 3600), "directline"
    )

    assert nearly.began == over.began + 60
    with pytest.raises(TokenExpired):
        tokens.read(tokens.issue(over, "directline", 8 * 3600), "directline")


async def test_signing_out_is_kept(database_url: str) -> None:
    """After signing out, earlier sessions count nowhere, also after a restart; a later one does."""
    records = await Records.open(database_url)
    await records.sign_ins.keep(MVOI)
    began = time.time()
    before = await records.sign_ins.holds(MVOI.id, began)
    await records.sign_ins.end(MVOI.id, began + 1)
    after = await records.sign_ins.holds(MVOI.id, began)
    await records.close()
    records = await Records.open(database_url)
    restarted = await records.sign_ins.holds(MVOI.id, began)
    await records.sign_ins.keep(MVOI)
    later = await records.sign_ins.holds(MVOI.id, began + 2)
    await records.close()

    assert (before, after, restarted, later) == (True, False, False, True)


async def test_noticed_elsewhere(records: Records) -> None:
    """Another instance notices a sign-out within half a minute."""
    now = [0.0]
    elsewhere = SignIns(records.database, clock=lambda: now[0])
    await records.sign_ins.keep(MVOI)
    began = time.time()
    await elsewhere.holds(MVOI.id, began)
    await records.sign_ins.end(MVOI.id, began + 1)
    at_once = await elsewhere.holds(MVOI.id, began)
    now[0] = 30

    assert at_once
    assert not await elsewhere.holds(MVOI.id, began)


async def test_roles_in_teams(records: Records) -> None:
    """In Teams one has the roles of the last sign-in on the web, for thirty days."""
    await records.sign_ins.keep(MVOI)
    in_teams = Person(MVOI.id, "Een Collega")
    late = SignIns(records.database, now=lambda: datetime.now(UTC) + ROLES_COUNT)

    assert (await records.sign_ins.with_roles(in_teams)).roles == {"buyer", "mvoi"}
    assert (await late.with_roles(in_teams)).roles == {"buyer"}
    assert (await records.sign_ins.with_roles(BUYER)).roles == BUYER.roles


async def test_roles_that_were_taken_away(records: Records) -> None:
    """A sign-in in fewer roles takes the others away, in Teams as well."""
    await records.sign_ins.keep(MVOI)
    await records.sign_ins.keep(replace(MVOI, roles=frozenset({"buyer"})))

    assert (await records.sign_ins.with_roles(Person(MVOI.id, ""))).roles == {"buyer"}


@pytest.mark.parametrize(
    "text",
    ["", "x", "gAAAA", "é", Seal("b" * 40, "session").close({"id": "p1"}), Seal(SECRET, "other").close({})],
    ids=["nothing", "a letter", "a start", "no ascii", "another secret", "another purpose"],
)
def test_only_our_own(text: str) -> None:
    """Whatever was not sealed with this secret and for this purpose does not open."""
    assert Seal(SECRET, "session").open(text, 60) is None


def test_sealed_for_a_time() -> None:
    """What is sealed opens to the letter, and not for ever."""
    seal = Seal(SECRET, "session")
    text = seal.close({"id": "p1", "name": "Één Collega"})

    assert seal.open(text, 60) == {"id": "p1", "name": "Één Collega"}
    assert seal.open(text, -1) is None
    assert "Collega" not in text


async def test_over_https(tmp_path: Path, records: Records) -> None:
    """Over https the cookies are secure, and named so that no other host of the municipality can set them."""
    public = {"public_url": "https://moi.example.nl", "frame_ancestors": "https://intranet.example.nl"}
    settings = Settings(data_dir=tmp_path, secret=SECRET, development=False, **public)  # type: ignore[arg-type]
    response = web.Response()
    Sessions(settings, records.sign_ins).begin(response, BUYER)
    own, framed = response.cookies["__Host-moi"], response.cookies["__Host-moi-in-kader"]
    apart = response.headers["Set-Cookie"]

    assert (own["secure"], own["samesite"], own["path"]) == (True, "Lax", "/")
    assert (framed["secure"], framed["samesite"]) == (True, "None")
    assert apart.startswith("__Host-moi-in-dit-kader=")
    assert apart.endswith("Secure; SameSite=None; Partitioned")
