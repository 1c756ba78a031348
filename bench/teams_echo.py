"""An echo through Moi's own glue, as a program: `python -m bench.teams_echo PORT`, with the settings of app.py.

It checks every token and fetches its own, which the peers beside it need not do.
"""

import asyncio
import sys

from aiohttp import web

from bot.people import Person
from bot.settings import Settings
from bot.talk_state import Answer, Message, Place
from bot.teams import Teams
from cards.view import Text, View


class Echo:
    """Says back what was said, as a card."""

    async def turn(self, person: Person, message: Message, place: Place) -> Answer:
        """Answer without keeping anything."""
        return Answer((View((Text(message.text),), summary=message.text),))


async def main(port: int) -> None:
    """Serve until the end."""
    app = web.Application()
    app.add_routes(Teams(Settings(), Echo()).routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
