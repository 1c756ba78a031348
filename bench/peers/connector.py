"""A Bot Connector that takes every message at once: the same far side for every bot that is measured."""

import sys
from itertools import count

from aiohttp import web

NUMBERS = count()


async def take(request: web.Request) -> web.Response:
    """Read the activity and give it an id."""
    await request.read()
    return web.json_response({"id": str(next(NUMBERS))}, status=201)


if __name__ == "__main__":
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
