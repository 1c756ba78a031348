"""Sending to many with the stock CloudAdapter: `continue_conversation` in a loop, as in the samples of the SDK.

Without authentication, which favours it. `POST /send` with a service address and people sends, and tells how it went.
"""

import sys
import time

from aiohttp import web
from botbuilder.core import MessageFactory, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import ChannelAccount, ConversationAccount, ConversationReference


class Configuration:
    """No application id: nothing is checked and no token is fetched."""

    APP_ID = ""
    APP_PASSWORD = ""


ADAPTER = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))


async def say(turn_context: TurnContext) -> None:
    """The message."""
    await turn_context.send_activity(MessageFactory.text("Ligt er nog kleding?"))


async def send(request: web.Request) -> web.Response:
    """One after the other; whoever fails is counted, and the loop goes on."""
    asked = await request.json()
    failed = 0
    begin = time.perf_counter()
    for person in asked["people"]:
        reference = ConversationReference(
            activity_id="1",
            user=ChannelAccount(id=f"29:{person}"),
            bot=ChannelAccount(id="28:moi"),
            conversation=ConversationAccount(id=person),
            channel_id="msteams",
            service_url=asked["service_url"],
        )
        try:
            await ADAPTER.continue_conversation(reference, say, "")
        except Exception:
            failed += 1
    return web.json_response({"failed": failed, "seconds": time.perf_counter() - begin})


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/send", send)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
