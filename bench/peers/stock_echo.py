"""An echo on the stock CloudAdapter of botbuilder-integration-aiohttp, without authentication, which favours it."""

import sys

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication


class Configuration:
    """No application id: nothing is checked and no token is fetched."""

    APP_ID = ""
    APP_PASSWORD = ""


class Echo(ActivityHandler):
    """Says back what was said."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


ADAPTER = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
ECHO = Echo()


async def messages(request: web.Request) -> web.Response:
    """One activity in; the adapter sends the reply to the connector before it answers."""
    return await ADAPTER.process(request, ECHO) or web.Response(status=201)


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
