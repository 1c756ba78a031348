"""All rooms of one running Moi: opened in order, wired to each other, and closed in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.channel_place import TeamsPlace
from bot.channel_posts import PAGE, TEAMS
from bot.channel_room import ChannelRoom
from bot.conversation import Conversation
from bot.directline import add_directline
from bot.doors import LARGEST_BODY, put_up_doors
from bot.health import MeasuredTurns, Metrics, add_health
from bot.pages import add_pages
from bot.posting import Target
from bot.records import Records
from bot.settings import Settings
from bot.summaries import summaries
from bot.teams_channel import TeamsChannel
from bot.tokens import Tokens
from knowledge.mistakes import Problem
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.delivery import Delivery
    from bot.teams import Teams

REFRESH_SECONDS = 3.0
PATIENCE = 2.0  # Seconds in which the database must answer to be called ready.
FINISH_SECONDS = 10.0
HEAD_START = 2.0  # Seconds in which nothing may get in the way of a first answer.

log = structlog.stdlib.get_logger("moi")


class House:
    """What runs in one process. Use `open_house`."""

    def __init__(self, settings: Settings, shelf: Shelf, records: Records) -> None:
        self.settings = settings
        self.shelf = shelf
        self.records = records
        self.metrics = Metrics()
        conversation = Conversation(shelf, records, settings.address, settings.role_members)
        self.desk = conversation.channel
        self.turns = MeasuredTurns(conversation, self.metrics, settings.secret)
        self.delivery: Delivery | None = None
        self.problems: list[Problem] = []

    def application(self, teams: Teams | None) -> web.Application:
        """Every address of Moi, behind its doors."""
        app = web.Application(client_max_size=LARGEST_BODY)
        https = self.settings.address.startswith("https:")
        put_up_doors(app, self.metrics, https=https, only_this_machine=self.settings.development)
        add_health(app, metrics=self.metrics, condition=self)
        tokens = Tokens(self.settings.secret)
        add_directline(
            app, settings=self.settings, conversation=self.turns, records=self.records, tokens=tokens
        )
        add_pages(app, settings=self.settings, records=self.records, shelf=self.shelf, tokens=tokens)
        if teams:
            app.add_routes(teams.routes())
        return app

    async def parts(self) -> Mapping[str, bool]:
        """Which parts work now."""
        try:
            await asyncio.wait_for(self.records.post_states(), PATIENCE)
            database = True
        except Exception:
            log.exception("database")
            database = False
        return {"database": database, "bezorging": self.delivery is not None and self.delivery.ready.is_set()}

    async def posts(self) -> Mapping[str, int]:
        """How many summaries for the channel are in which state."""
        return await self.records.post_states()

    def knowledge_version(self) -> str:
        """The version of the knowledge in use."""
        return self.shelf.current.version

    def knowledge_problems(self) -> list[str]:
        """Why the last edit of the knowledge is not used, by file and line; empty when all is well."""
        return [str(problem) for problem in self.problems]

    async def deliver(self, teams: Teams | None, channel: TeamsChannel | None) -> None:
        """Start delivering. Loading it keeps the processor busy, so whoever waits for a first answer goes first."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.turns.answered.wait(), HEAD_START)
        module = await asyncio.to_thread(import_module, "bot.delivery")
        way_out = teams.connector if teams else None
        letters = module.Letters(
            self.records,
            ask=self.desk.ask,
            answer=self.desk.answer,
            way_out=way_out,
            thread=channel,
        )
        outside: Mapping[str, Target] = {TEAMS: channel} if channel else {}
        render = summaries(self.settings.address)
        self.delivery = module.Delivery(self.records, render, outside, letters=letters, way_out=way_out)
        await self.delivery.start()
        if teams:
            teams.answer_later(self.delivery.answer_later)
        log.info("delivering")

    async def open_channel(self, teams: Teams) -> TeamsChannel:
        """The procurement channel in Teams, as it is connected from inside Teams or else as the settings have it."""
        settings, setting = self.settings, None
        if settings.channel_service_url and settings.channel_conversation:
            setting = TeamsPlace(settings.channel_conversation, settings.channel_service_url)
            if await self.records.channel_place(setting) is not setting:
                log.warning("MOI_CHANNEL_CONVERSATION is overruled by what was connected in Teams")
        channel = TeamsChannel(teams.connector, partial(self.records.channel_place, setting))
        members = settings.role_members
        teams.open_room(ChannelRoom(self.shelf, self.records, channel, members=members, setting=setting))
        return channel

    async def keep_fresh(self) -> None:
        """Look every few seconds whether the knowledge was edited."""
        while True:
            # Made here, and not in the turn of whoever is first.
            await asyncio.to_thread(lambda: self.shelf.current.recogniser)
            await asyncio.sleep(REFRESH_SECONDS)
            await self.take_over_edits()

    async def take_over_edits(self) -> None:
        """Use edited knowledge from now on; when it is not right, log and count that once and keep the last good one."""
        version, problems = self.shelf.current.version, await asyncio.to_thread(self.shelf.refresh)
        known, self.problems = self.problems, problems
        if problems and problems != known:
            self.metrics.reload_failures.inc()
            log.error("knowledge", kept=version, problems=self.knowledge_problems())
        elif self.shelf.current.version != version:
            log.info("knowledge", version=self.shelf.current.version)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[web.Application]:
    """Open every room and give the application; raises `KnowledgeError` when the knowledge is not right."""
    async with AsyncExitStack() as stack:
        shelf = await asyncio.to_thread(Shelf, settings.knowledge_dir)
        targets = (PAGE, TEAMS) if settings.channel_conversation else (PAGE,)
        records = await Records.open(settings.database_url, targets)
        stack.push_async_callback(records.close)
        house = House(settings, shelf, records)
        teams: Teams | None = None
        channel: TeamsChannel | None = None
        if settings.app_id:
            # Only now, because botbuilder takes a second and some forty megabytes.
            teams = import_module("bot.teams").Teams(settings, house.turns)
            stack.push_async_callback(teams.close)
            channel = await house.open_channel(teams)
        app = house.application(teams)
        delivering = asyncio.create_task(_logged(house.deliver(teams, channel)))
        fresh = asyncio.create_task(_logged(house.keep_fresh()))
        try:
            yield app
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(house.turns.finished(), FINISH_SECONDS)
            fresh.cancel()
            await asyncio.gather(fresh, delivering, return_exceptions=True)
            if house.delivery:
                await house.delivery.close()


async def _logged(work: Coroutine[None, None, None]) -> None:
    """Do something in the background; a failure is logged, and people are answered all the same."""
    try:
        await work
    except Exception:
        log.exception("background")
