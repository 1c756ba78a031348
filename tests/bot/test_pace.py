"""Whoever goes too fast waits a moment: a person, or an address of which nothing is known; nobody else notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, make_mocked_request

from bot.health import Metrics
from bot.pace import MOST_REMEMBERED, PACE, Pace, address_of
from bot.settings import Settings
from bot.teams import Teams
from knowledge.shelf import Shelf
from tests.bot.teams_room import Echo
from tests.bot.teams_room import Room as TeamsRoom
from tests.bot.web_room import BUYER, COLLEAGUE, Room, open_page, open_room
from tests.fakes.connector import FakeConnector
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity

HTML = {"Accept": "text/html"}


@pytest.fixture
async def slow(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Room]:
    """A Moi outside development where a person may do four requests a minute, and an address three."""
    limits = {"person_limit": 4, "address_limit": 3, "trusted_proxies": 1}
    async with open_room(tmp_path, shelf, development=False, **limits) as room:
        yield room


async def statuses(room: Room, times: int, path: str = "/privacy", **headers: str) -> list[int]:
    found = []
    for _ in range(times):
        async with room.get(path, headers=headers) as answer:
            found.append(answer.status)
    return found


async def test_a_person_goes_too_fast(slow: Room) -> None:
    """After so many requests a person waits, whatever the address; somebody else at that address does not."""
    mine, others = slow.cookie(BUYER), slow.cookie(COLLEAGUE)
    first = await statuses(slow, 5, **mine)
    elsewhere = await statuses(slow, 1, **mine, **{"X-Forwarded-For": "198.51.100.7"})

    counted = slow.house.metrics.page({}, "a1").decode()

    assert first == [200, 200, 200, 200, 429]
    assert elsewhere == [429]
    assert 'moi_too_fast_total{of="person"} 2.0' in counted
    assert await statuses(slow, 1, **others) == [200]


async def test_all_that_proves_a_person_counts_together(slow: Room) -> None:
    """The pages, Direct Line and its streams count as one person."""
    page = await open_page(slow, BUYER)
    assert (await page.say("hallo")).status == 200
    assert await statuses(slow, 2, **slow.cookie(BUYER)) == [200, 200]
    answer = await page.say("20 laptops")
    said = await answer.json()
    path = page.stream.partition("/directline")
    async with slow.get("".join(path[1:])) as stream:
        assert stream.status == 429

    assert answer.status == 429
    assert said["error"]["code"] == "TooManyRequests"
    assert "Wacht" in said["error"]["message"]


async def test_an_address_goes_too_fast(slow: Room) -> None:
    """Whoever proves nothing is counted by address, and a bad proof is none."""
    one = {"X-Forwarded-For": "203.0.113.5"}
    bad = {"Cookie": "moi=onzin", "Authorization": "Bearer onzin"}

    assert await statuses(slow, 2, **one) == [200, 200]
    assert await statuses(slow, 2, **one, **bad) == [200, 429]
    assert await statuses(slow, 1, **{"X-Forwarded-For": "203.0.113.6"}) == [200]


async def test_the_refusal_is_kind(slow: Room) -> None:
    """The refusal is a page in Dutch or JSON, and says how long to wait in words and in a header."""
    await statuses(slow, 3)
    async with slow.get("/privacy", headers=HTML) as answer:
        page, wait = await answer.text(), int(answer.headers["Retry-After"])
    async with slow.get("/privacy", headers={"Accept": "application/json"}) as answer:
        said, again = await answer.json(), int(answer.headers["Retry-After"])

    assert "Even rustig aan" in page
    assert f"Wacht {wait} seconden" in page
    assert 1 <= wait <= 60
    assert f"Wacht {again} seconden" in said["error"]["message"]


async def test_probes_and_files_are_free(slow: Room) -> None:
    """A probe and the files of a page are never refused."""
    assert set(await statuses(slow, 9, "/healthz")) == {200}
    assert set(await statuses(slow, 9, "/static/0000000000000000/moi.svg")) == {404}


async def test_no_limits_in_development(room: Room) -> None:
    """A developer, whose scripts talk fast, has no limits."""
    assert (room.house.settings.person_limit, room.house.settings.address_limit) == (0, 0)
    assert set(await statuses(room, 30)) == {200}


async def test_teams_counts_people(tmp_path: Path, shelf: Shelf) -> None:
    """All messages from Teams come from the same addresses: only the colleague who goes too fast waits."""
    async with FakeConnector() as channel, FakeIdentity() as identity:
        settings = Settings(
            app_id=APP_ID,
            app_password=PASSWORD,
            tenant_id=TENANT,
            authority=identity.authority,
            metadata_url=identity.metadata_url,
            person_limit=2,
            address_limit=2,
        )
        async with open_room(tmp_path, shelf, development=False, person_limit=2, address_limit=2) as room:
            teams = Teams(settings, Echo())
            app = room.house.application(teams)
            async with TestServer(app) as server, ClientSession() as session:
                address = str(server.make_url("")).rstrip("/")
                hand = TeamsRoom(channel, identity, [], session, address)
                quick = [(await hand.post()).status for _ in range(3)]
                other = {"id": "29:other", "name": "Een ander", "aadObjectId": "person-2"}
                calm = (await hand.post(hand.activity(**{"from": other}))).status
                strangers = [(await hand.post(token="onzin")).status for _ in range(4)]
                still = (await hand.post(hand.activity(**{"from": other}))).status
            await teams.close()

    assert quick == [200, 200, 429]
    assert (calm, still) == (200, 200)
    assert strangers == [401, 401, 429, 429]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ([], 0, "192.0.2.1"),
        ([], 1, "192.0.2.1"),
        (["198.51.100.7"], 0, "192.0.2.1"),
        (["198.51.100.7"], 1, "198.51.100.7"),
        (["6.6.6.6, 198.51.100.7"], 1, "198.51.100.7"),
        (["6.6.6.6", "198.51.100.7, 10.0.0.1"], 2, "198.51.100.7"),
        (["198.51.100.7"], 2, "192.0.2.1"),
        (["198.51.100.7:50123"], 1, "198.51.100.7"),
        (["[2001:db8:1:2:3::4]:50123"], 1, "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::9"], 1, "2001:db8:1:2::/64"),
        (["::ffff:198.51.100.7"], 1, "198.51.100.7"),
        (["onzin"], 1, "192.0.2.1"),
        (["["], 1, "192.0.2.1"),
    ],
)
def test_address(forwarded: list[str], proxies: int, found: str) -> None:
    """What a stranger writes in a header is not believed; what so many of our own proxies wrote is."""
    request = make_mocked_request("GET", "/").clone(remote="192.0.2.1")
    headers = request.headers.copy()
    for line in forwarded:
        headers.add("X-Forwarded-For", line)

    assert address_of(request.clone(headers=headers, remote="192.0.2.1"), proxies) == found


def test_nobody_fills_the_memory() -> None:
    """However many come by, no more than a set number is remembered, and whoever was quiet longest is forgotten."""
    pace = Pace(Metrics(), person_limit=1, address_limit=0, proxies=0)
    for number in range(MOST_REMEMBERED + 1):
        pace.person(f"p{number}")
    with pytest.raises(web.HTTPTooManyRequests):
        pace.person("p1")

    pace.person("p0")


def test_pace_belongs_to_the_application() -> None:
    """An application that was put together without a pace has none."""
    assert PACE not in web.Application()
