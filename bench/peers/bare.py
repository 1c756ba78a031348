"""A bare aiohttp handler that reads JSON and answers JSON: what any turn over HTTP costs at least."""

import sys

from aiohttp import web


async def echo(request: web.Request) -> web.Response:
    """Nothing is worked out and nothing is kept."""
    said = await request.json()
    return web.json_response({"id": "1", "text": said["text"]})


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/", echo)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
