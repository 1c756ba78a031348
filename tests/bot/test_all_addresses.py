"""What holds for every address of Moi, whoever asks and whatever goes wrong: safe headers, and no way to elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer

from bot.care import CareOfContent
from bot.doors import SAFE_HEADERS
from bot.house import INSIDE, House
from bot.people import Person
from bot.records import Records
from bot.sessions import Session, Sessions
from bot.settings import Settings
from bot.teams import Teams
from bot.tokens import Claim, Tokens
from knowledge.shelf import Shelf
from tests.bot.teams_room import Echo
from tests.bot.web_room import SECRET

READER = Person("p3", "Inkoop", frozenset({"buyer", "inkoop", "beheer"}))
WEAK = ("'unsafe-", "*", "http:", "data: 'nonce")
ELSEWHERE = "https://kwaad.example"
NAMES = ("next", "url", "return", "terug", "redirect_uri", "state")
ALL_AT_ONCE = ("", "?" + "&".join(f"{name}={ELSEWHERE}" for name in NAMES))


class Everything:
    """A whole Moi on loopback, and every address it has."""

    def __init__(
        self, app: web.Application, server: TestServer, browser: ClientSession, sessions: Sessions
    ) -> None:
        self.app = app
        self.browser = browser
        self._root = str(server.make_url("")).rstrip("/")
        tokens, now = Tokens(SECRET), time.time()
        sealed = sessions.cookie(Session(READER, now, now))
        self.known = {
            "Cookie": f"moi={sealed}; __Host-moi={sealed}",
            "Authorization": f"Bearer {tokens.issue(Claim(READER, 'c1'), 'directline', 600)}",
        }

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every method and address, with something filled in where that is needed."""
        for route in self.app.router.routes():
            resource = route.resource
            assert resource
            path = re.sub(r"\{(\w+)[^}]*\}", lambda found: "0" * 32, resource.canonical)
            yield route.method, path

    async def ask(
        self, method: str, path: str, headers: dict[str, str], **about: object
    ) -> tuple[int, dict[str, str]]:
        """The status and the headers; a stream that stays open is left at once."""
        async with self.browser.request(
            method,
            self._root + path,
            headers=headers,
            allow_redirects=False,
            **about,  # type: ignore[arg-type]
        ) as answer:
            return answer.status, {name.title(): value for name, value in answer.headers.items()}


@pytest.fixture(params=[True, False], ids=["development", "outside"])
async def moi(
    request: pytest.FixtureRequest, tmp_path: Path, shelf: Shelf, care: CareOfContent
) -> AsyncIterator[Everything]:
    """All of Moi with Teams, in development and outside it."""
    settings = Settings(
        data_dir=tmp_path,
        secret=SECRET,
        development=request.param,
        app_id="app",
        app_password="wachtwoord-van-de-bot",
        tenant_id="tenant",
        security_contact="mailto:meld@example.nl",
    )
    records = await Records.open(settings.database_url)
    teams = Teams(settings, Echo())
    house = House(settings, shelf, records)
    house.care = care
    app = house.application(teams)
    async with TestServer(app) as server, ClientSession(cookie_jar=DummyCookieJar()) as browser:
        yield Everything(app, server, browser, Sessions(settings, records.sign_ins))
    await teams.close()
    await records.close()


def wrong_with(found: dict[str, str], *, https: bool) -> list[str]:
    """Which headers of an answer are missing or weak."""
    wrong = [name for name in SAFE_HEADERS if name not in found]
    policy = found.get("Content-Security-Policy", "")
    wrong += [weak for weak in WEAK if weak in policy]
    if "default-src 'none'" not in policy or "frame-ancestors" not in policy:
        wrong.append("policy")
    if found.get("X-Content-Type-Options") != "nosniff":
        wrong.append("sniffing")
    if "Server" in found or "X-Powered-By" in found:
        wrong.append("tells what it runs on")
    if https and int(found.get("Strict-Transport-Security", "max-age=0").partition("=")[2]) < 31_536_000:
        wrong.append("https")
    return wrong


async def test_safe_headers_everywhere(moi: Everything, request: pytest.FixtureRequest) -> None:
    """Every address gives the safe headers: to strangers, to colleagues, to a wrong method and for a page that is not there."""
    https = "outside" in request.node.name
    asked, wrong = 0, []
    everywhere = [
        *moi.addresses(),
        ("GET", "/nergens"),
        ("DELETE", "/"),
        ("TRACE", "/kanaal"),
        ("POST", "/static/x"),
    ]
    for method, path in everywhere:
        for headers in ({}, moi.known, {"Accept": "text/html"}, moi.known | {"Accept": "application/json"}):
            status, found = await moi.ask(method, path, headers)
            asked += 1
            wrong += [f"{method} {path} {status}: {name}" for name in wrong_with(found, https=https)]

    assert wrong == []
    assert asked > 70


