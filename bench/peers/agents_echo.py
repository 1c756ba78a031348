"""An echo on the Microsoft 365 Agents SDK, without authentication, which favours it."""

import logging
import sys

from aiohttp import web
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ActivityHandler, RestChannelServiceClientFactory, TurnContext


class Echo(ActivityHandler):
    """Says back what was said."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


ADAPTER = CloudAdapter(channel_service_client_factory=RestChannelServiceClientFactory(None))
ECHO = Echo()


async def messages(request: web.Request) -> web.Response:
    """One activity in; the adapter sends the reply to the connector before it answers."""
    return await ADAPTER.process(request, ECHO) or web.Response(status=201)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # It warns every turn that there is no application id, which costs time.
    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
