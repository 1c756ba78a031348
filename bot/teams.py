"""Moi in Microsoft Teams: the address to which the Bot Framework delivers, and what each kind of activity means.

Import it only when there is an application id: botbuilder takes a second and some forty megabytes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext  # type: ignore[import-untyped]
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, DeliveryModes  # type: ignore[import-untyped]

from bot.activities import Incoming, read
from bot.bot_framework import (
    INVOKE_ERROR,
    INVOKE_MESSAGE,
    Adapter,
    dialog,
    incoming_of,
    invoke_answer,
    shown,
    written,
)
from bot.callers import Callers, NotAllowed
from bot.compose import NotUnderstoodError
from bot.connector import connector_for
from bot.connector_errors import Throttled, Unavailable
from bot.pace import keep_pace_of
from bot.people import Person
from bot.signing_keys import SigningKeys
from bot.talk_state import Answer, Message, Place
from cards.marks import shortened, without_markdown

if TYPE_CHECKING:
    from bot.channel_room import ChannelRoom
    from bot.compose import ComposeBox
    from bot.feedback import Feedback
    from bot.settings import Settings

ADDRESS = "/api/messages"
TYPING_AFTER = 1.0  # Seconds of silence after which a colleague sees that Moi is busy.
MOST_UNSENT = 1000  # Answers that could not be sent, remembered for a second delivery.
LONGEST_LABEL = 100  # characters
NOTED = "Ik heb het."

Later = Callable[[str, str, str, Sequence[Mapping[str, Any]]], Awaitable[bool]]
"""Takes over answers for which there is no room now: delivery, service address, conversation, activities."""
Receipts = Callable[[Person, str, str], Awaitable[None]]
"""Takes who read up to which message: person, conversation, id of the message."""

log = structlog.get_logger()


class Talks(Protocol):
    """Whoever answers: one message in, views out."""

    async def turn(self, person: Person, message: Message, place: Place) -> Answer:
        """Deal with one message of one person."""


class Teams:
    """The channel: `routes` go into the web application, `connector` is also for messages that Moi starts itself."""

    def __init__(self, settings: Settings, talks: Talks, *, typing_after: float = TYPING_AFTER) -> None:
        self.connector = connector_for(settings)
        keys = SigningKeys(self.connector.session, settings.metadata_url)
        self._callers = Callers(keys, app_id=settings.app_id, tenant_id=settings.tenant_id)
        self._adapter = Adapter(self.connector)
        self._bot = _Bot(talks, typing_after)

    def open_room(self, rooms: ChannelRoom) -> None:
        """Have what is about a room itself dealt with, before the talk sees it."""
        self._bot.rooms = rooms

    def open_search(self, searches: ComposeBox) -> None:
        """Have searches from the compose box answered."""
        self._bot.searches = searches

    def ask_opinions(self, opinions: Feedback) -> None:
        """Have thumbs and reactions counted."""
        self._bot.opinions = opinions

    def note_receipts(self, receipts: Receipts) -> None:
        """Have noted up to which message somebody read, where they let Teams tell that."""
        self._bot.receipts = receipts

    def answer_later(self, later: Later) -> None:
        """Hand over what Teams has no room for now, instead of waiting for that in the request."""
        self._bot.later = later
        self._adapter.way_out.once = True

    def routes(self) -> list[web.RouteDef]:
        """The one address of this channel."""
        return [web.post(ADDRESS, self.messages)]

    async def close(self) -> None:
        """Give the connections back."""
        await self.connector.close()

    async def messages(self, request: web.Request) -> web.Response:
        """Take one activity: 401 and 403 for who may not, 400, 413 and 415 for what cannot be read, else 200."""
        try:
            caller = await self._callers.identify(request.headers.get("Authorization"))
            incoming = await read(request)
            self._callers.admit(caller, incoming)
            if sender := incoming.person():
                keep_pace_of(request, sender.id)
        except NotAllowed as refused:
            log.info("delivery refused", status=refused.status, reason=refused.reason)
            headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else None
            return web.Response(status=refused.status, headers=headers)
        answer = await self._adapter.process(incoming, caller.claims, self._bot)
        return web.Response() if answer is None else web.json_response(answer.body, status=answer.status)


class _Bot(ActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    """Turns activities into messages for the talk, and views into activities."""

    def __init__(self, talks: Talks, typing_after: float) -> None:
        self.rooms: ChannelRoom | None = None
        self.later: Later | None = None
        self.searches: ComposeBox | None = None
        self.opinions: Feedback | None = None
        self.receipts: Receipts | None = None
        self._talks = talks
        self._typing_after = typing_after
        self._unsent: set[str] = set()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        incoming = incoming_of(turn_context)
        tap = incoming.tap()
        # In a channel others talk to each other; Moi only listens when it is addressed.
        if tap is not None or incoming.kind_of_room() == "personal" or incoming.mentions_me():
            await self._answer(turn_context, text=incoming.words(), tap=tap)

    async def on_members_added_activity(
        self, members_added: list[ChannelAccount], turn_context: TurnContext
    ) -> None:
        incoming = incoming_of(turn_context)
        me = incoming.recipient.id if incoming.recipient else None
        if me in [member.id for member in members_added]:
            await self._answer(turn_context, arrived=True)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        incoming = incoming_of(turn_context)
        if incoming.gone() and self.rooms:
            await self.rooms.left(incoming)
        else:
            await super().on_conversation_update_activity(turn_context)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        incoming = incoming_of(turn_context)
        # A newer version of the app comes as "add-upgrade"; nobody arrives by that.
        if incoming.action == "add":
            await self._answer(turn_context, arrived=True)
        elif incoming.action == "remove" and self.rooms:
            await self.rooms.left(incoming)
        elif incoming.action == "add-upgrade" and self.rooms:
            await self.rooms.upgraded(incoming)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._changed(turn_context)

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._changed(turn_context)

    async def _changed(self, turn_context: TurnContext) -> None:
        """Deal with a message that somebody edited, deleted or put back."""
        incoming = incoming_of(turn_context)
        if (person := incoming.person()) is None or not (change := incoming.change()):
            return
        # Teams sends no mentions with what is deleted; whether Moi was addressed then, the talk knows.
        if incoming.kind_of_room() == "shared" and change == "edited" and not incoming.mentions_me():
            return
        about = incoming.delivery_key()
        message = Message(incoming.change_key(), incoming.words(), changed=change, about=about)
        await self._turn(turn_context, person, message)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        incoming = incoming_of(turn_context)
        try:
            if self.searches and (found := await self.searches.answer(incoming.name, incoming.value)):
                return InvokeResponse(status=200, body=found)
        except NotUnderstoodError:
            return InvokeResponse(status=400, body={"error": {"code": "BadRequest"}})
        if (judging := await self._judge(incoming)) is not None:
            return judging
        if incoming.name != "adaptiveCard/action":
            return InvokeResponse(status=400, body={"error": {"code": "NotSupported"}})
        if (tap := incoming.tap()) is None:
            return invoke_answer(
                400, INVOKE_ERROR, {"code": "BadRequest", "message": "De knop gaf niets door."}
            )
        # The next question comes as a message of its own, so that the talk can be read back.
        if aside := await self._answer(turn_context, tap=tap):
            return invoke_answer(200, INVOKE_MESSAGE, without_markdown(aside))
        label = without_markdown(shortened(incoming.label(), LONGEST_LABEL))
        return invoke_answer(200, INVOKE_MESSAGE, f"Je koos: {label}" if label else NOTED)

    async def _judge(self, incoming: Incoming) -> InvokeResponse | None:
        """Deal with a thumb under the advice: first the form, then what is filled in; None when it is not one."""
        if self.opinions is None or incoming.person() is None:
            return None
        if incoming.name == "message/fetchTask" and (reaction := incoming.thumb()):
            return dialog(self.opinions.form(reaction))
        room, message = incoming.conversation.id, incoming.reply_to_id or ""
        if incoming.name == "message/submitAction" and await self.opinions.judged(
            incoming.delivery_key(), room, message, incoming.value
        ):
            return InvokeResponse(status=200, body={})
        return None

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        incoming = incoming_of(turn_context)
        person, last = incoming.person(), incoming.last_read()
        if self.receipts is None or person is None or not last or incoming.kind_of_room() == "shared":
            return
        try:
            await self.receipts(person, incoming.conversation.id, last)
        except Exception:
            # Nobody waits for it, and Teams would only deliver it again.
            log.exception("read receipt")

    async def on_message_reaction_activity(self, turn_context: TurnContext) -> None:
        incoming = incoming_of(turn_context)
        if self.opinions is None or incoming.person() is None or incoming.kind_of_room() == "shared":
            return
        added, removed = (
            [reaction.type or "" for reaction in reactions or ()]
            for reactions in (incoming.reactions_added, incoming.reactions_removed)
        )
        room, message = incoming.conversation.id, incoming.reply_to_id or ""
        try:
            await self.opinions.reacted(incoming.delivery_key(), room, message, added, removed)
        except Exception:
            # A smiley is no reason to bother somebody with what went wrong.
            log.exception("reaction")

    async def _answer(
        self,
        turn_context: TurnContext,
        *,
        text: str = "",
        tap: Mapping[str, Any] | None = None,
        arrived: bool = False,
    ) -> str:
        """Deal with a message; gives what is only for whoever tapped, if anything is."""
        incoming = incoming_of(turn_context)
        if self.rooms and (about_room := await self.rooms.hear(incoming)) is not None:
            if about_room:
                await turn_context.send_activities([shown(view) for view in about_room])
            return ""
        if (person := incoming.person()) is None or (arrived and incoming.kind_of_room() == "shared"):
            return ""
        key = incoming.arrival_key() if arrived else incoming.delivery_key()
        message = Message(key, text, tap, arrived, attached=tap is None and incoming.has_file())
        return await self._turn(turn_context, person, message)

    async def _turn(self, turn_context: TurnContext, person: Person, message: Message) -> str:
        """Have the talk answer; gives what is only for whoever tapped, if anything is."""
        incoming = incoming_of(turn_context)
        place = Place("teams", incoming.conversation.id, incoming.kind_of_room() == "shared")
        async with self._busy(turn_context):
            answer = await self._talks.turn(person, message, place)
        if answer.aside and incoming.type == "invoke":
            return answer.aside
        if answer.views and (not answer.repeated or message.id in self._unsent):
            await self._say(turn_context, message, answer)
        return ""

    async def _say(self, turn_context: TurnContext, message: Message, answer: Answer) -> None:
        self._unsent.discard(message.id)
        said = [shown(view) for view in answer.views]
        try:
            while said:
                sent = await turn_context.send_activity(said[0])
                said.pop(0)
                if self.opinions and sent and sent.id:
                    view = answer.views[-1 - len(said)]
                    self.opinions.spoke(incoming_of(turn_context).conversation.id, sent.id, view)
        except (Throttled, Unavailable):
            incoming, rest = incoming_of(turn_context), [written(activity) for activity in said]
            if self.later and await self.later(
                message.id, incoming.service_url, incoming.conversation.id, rest
            ):
                return
            # Should Teams deliver the message again, then there is still something to say.
            if len(self._unsent) < MOST_UNSENT:
                self._unsent.add(message.id)
            raise

    @contextlib.asynccontextmanager
    async def _busy(self, turn_context: TurnContext) -> AsyncIterator[None]:
        """Show once that Moi is typing when this takes long, and never after it is done."""
        typing: list[asyncio.Task[object]] = []

        def show() -> None:
            said = turn_context.send_activity(Activity(type=ActivityTypes.typing))
            typing.append(asyncio.ensure_future(said))

        timer = asyncio.get_running_loop().call_later(self._typing_after, show)
        if turn_context.activity.delivery_mode == DeliveryModes.expect_replies:
            timer.cancel()
        try:
            yield
        finally:
            timer.cancel()
            for task in typing:
                task.cancel()
            await asyncio.gather(*typing, return_exceptions=True)