async def test_safe_headers_on_files(moi: Everything) -> None:
    """The files of a page have the same headers, and may be kept."""
    _, page = await moi.ask("GET", "/privacy", {})
    async with moi.browser.get(moi._root + "/privacy") as answer:
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', await answer.text())
    found = [await moi.ask("GET", file, {}) for file in files]

    assert len(files) >= 3
    assert wrong_with(page, https=False) == []
    assert [(status, wrong_with(headers, https=False)) for status, headers in found] == [(200, [])] * len(
        files
    )
    assert all("immutable" in headers["Cache-Control"] for _, headers in found)


async def test_pages_are_not_kept(moi: Everything) -> None:
    """What is about people is kept by no browser and no proxy."""
    for path in ("/", "/kanaal", "/directline/conversations/c1/activities"):
        _, found = await moi.ask("GET", path, moi.known)

        assert found["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("hostile", "tails"),
    [
        ({}, ("", *(f"?{name}={ELSEWHERE}" for name in NAMES))),
        ({"Host": "127.0.0.1"}, ALL_AT_ONCE),
        ({"X-Forwarded-Host": "kwaad.example"}, ALL_AT_ONCE),
        ({"Referer": f"{ELSEWHERE}/"}, ALL_AT_ONCE),
        ({"X-Original-Url": ELSEWHERE}, ALL_AT_ONCE),
    ],
    ids=["address", "Host", "X-Forwarded-Host", "Referer", "X-Original-Url"],
)
async def test_no_way_to_elsewhere(moi: Everything, hostile: dict[str, str], tails: tuple[str, ...]) -> None:
    """No redirect leads away from Moi, whatever is in the address, a form or a header."""
    seen, wrong, statuses = 0, [], set()
    forms = {"rol": "inkoop", "next": ELSEWHERE, "url": ELSEWHERE, "terug": ELSEWHERE}
    everywhere = [
        *moi.addresses(),
        ("GET", "//kwaad.example/"),
        ("GET", "/\\kwaad.example"),
        ("GET", "/%2f%2fkwaad.example"),
    ]
    for method, path in everywhere:
        # What answers GET answers HEAD as well, so that is asked once.
        for tail in tails if method != "HEAD" else tails[:1]:
            about = {"data": forms} if method == "POST" else {}
            status, found = await moi.ask(method, path + tail, moi.known | hostile, **about)
            statuses.add(status)
            if "Location" in found or 300 <= status < 400:
                seen += 1
                if (
                    not re.fullmatch(r"/(?![/\\])[^\\]*", found.get("Location", ""))
                    or "kwaad" in found["Location"]
                ):
                    wrong.append(f"{method} {path}{tail}: {found.get('Location')}")

    assert wrong == []
    # In development whatever comes through a proxy gets no answer at all.
    assert seen >= len(tails) or statuses == {421}


@pytest.mark.parametrize(
    "sent", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": ELSEWHERE}], ids=["site", "origin"]
)
async def test_nothing_for_other_websites(moi: Everything, sent: dict[str, str]) -> None:
    """Whatever changes something refuses a page elsewhere that has the cookie of a colleague sent along."""
    changing = [(method, path) for method, path in moi.addresses() if method not in ("GET", "HEAD")]
    cookie = {"Cookie": moi.known["Cookie"]} | sent
    found = {
        path: (await moi.ask(method, path, cookie, data={"rol": "beheer"}))[0] for method, path in changing
    }

    assert len(found) >= 5
    assert {path: status for path, status in found.items() if status not in (401, 403, 421)} == {}


async def test_too_much(moi: Everything) -> None:
    """Nobody can send more than Moi wants to read; it says so, with the same headers."""
    status, found = await moi.ask("POST", "/directline/conversations", moi.known, data=b"x" * 300 * 1024)

    assert status == 413
    assert wrong_with(found, https=False) == []


async def test_security_txt(moi: Everything) -> None:
    """Whoever finds a leak can read where to tell so, until when that is right, and in which languages."""
    async with moi.browser.get(moi._root + "/.well-known/security.txt") as answer:
        lines = (await answer.text()).splitlines()
        kind = answer.headers["Content-Type"]

    assert kind == "text/plain; charset=utf-8"
    assert lines[0] == "Contact: mailto:meld@example.nl"
    assert re.fullmatch(r"Expires: 20\d\d-\d\d-\d\dT00:00:00Z", lines[1])
    assert lines[2] == "Preferred-Languages: nl, en"


async def test_inside_port(tmp_path: Path, shelf: Shelf) -> None:
    """With a port of its own, how Moi is doing cannot be asked where colleagues are, and nothing else is there."""
    settings = Settings(data_dir=tmp_path, secret=SECRET, inside_port=0)
    records = await Records.open(settings.database_url)
    app = House(settings, shelf, records).application(None)
    outside = {resource.canonical for resource in app.router.resources()}
    inside = {resource.canonical for resource in app[INSIDE].router.resources()}
    await records.close()

    assert inside == {"/healthz", "/readyz", "/metrics"}
    assert not inside & outside
