"""Signing in with a real provider in a process of its own: the whole flow, and everything that can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.tables import sign_ins
from knowledge.shelf import Shelf
from tests.bot.provider_room import TENANT, Browser, with_provider
from tests.bot.web_room import Room, open_page, open_room
from tests.fakes import provider as fake
from tests.fakes.provider import CLIENT, PASSWORD, Provider

OID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """One provider for all tests here."""
    with fake.running() as started:
        yield started


@pytest.fixture
def provider(running: Provider) -> Provider:
    """The provider, honest again, with somebody who can sign in."""
    running.tamper()
    running.user("anna", name="Anna", roles=["inkoop"])
    return running


@pytest_asyncio.fixture
async def room(tmp_path: Path, shelf: Shelf, provider: Provider) -> AsyncIterator[Room]:
    async with open_room(tmp_path, shelf, **with_provider(provider, team_claim="department")) as opened:
        yield opened


async def test_the_whole_way(room: Room) -> None:
    """Whoever opens a page signs in, comes back to that page, and is who the provider says, in their roles."""
    browser = Browser(room)
    first = await browser.open("/kanaal")
    sent_to = browser.location
    await browser.open(sent_to)
    back = await browser.at_provider(browser.location)
    returned, went_to = await browser.open(back), browser.location
    channel = await browser.open("/kanaal")

    assert (first, sent_to) == (303, "/aanmelden?terug=/kanaal")
    assert (returned, went_to, channel) == (303, "/kanaal", 200)
    assert "Anna" in browser.page
    assert list(browser.cookies) == ["moi"]


async def test_what_is_asked(room: Room, provider: Provider) -> None:
    """The provider is asked for a code only, with state, nonce and a challenge that are new each time."""
    asked = []
    for _ in range(2):
        browser = Browser(room)
        await browser.open("/aanmelden")
        asked.append(parse_qs(urlsplit(browser.location).query))
    one, other = asked

    assert browser.location.startswith(f"{provider.issuer}/oauth2/authorize?")
    assert one["response_type"] == ["code"]
    assert one["code_challenge_method"] == ["S256"]
    assert one["redirect_uri"][0].endswith("/aanmelden/terug")
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name][0]) >= 43
        assert one[name] != other[name]


async def test_cookies_say_nothing(room: Room) -> None:
    """The cookies of signing in and of the session are encrypted, and no script can read them."""
    cookies = []
    async with room.get("/aanmelden") as answer:
        cookies += answer.headers.getall("Set-Cookie")
        browser = Browser(room)
        back = await browser.at_provider(answer.headers["Location"])
    pending = cookies[0].partition(";")[0]
    async with room.get(back, headers={"Cookie": pending}) as answer:
        cookies += [said for said in answer.headers.getall("Set-Cookie") if said.startswith("moi=")]

    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert re.match(r"moi[\w-]*=gAAAA", cookie)  # What is encrypted begins like this.


@pytest.mark.parametrize(
    "how",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another-app"}},
        {"claims": {"aud": [CLIENT, "another-app"]}},
        {"claims": {"aud": None}},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"iss": None}},
        {"claims": {"exp": "-120"}},
        {"claims": {"exp": None}},
        {"claims": {"iat": "+3600"}},
        {"claims": {"nbf": "+3600"}},
        {"claims": {"sub": None}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": "x" * 300}},
        {"claims": {"tid": TENANT, "oid": "no-id"}},
        {"key": "other"},
        {"kid": "unknown"},
        {"alg": "none"},
        {"alg": "HS256", "secret": PASSWORD},
        {"alg": "RS512"},
    ],
    ids=str,
)
async def test_wrong_token(room: Room, provider: Provider, how: dict[str, Any]) -> None:
    """A token that is wrong in one respect signs nobody in, and the page says so kindly without saying why."""
    provider.tamper(**how)
    browser = Browser(room)
    status = await browser.sign_in()

    assert status == 400
    assert "Aanmelden is niet gelukt" in browser.page
    assert "moi" not in browser.cookies
    assert await browser.open("/kanaal") == 303


async def test_other_tenant(room: Room, provider: Provider) -> None:
    """Somebody of another organisation gets in nowhere, whatever roles they bring."""
    provider.user("vreemd", oid=OID, tid="another-tenant", roles=["beheer"])
    browser = Browser(room)

    assert await browser.sign_in("vreemd") == 403
    assert "hoort niet bij de gemeente" in browser.page
    assert browser.cookies == {}


async def test_wrong_state(room: Room) -> None:
    """An answer with another state is refused, although the browser is the right one."""
    browser = Browser(room)
    await browser.open("/aanmelden")
    back = await browser.at_provider(browser.location)
    state = parse_qs(urlsplit(back).query)["state"][0]
    status = await browser.open(back.replace(state, state[:-1] + ("A" if state[-1] != "A" else "B")))

    assert status == 400
    assert "moi" not in browser.cookies


async def test_another_browser(room: Room) -> None:
    """An answer that was meant for another browser signs nobody in: not without its cookie, nor with one of its own."""
    browser, other = Browser(room), Browser(room)
    await browser.open("/aanmelden")
    back = await browser.at_provider(browser.location)
    without = await other.open(back)
    await other.open("/aanmelden")
    own = dict(other.cookies)
    (mine,) = browser.cookies
    other.cookies = {mine: next(iter(own.values()))}
    borrowed = await other.open(back)

    assert (without, borrowed) == (400, 400)
    assert "moi" not in other.cookies


async def test_code_twice(room: Room) -> None:
    """A code works once, also for whoever kept the cookie that goes with it."""
    browser, thief = Browser(room), Browser(room)
    await browser.open("/aanmelden")
    thief.cookies = dict(browser.cookies)
    back = await browser.at_provider(browser.location)
    first = await browser.open(back)
    again = await browser.open(back)
    stolen = await thief.open(back)

    assert (first, again, stolen) == (303, 400, 400)
    assert "moi" not in thief.cookies


async def test_code_of_somebody_else(room: Room) -> None:
    """A code that was given for another sign-in does not fit the verifier of this one."""
    one, other = Browser(room), Browser(room)
    await one.open("/aanmelden")
    await other.open("/aanmelden")
    mine, theirs = [urlsplit(await browser.at_provider(browser.location)) for browser in (one, other)]
    code, state = parse_qs(theirs.query)["code"][0], parse_qs(mine.query)["state"][0]

    assert await one.open(f"/aanmelden/terug?code={code}&state={state}") == 400


async def test_answer_of_another_provider(room: Room) -> None:
    """An answer that names another provider is refused before anything is asked of ours."""
    browser = Browser(room)
    await browser.open("/aanmelden")
    back = await browser.at_provider(browser.location)

    assert await browser.open(f"{back}&iss=https%3A%2F%2Felsewhere.example") == 400


async def test_stopped(room: Room) -> None:
    """Whoever breaks it off at the provider reads so, with a way to begin again."""
    browser = Browser(room)
    await browser.open("/aanmelden")
    denied = await browser.at_provider(browser.location, action="deny")
    state = parse_qs(urlsplit(browser.location).query)["state"][0]
    # The mock forgets to give the state back.
    status = await browser.open(denied if "state=" in denied else f"{denied}&state={state}")

    assert status == 403
    assert 'href="/aanmelden"' in browser.page


@pytest.mark.parametrize(
    "query", ["", "?state=", "?code=x", "?state=%00&code=x", "?state=é&code=é", "?error=x"]
)
async def test_strange_answers(room: Room, query: str) -> None:
    """Whatever comes back without a beginning is answered with a kind page."""
    assert await Browser(room).open(f"/aanmelden/terug{query}") == 400


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "/%09/evil.example",
        "%20//evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/afmelden",
        "/aanmelden/terug",
        "/" + "a" * 400,
    ],
)
async def test_only_own_pages(room: Room, back: str) -> None:
    """After signing in one comes to a page of Moi, whatever address was asked for."""
    browser = Browser(room)
    status = await browser.sign_in(back=back)

    assert (status, browser.location) == (303, "/")


async def test_two_tabs(room: Room) -> None:
    """Two tabs that sign in at once both come where they wanted to be."""
    browser, ways = Browser(room), []
    for path in ("/kanaal", "/privacy"):
        await browser.open(f"/aanmelden?terug={path}")
        ways.append(await browser.at_provider(browser.location))
    went_to = []
    for way in ways:
        await browser.open(way)
        went_to.append(browser.location)

    assert went_to == ["/kanaal", "/privacy"]


async def test_leave(room: Room) -> None:
    """Signing out ends the session in every browser, the talk that is open, and goes on to the provider."""
    browser, other = Browser(room), Browser(room)
    await browser.sign_in()
    await other.sign_in()
    await other.open("/")
    token = re.search(r'data-token="([^"]+)"', other.page)
    kept = dict(browser.cookies)
    status = await browser.open("/afmelden", post=True)
    onward = re.search(r'url=(http[^"]+)"', browser.page)
    after = [await opened.open("/kanaal") for opened in (browser, other, Browser(room, kept))]
    assert token
    bearer = {"Authorization": f"Bearer {token[1]}"}
    async with room.post("/directline/conversations", headers=bearer) as answer:
        talking = answer.status

    assert (status, after, talking) == (200, [303, 303, 303], 403)
    assert onward
    assert "/oauth2/end_session" in onward[1]
    assert f"client_id={CLIENT}" in onward[1]
    assert browser.cookies == {}
    assert await browser.sign_in() == 303


async def test_left(room: Room) -> None:
    """After signing out one stays signed out until one asks for it."""
    browser = Browser(room)

    assert await browser.open("/afgemeld") == 200
    assert 'href="/aanmelden"' in browser.page


async def test_leave_twice(room: Room) -> None:
    """Signing out without being signed in says the same and does nothing."""
    browser = Browser(room)

    assert await browser.open("/afmelden", post=True) == 303
    assert browser.location == "/afgemeld"


async def test_provider_down(tmp_path: Path, shelf: Shelf, provider: Provider) -> None:
    """When the provider does not answer, the page says so and the rest of Moi works."""
    down = with_provider(provider) | {"oidc_issuer": "http://127.0.0.1:9"}
    async with open_room(tmp_path, shelf, **down) as room:
        browser = Browser(room)
        status = await browser.open("/aanmelden")
        words = browser.page
        alive = await browser.open("/privacy")

    assert (status, alive) == (503, 200)
    assert "lukt nu even niet" in words


@pytest.mark.parametrize("status", [302, 500, 503])
async def test_provider_fails(room: Room, provider: Provider, status: int) -> None:
    """When the provider fails half-way, nobody is signed in and the page asks to try again."""
    provider.tamper(status=status)
    browser = Browser(room)

    assert await browser.sign_in() == 503
    assert "moi" not in browser.cookies


async def test_issuer_of_the_document(tmp_path: Path, shelf: Shelf, provider: Provider) -> None:
    """A discovery document that speaks for somebody else is not believed."""
    other = with_provider(provider) | {"oidc_issuer": provider.issuer.replace("127.0.0.1", "localhost") + "/"}
    async with open_room(tmp_path, shelf, **other) as room:
        assert await Browser(room).open("/aanmelden") == 503


async def test_same_person_in_teams(room: Room, provider: Provider) -> None:
    """With Entra one is the same person as in Teams, so a talk that began there goes on here."""
    provider.user("beide", name="Beide", oid=OID.upper(), tid=TENANT)
    browser = Browser(room)
    await browser.sign_in("beide")
    await browser.open("/")

    assert f'data-me="aad:{OID}"' in browser.page


async def test_where_they_work(room: Room, provider: Provider) -> None:
    """What the provider says of where somebody works is kept until they have it deleted, and they can see it."""
    provider.user("anna", name="Anna", department="BOR", preferred_username="Anna@example.nl")
    browser = Browser(room)
    await browser.sign_in()
    await browser.open("/mijn-gegevens.txt")
    mine = browser.page
    last = select(sign_ins.c.person_id, sign_ins.c.team, sign_ins.c.accounts)
    [kept] = await room.house.records.read(lambda connection: connection.execute(last).all())
    await room.house.records.forget(kept.person_id)
    [gone] = await room.house.records.read(lambda connection: connection.execute(last).all())

    assert "Uit je aanmelding op het web: BOR, anna@example.nl" in mine
    assert (kept.team, kept.accounts) == ("BOR", ["anna@example.nl"])
    assert (gone.team, gone.accounts) == (None, None)


async def test_a_talk(room: Room) -> None:
    """The page of whoever signed in gets a token with which the talk is theirs; without signing in there is none."""
    browser = Browser(room)
    await browser.sign_in()
    cookie = {"Cookie": f"moi={browser.cookies['moi']}", "Sec-Fetch-Site": "same-origin"}
    async with room.post("/directline/tokens/generate", headers=cookie) as answer:
        given = room.tokens.read((await answer.json())["token"], "directline")
    async with room.post("/directline/tokens/generate") as answer:
        nobody = answer.status
    async with room.post(
        "/directline/tokens/generate", headers=cookie | {"Sec-Fetch-Site": "cross-site"}
    ) as answer:
        elsewhere = answer.status
    page = await open_page(room, given.person)

    assert given.person.name == "Anna"
    assert (nobody, elsewhere) == (403, 403)
    assert (await page.say("20 laptops")).status == 200


async def test_numbers(room: Room, provider: Provider) -> None:
    """Sign-ins are counted by result, without who it was."""
    await Browser(room).sign_in()
    provider.tamper(alg="none")
    await Browser(room).sign_in()
    page = room.house.metrics.page({}, "k1").decode()

    assert 'moi_sign_ins_total{result="done"} 1.0' in page
    assert 'moi_sign_ins_total{result="refused"} 1.0' in page
    assert "anna" not in page.lower()
