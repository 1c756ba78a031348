"""Alive, ready, and in numbers; and what every request passes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from bot.doors import OF_A_PROXY, put_up_doors
from bot.health import Log, MeasuredTurns, Metrics, add_health
from bot.people import Person
from bot.talk_state import Answer, Message, Place

SECRET = "een-geheim-voor-deze-test-alleen"
BUYER = Person("web:aanvrager", "Een Aanvrager")
WEB = Place("web", "c1")


class Echo:
    """Answers everything, except what it is told to fail or repeat."""

    async def turn(self, person: Person, message: Message, place: Place, log: Log | None = None) -> Answer:
        if message.text == "stuk":
            raise RuntimeError("de database is weg")
        return Answer((), repeated=message.text == "dubbel")


@dataclass
class FakeCondition:
    """A condition that a test can change."""

    works: dict[str, bool] = field(default_factory=lambda: {"database": True, "bezorging": True})

    async def parts(self) -> Mapping[str, bool]:
        return self.works

    async def posts(self) -> Mapping[str, int]:
        return {"posted": 4, "uncertain": 1}

    def knowledge_version(self) -> str:
        return "a1b2c3"

    def knowledge_problems(self) -> list[str]:
        return ["themas.yaml:3: geen thema"]


@dataclass
class Served:
    """A small server with the doors of Moi, and what is behind it."""

    address: str
    client: ClientSession
    metrics: Metrics
    turns: MeasuredTurns
    condition: FakeCondition


@pytest.fixture
async def served(request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    """Serve on a free port, with a page that works and one that fails."""
    metrics, condition, app = Metrics(), FakeCondition(), web.Application()
    put_up_doors(app, metrics, https=getattr(request, "param", False), only_this_machine=True)
    add_health(app, metrics=metrics, condition=condition)

    async def fails(_request: web.Request) -> web.Response:
        raise RuntimeError("wachtwoord=geheim")

    app.router.add_get("/stuk/{wat}", fails)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession() as client:
        yield Served(address, client, metrics, MeasuredTurns(Echo(), metrics, SECRET), condition)
    await runner.cleanup()


async def text_of(served: Served, path: str) -> str:
    async with served.client.get(served.address + path) as answer:
        return await answer.text()


async def test_alive(served: Served) -> None:
    """As long as the process answers, it is alive, whatever else is broken."""
    served.condition.works["database"] = False

    async with served.client.get(served.address + "/healthz") as answer:
        assert answer.status == 200


async def test_ready(served: Served) -> None:
    """Moi is ready when all parts work, and says which knowledge it uses and which edit it could not use."""
    async with served.client.get(served.address + "/readyz") as answer:
        said = await answer.json()

    assert answer.status == 200
    assert said == {
        "status": "ok",
        "onderdelen": {"database": True, "bezorging": True},
        "kennis": "a1b2c3",
        "problemen": ["themas.yaml:3: geen thema"],
    }


async def test_not_ready(served: Served) -> None:
    """With one part broken Moi is not ready, and names the part."""
    served.condition.works["bezorging"] = False

    async with served.client.get(served.address + "/readyz") as answer:
        said = await answer.json()

    assert answer.status == 503
    assert said["onderdelen"] == {"database": True, "bezorging": False}


async def test_turns_are_counted(served: Served) -> None:
    """Every turn is counted by channel and result, and timed."""
    await served.turns.turn(BUYER, Message("1", "hallo"), WEB)
    await served.turns.turn(BUYER, Message("1", "dubbel"), WEB)
    with pytest.raises(RuntimeError):
        await served.turns.turn(BUYER, Message("2", "stuk"), WEB)

    page = await text_of(served, "/metrics")
    assert 'moi_turns_total{channel="web",result="answered"} 1.0' in page
    assert 'moi_turns_total{channel="web",result="repeated"} 1.0' in page
    assert 'moi_turns_total{channel="web",result="failed"} 1.0' in page
    assert 'moi_turn_seconds_count{channel="web"} 3.0' in page
    assert "moi_turns_running 0.0" in page


async def test_posts_and_knowledge(served: Served) -> None:
    """The numbers tell how many summaries are in which state, and which knowledge is in use."""
    page = await text_of(served, "/metrics")

    assert 'moi_posts{state="uncertain"} 1.0' in page
    assert 'moi_knowledge{version="a1b2c3"} 1.0' in page


async def test_finished_waits() -> None:
    """Whoever stops Moi can wait until every message that came in is answered."""
    released, metrics = asyncio.Event(), Metrics()

    class Slow:
        async def turn(
            self, person: Person, message: Message, place: Place, log: Log | None = None
        ) -> Answer:
            await released.wait()
            return Answer(())

    turns = MeasuredTurns(Slow(), metrics, SECRET)
    async with asyncio.TaskGroup() as group:
        group.create_task(turns.turn(BUYER, Message("1", "hallo"), WEB))
        group.create_task(turns.turn(BUYER, Message("2", "hallo"), WEB))
        await asyncio.sleep(0)
        waiting = group.create_task(turns.finished())
        await asyncio.sleep(0)
        assert not waiting.done()
        released.set()

    assert waiting.done()


async def test_kind_error(served: Served) -> None:
    """An error of ours gives Dutch, a number for beheer, and nothing of what went wrong."""
    async with served.client.get(served.address + "/stuk/x") as answer:
        said = await answer.text()

    assert answer.status == 500
    assert answer.headers["X-Request-Id"] in json.loads(said)["error"]["message"]
    assert "geheim" not in said
    assert "Traceback" not in said


async def test_kind_error_page(served: Served) -> None:
    """A browser gets the same error as a page."""
    async with served.client.get(served.address + "/stuk/x", headers={"Accept": "text/html"}) as answer:
        said = await answer.text()

    assert answer.content_type == "text/html"
    assert "Dat ligt aan ons" in said
    assert answer.headers["X-Request-Id"] in said


async def test_errors_are_counted(served: Served) -> None:
    """An error of ours shows in the numbers, so that somebody can be warned."""
    await text_of(served, "/stuk/x")

    assert "moi_errors_total 1.0" in await text_of(served, "/metrics")


async def test_safe_headers(served: Served) -> None:
    """Every answer, also a refusal, forbids what a page does not ask for itself."""
    async with served.client.get(served.address + "/bestaat-niet") as answer:
        headers = answer.headers

    assert answer.status == 404
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert re.fullmatch(r"[0-9a-f]{12}", headers["X-Request-Id"])
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("served", [True], indirect=True)
async def test_https_is_remembered(served: Served) -> None:
    """Where colleagues reach Moi by https, the browser is told to keep to that."""
    async with served.client.get(served.address + "/healthz") as answer:
        assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "moi.example.nl"},
        {"Host": "["},
        {"Origin": "https://moi.example.nl"},
        *({name: "x"} for name in OF_A_PROXY),
    ],
    ids=str,
)
async def test_development_is_for_this_machine(served: Served, headers: dict[str, str]) -> None:
    """In development a request by another name, or through a proxy, is refused."""
    async with served.client.get(served.address + "/healthz", headers=headers) as answer:
        assert answer.status == 421


async def test_a_proxy_that_hides(served: Served) -> None:
    """In development the old HTTP that proxies speak when nobody told them otherwise is refused as well."""
    reader, writer = await asyncio.open_connection(*served.address.removeprefix("http://").split(":"))
    writer.write(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    first = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert b" 421 " in first
