"""All rooms of one running Moi: opened in order, wired to each other, and closed in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.campaign_news import CampaignNews
from bot.campaign_page import Campaigns
from bot.campaign_rules import CampaignRules
from bot.care import CareOfContent, MonthlyReport
from bot.channel_place import TeamsPlace
from bot.channel_posts import PAGE, TEAMS
from bot.channel_room import ChannelRoom
from bot.compose import ComposeBox
from bot.conversation import Conversation
from bot.digest import WeeklyDigest
from bot.directline import add_directline
from bot.doors import LARGEST_BODY, put_up_doors
from bot.feedback import Feedback
from bot.health import MeasuredTurns, Metrics, add_health
from bot.own_chat import OwnChat
from bot.pace import add_pace
from bot.pages import add_pages
from bot.people import Person
from bot.posting import Target
from bot.records import Records
from bot.rehearsal import rehearse
from bot.retention import Retention
from bot.security_txt import add_security_txt
from bot.settings import Settings
from bot.summaries import summaries
from bot.teams_channel import TeamsChannel
from bot.tokens import Tokens
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.delivery import Delivery
    from bot.teams import Teams

INSIDE = web.AppKey("inside", web.Application)
"""What only those who run Moi may reach, when it has a port of its own."""
PATIENCE = 2.0  # Seconds in which the database must answer to be called ready.
FINISH_SECONDS = 10.0
HEAD_START = 0.5  # Seconds in which nothing may get in the way of a first answer.

log = structlog.stdlib.get_logger("moi")


class House:
    """What runs in one process. Use `open_house`."""

    def __init__(
        self, settings: Settings, shelf: Shelf, records: Records, settled: Callable[[], None] | None = None
    ) -> None:
        self.settings = settings
        self._settled = settled or (lambda: None)
        self.shelf = shelf
        self.records = records
        records.sign_ins.members = settings.role_members
        self.care = CareOfContent(shelf, settings.knowledge_dir)
        self.metrics = Metrics()
        conversation = Conversation(shelf, records, settings.address)
        self.desk = conversation.channel
        self.depot = conversation.depot
        self.meetings = conversation.meetings
        self.follow_up = conversation.follow_up
        self.campaigns = conversation.campaigns
        self.nudges = conversation.nudges
        self.rules = CampaignRules(
            settings.campaign_rate,
            settings.campaigns_a_week,
            settings.campaign_first_hour,
            settings.campaign_last_hour,
            settings.campaign_days,
            settings.role_members,
        )
        self.turns = MeasuredTurns(conversation, self.metrics, settings.secret)
        self.delivery: Delivery | None = None

    def application(self, teams: Teams | None) -> web.Application:
        """Every address of Moi, behind its doors."""
        app = web.Application(client_max_size=LARGEST_BODY)
        self._put_up_doors(app)
        if self.settings.inside_port is None:
            add_health(app, metrics=self.metrics, condition=self)
        else:
            app[INSIDE] = web.Application(client_max_size=LARGEST_BODY)
            self._put_up_doors(app[INSIDE])
            add_health(app[INSIDE], metrics=self.metrics, condition=self)
        tokens = Tokens(self.settings.secret)
        add_directline(
            app, settings=self.settings, conversation=self.turns, records=self.records, tokens=tokens
        )
        add_pages(
            app,
            settings=self.settings,
            records=self.records,
            shelf=self.shelf,
            care=self.care,
            tokens=tokens,
            resend=self.resend,
            depot=self.depot,
            metrics=self.metrics,
            campaigns=Campaigns(
                self.campaigns,
                self.rules,
                OwnChat(self.records, teams.connector if teams else None),
                self.send_campaign,
            ),
        )
        add_security_txt(app, self.settings)
        add_pace(app, self.settings, tokens, self.metrics)
        if teams:
            app.add_routes(teams.routes())
        return app

    def _put_up_doors(self, app: web.Application) -> None:
        home = self.settings.development
        put_up_doors(app, self.metrics, https=self.settings.https, only_this_machine=home)

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
        """Why the last edit of the knowledge is not used, or what is wrong with what is, by file and line; empty when all is well."""
        return [str(problem) for problem in self.shelf.problems]

    async def resend(self, record: str, person: Person) -> None:
        """Send a summary again; raises 503 in the first seconds, when nothing is delivered yet."""
        if self.delivery is None:
            raise web.HTTPServiceUnavailable(
                text="Moi is net gestart. Probeer het over een paar tellen nog eens."
            )
        await self.delivery.resend(record, person)

    def send_campaign(self, campaign: str) -> None:
        """Have a campaign sent or taken back; in the first seconds the sweep does that."""
        if self.delivery:
            self.delivery.send_campaign(campaign)

    async def deliver(self, teams: Teams | None, channel: TeamsChannel | None) -> None:
        """Start delivering. Loading it keeps the processor busy, so whoever waits for a first answer goes first."""
        # Made here, and not in the turn of whoever is first.
        await asyncio.to_thread(lambda: self.shelf.current.recogniser)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.turns.answered.wait(), HEAD_START)
        module = await asyncio.to_thread(import_module, "bot.delivery")
        weekly = WeeklyDigest(self.records, self.shelf)
        monthly = MonthlyReport(self.records, self.care, self.shelf)

        async def say_by_itself() -> None:
            await weekly.post()
            await monthly.post()

        async def ask() -> None:
            await self.follow_up.ask()
            await self.nudges.ask()

        retention = Retention(
            self.records, self.settings, self.metrics.forgotten, now=lambda: datetime.now(UTC)
        )
        way_out = teams.connector if teams else None
        letters = module.Letters(
            self.records,
            ask=self.desk.ask,
            answer=self.desk.answer,
            way_out=way_out,
            thread=channel,
        )
        outside: Mapping[str, Target] = {TEAMS: channel} if channel else {}
        self.delivery = module.Delivery(
            self.records,
            summaries(self.settings.address),
            outside,
            report=say_by_itself,
            tidy=retention.batch,
            letters=letters,
            depot=module.DepotLetters(self.records, say=self.depot.told, way_out=way_out),
            meetings=module.MeetingLetters(self.records, self.meetings, way_out),
            follow_up=self.follow_up.letters(way_out),
            nudges=self.nudges.letters(way_out),
            ask=ask,
            way_out=way_out,
            campaigns=module.CampaignDelivery(
                self.records, self.rules, show=self.campaigns.show, way_out=way_out
            ),
            news=CampaignNews(self.records, self.shelf).post,
        )
        await self.delivery.start()
        if teams:
            teams.answer_later(self.delivery.answer_later)
        self._settled()
        log.info("delivering")

    async def open_channel(self, teams: Teams) -> TeamsChannel:
        """The procurement channel in Teams, as it is connected from inside Teams or else as the settings have it."""
        settings, setting = self.settings, None
        if settings.channel_service_url and settings.channel_conversation:
            setting = TeamsPlace(settings.channel_conversation, settings.channel_service_url)
            if await self.records.channel_place(setting) is not setting:
                log.warning("MOI_CHANNEL_CONVERSATION is overruled by what was connected in Teams")
        channel = TeamsChannel(teams.connector, partial(self.records.channel_place, setting))
        teams.ask_opinions(Feedback(self.shelf, self.records))
        teams.note_receipts(self.campaigns.seen)
        teams.open_room(ChannelRoom(self.shelf, self.records, channel, setting=setting))
        return channel

    async def keep_fresh(self, started: asyncio.Task[None]) -> None:
        """Once all has started, try out the knowledge; then look every few seconds whether it was edited, and use it once
        nobody is saving any more."""
        # Trying everything out takes a second, and nobody waits for it.
        await asyncio.wait([started])
        if problems := await asyncio.to_thread(rehearse, self.shelf.current):
            # There is nothing to fall back on, and most talks will go well.
            self.shelf.note(problems)
            log.error("knowledge", kept=self.knowledge_version(), problems=self.knowledge_problems())
        while True:
            await asyncio.sleep(self.settings.knowledge_seconds)
            try:
                if await asyncio.to_thread(self.shelf.at_rest):
                    await self.take_over_edits()
            except Exception:
                # The next look may well go better, for instance when the database is back.
                log.exception("knowledge", kept=self.knowledge_version())

    async def take_over_edits(self) -> None:
        """Use edited knowledge from now on; when it is not right, log and count that once and keep the last good one."""
        version, known = self.knowledge_version(), self.shelf.problems
        problems = await asyncio.to_thread(self.shelf.refresh, rehearse, self.records.keep_knowledge)
        if problems and problems != known:
            self.metrics.reload_failures.inc()
            log.error("knowledge", kept=version, problems=self.knowledge_problems())
        elif self.knowledge_version() != version:
            self._settled()
            log.info("knowledge", version=self.knowledge_version())


@asynccontextmanager
async def open_house(
    settings: Settings, settled: Callable[[], None] | None = None
) -> AsyncIterator[web.Application]:
    """Open every room and give the application; raises `KnowledgeError` when the knowledge is not right.

    `settled` is called whenever what was loaded will stay: after the start, and after an edit of the knowledge.
    """
    async with AsyncExitStack() as stack:
        shelf = await asyncio.to_thread(Shelf, settings.knowledge_dir)
        targets = (PAGE, TEAMS) if settings.channel_conversation else (PAGE,)
        records = await Records.open(settings.database_url, targets)
        stack.push_async_callback(records.close)
        await asyncio.to_thread(records.keep_knowledge, shelf.edition)
        house = House(settings, shelf, records, settled)
        teams: Teams | None = None
        channel: TeamsChannel | None = None
        if settings.app_id:
            # Only now, because botbuilder takes a second and some forty megabytes.
            teams = import_module("bot.teams").Teams(settings, house.turns)
            stack.push_async_callback(teams.close)
            channel = await house.open_channel(teams)
            teams.open_search(ComposeBox(shelf, settings.address))
        app = house.application(teams)
        delivering = asyncio.create_task(_logged(house.deliver(teams, channel)))
        fresh = asyncio.create_task(_logged(house.keep_fresh(delivering)))
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
