"""A Bot Connector that is 200 ms away and not always well: some calls are refused, some are cut off, some people blocked the bot.

`GET /seen` tells what it took since the last look; nobody can be sent to twice without its knowing.
"""

import asyncio
import random
import sys
import time
import zlib
from collections import Counter
from itertools import count

from aiohttp import web

AWAY = 0.2  # Seconds.
BUSY, DOWN, CUT, BLOCK = 0.02, 0.01, 0.01, 0.03
RETRY_AFTER = "1"
NUMBERS = count()
CHANCE = random.Random(20261126)
LANDED: Counter[str] = Counter()
BLOCKED_IT: set[str] = set()
CALLS: list[float] = []


async def take(request: web.Request) -> web.Response:
    """A message for one conversation."""
    CALLS.append(time.monotonic())
    await request.read()
    await asyncio.sleep(AWAY)
    person = request.match_info["conversation"]
    if zlib.crc32(person.encode()) % 1000 < BLOCK * 1000:
        BLOCKED_IT.add(person)
        return web.json_response({"error": {"code": "MessageWritesBlocked"}}, status=403)
    luck = CHANCE.random()
    if luck < BUSY:
        return web.json_response({}, status=429, headers={"Retry-After": RETRY_AFTER})
    if luck < BUSY + DOWN:
        return web.json_response({}, status=502)
    cut = luck < BUSY + DOWN + CUT
    if not cut or CHANCE.random() < 0.5:
        LANDED[person] += 1
    if cut and request.transport:
        request.transport.abort()
    return web.json_response({"id": str(next(NUMBERS))}, status=201)


async def seen(_request: web.Request) -> web.Response:
    """What it took since the last look, per conversation, how many blocked the bot, and the most calls in any second."""
    first = most = 0
    for last, moment in enumerate(CALLS):
        while moment - CALLS[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    found = {"landed": dict(LANDED), "blocked": len(BLOCKED_IT), "calls": len(CALLS), "most": most}
    LANDED.clear()
    BLOCKED_IT.clear()
    CALLS.clear()
    return web.json_response(found)


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", take)
    app.router.add_post("/v3/conversations/{conversation}/activities/{activity}", take)
    app.router.add_get("/seen", seen)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
