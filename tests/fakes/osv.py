"""A service that knows leaks in packages, as OSV answers, on loopback."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

LEAK = "GHSA-test-0000-0000"


class FakeOsv:
    """Knows one leak in each package that is named to it; `broken` makes it fail."""

    def __init__(self, *leaky: str) -> None:
        self.leaky = leaky
        self.asked: list[dict[str, Any]] = []
        self.broken = False
        app = web.Application()
        app.router.add_post("/v1/querybatch", self._batch)
        app.router.add_get("/v1/vulns/{id}", self._one)
        self._server = TestServer(app)

    async def __aenter__(self) -> FakeOsv:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_about: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self._server.make_url("/"))

    async def _batch(self, request: web.Request) -> web.Response:
        if self.broken:
            return web.Response(status=500)
        queries = (await request.json())["queries"]
        self.asked += queries
        known = {"vulns": [{"id": LEAK, "modified": "2026-01-01T00:00:00Z"}]}
        results = [known if query["package"]["name"] in self.leaky else {} for query in queries]
        return web.json_response({"results": results})

    async def _one(self, request: web.Request) -> web.Response:
        about = {"id": request.match_info["id"], "modified": "2026-01-01T00:00:00Z", "summary": "A leak."}
        return web.json_response(about)
