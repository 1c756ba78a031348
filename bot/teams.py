"""Moi in Microsoft Teams: the only room that knows botbuilder, and the address to which the Bot Framework delivers.

Import it only when there is an application id: botbuilder takes a second and some forty megabytes. Own glue instead of
the stock CloudAdapter, because that one fetches a token per turn, breaks on a new signing key and answers 500.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from aiohttp import web
from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse, TurnContext  # type: ignore[import-untyped]
from botbuilder.schema import (  # type: ignore[import-untyped]
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    DeliveryModes,
    ResourceResponse,
)
from botframework.connector.auth import ClaimsIdentity  # type: ignore[import-untyped]
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult  # type: ignore[import-untyped]
from botframework.connector.auth.connector_factory import ConnectorFactory  # type: ignore[import-untyped]
from msrest.serialization import Model

from bot.activities import Account, Incoming, read
from bot.callers import Callers, NotAllowed
from bot.connector import Connector, connector_for
from bot.connector_errors import ConnectorError, Throttled, Unavailable
from bot.pace import keep_pace_of
from bot.people import Person
from bot.signing_keys import SigningKeys
from bot.talk_state import Answer, Message, Place
from cards.adaptive import card
from cards.marks import shortened, without_markdown
from cards.plain import text

if TYPE_CHECKING:
    from bot.settings import Settings
    from cards.view import View

ADDRESS = "/api/messages"
TYPING_AFTER = 1.0  # Seconds of silence after which a colleague sees that Moi is busy.
MOST_UNSENT = 1000  # Answers that could not be sent, remembered for a second delivery.
CARD = "application/vnd.microsoft.card.adaptive"
INVOKE_MESSAGE = "application/vnd.microsoft.activity.message"
INVOKE_ERROR = "application/vnd.microsoft.error"
LONGEST_LABEL = 100  # characters
NOTED = "Ik heb het."
SORRY = "Er ging bij mij iets mis. Wat je al had verteld, is bewaard. Probeer het zo nog een keer."

Later = Callable[[str, str, str, Sequence[Mapping[str, Any]]], Awaitable[bool]]
"""Takes over answers for which there is no room now: delivery, service address, conversation, activities."""

log = structlog.get_logger()


class Talks(Protocol):
    """Whoever answers: one message in, views out."""

    async def turn(self, person: Person, message: Message, place: Place) -> Answer:
        """Deal with one message of one person."""


class Rooms(Protocol):
    """Whoever deals with what is about a room itself; None when an activity is about something else."""

    async def hear(self, incoming: Incoming) -> tuple[View, ...] | None:
        """What to say about the room."""

    async def left(self, incoming: Incoming) -> None:
        """Moi was taken out of the room."""


class Teams:
    """The channel: `routes` go into the web application, `connector` is also for messages that Moi starts itself."""

    def __init__(self, settings: Settings, talks: Talks, *, typing_after: float = TYPING_AFTER) -> None:
        self.connector = connector_for(settings)
        keys = SigningKeys(self.connector.session, settings.metadata_url)
        self._callers = Callers(keys, app_id=settings.app_id, tenant_id=settings.tenant_id)
        self._adapter = _Adapter(self.connector)
        self._bot = _Bot(talks, typing_after)

    def open_room(self, rooms: Rooms) -> None:
        """Have what is about a room itself dealt with, before the talk sees it."""
        self._bot.rooms = rooms

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
        self.rooms: Rooms | None = None
        self.later: Later | None = None
        self._talks = talks
        self._typing_after = typing_after
        self._unsent: set[str] = set()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        incoming = _incoming(turn_context)
        tap = incoming.tap()
        # In a channel others talk to each other; Moi only listens when it is addressed.
        if tap is not None or incoming.kind_of_room() == "personal" or incoming.mentions_me():
            await self._answer(turn_context, text=incoming.words(), tap=tap)

    async def on_members_added_activity(
        self, members_added: list[ChannelAccount], turn_context: TurnContext
    ) -> None:
        incoming = _incoming(turn_context)
        me = incoming.recipient.id if incoming.recipient else None
        if me in [member.id for member in members_added]:
            await self._answer(turn_context, arrived=True)

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        if _incoming(turn_context).kind_of_room() == "shared":
            await self._answer(turn_context, arrived=True)

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        if self.rooms:
            await self.rooms.left(_incoming(turn_context))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        incoming = _incoming(turn_context)
        if incoming.name != "adaptiveCard/action":
            return InvokeResponse(status=400, body={"error": {"code": "NotSupported"}})
        if (tap := incoming.tap()) is None:
            return _invoke(400, INVOKE_ERROR, {"code": "BadRequest", "message": "De knop gaf niets door."})
        # The next question comes as a message of its own, so that the talk can be read back.
        if aside := await self._answer(turn_context, tap=tap):
            return _invoke(200, INVOKE_MESSAGE, without_markdown(aside))
        label = without_markdown(shortened(incoming.label(), LONGEST_LABEL))
        return _invoke(200, INVOKE_MESSAGE, f"Je koos: {label}" if label else NOTED)

    async def _answer(
        self,
        turn_context: TurnContext,
        *,
        text: str = "",
        tap: Mapping[str, Any] | None = None,
        arrived: bool = False,
    ) -> str:
        """Deal with a message; gives what is only for whoever tapped, if anything is."""
        incoming = _incoming(turn_context)
        if self.rooms and (about_room := await self.rooms.hear(incoming)) is not None:
            if about_room:
                await turn_context.send_activities([_shown(view) for view in about_room])
            return ""
        if (person := incoming.person()) is None or (arrived and incoming.kind_of_room() == "shared"):
            return ""
        room = incoming.conversation.id
        message = Message(incoming.delivery_key(), text, tap, arrived)
        async with self._busy(turn_context):
            answer = await self._talks.turn(
                person, message, Place("teams", room, incoming.kind_of_room() == "shared")
            )
        if answer.aside and incoming.type == "invoke":
            return answer.aside
        if answer.views and (not answer.repeated or message.id in self._unsent):
            await self._say(turn_context, message, answer)
        return ""

    async def _say(self, turn_context: TurnContext, message: Message, answer: Answer) -> None:
        self._unsent.discard(message.id)
        said = [_shown(view) for view in answer.views]
        try:
            while said:
                await turn_context.send_activity(said[0])
                said.pop(0)
        except (Throttled, Unavailable):
            incoming, rest = _incoming(turn_context), [_written(activity) for activity in said]
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


class _Adapter(CloudAdapterBase):  # type: ignore[misc]  # botbuilder has no types
    """Runs one turn through botbuilder, with our own connector on the way out."""

    def __init__(self, connector: Connector) -> None:
        # Tokens are checked before an activity comes this far, and nobody signs in through the bot.
        super().__init__(SimpleNamespace(create_user_token_client=_nobody))
        self.way_out = _WayOut(connector)
        self.on_turn_error = self._went_wrong

    async def process(
        self, incoming: Incoming, claims: Mapping[str, Any], bot: ActivityHandler
    ) -> InvokeResponse | None:
        """Run the turn; gives what must be in the HTTP answer, if anything."""
        admitted = AuthenticateRequestResult()
        admitted.claims_identity = ClaimsIdentity(dict(claims), True)
        admitted.connector_factory = self.way_out

        async def turn(context: TurnContext) -> None:
            context.turn_state[Incoming.__name__] = incoming
            await bot.on_turn(context)

        answer: InvokeResponse | None = await self.process_activity(admitted, _activity(incoming), turn)
        return answer

    def _process_turn_results(self, context: TurnContext) -> InvokeResponse | None:
        # The SDK's own version cannot write an answer whose body is a dict.
        if context.activity.delivery_mode == DeliveryModes.expect_replies:
            said = [
                _written(activity)
                for activity in context.buffered_reply_activities
                if activity.type != ActivityTypes.invoke_response
            ]
            return InvokeResponse(status=200, body={"activities": said})
        if context.activity.type == ActivityTypes.invoke:
            answer = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
            return answer.value if answer else InvokeResponse(status=200, body={})
        return None

    async def _went_wrong(self, context: TurnContext, error: Exception) -> None:
        """Say sorry once. The delivery itself is answered with 200: a second one would not go better."""
        if isinstance(error, ConnectorError):
            log.warning(
                "answer did not arrive", kind=type(error).__name__, status=error.status, code=error.code
            )
        else:
            log.error("turn failed", exc_info=error)
        if context.activity.type == ActivityTypes.invoke:
            sorry = _invoke(500, INVOKE_ERROR, {"code": "InternalError", "message": SORRY})
            context.turn_state[self._INVOKE_RESPONSE_KEY] = Activity(value=sorry)
        elif not isinstance(error, ConnectorError):
            with contextlib.suppress(ConnectorError):
                await context.send_activity(Activity(type=ActivityTypes.message, text=SORRY))


class _Said(Activity):  # type: ignore[misc]  # botbuilder has no types
    """A message that is made for one turn; botbuilder copies every message to its last leaf, which this one spares."""

    def __deepcopy__(self, _memo: object) -> _Said:
        return self


class _WayOut(ConnectorFactory):  # type: ignore[misc]  # botbuilder has no types
    """Hands botbuilder a client per turn; all of them share one pool of connections."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self.once = False

    async def create(self, service_url: str, audience: str) -> SimpleNamespace:
        return SimpleNamespace(conversations=_Conversations(self._connector, service_url, self.once))


class _Conversations:
    """The calls that botbuilder makes, under the names that it uses."""

    def __init__(self, connector: Connector, service_url: str, once: bool) -> None:
        self._connector = connector
        self._service_url = service_url
        self._once = once

    async def reply_to_activity(
        self, conversation: str, reply_to: str, activity: Activity
    ) -> ResourceResponse:
        said = _written(activity)
        return ResourceResponse(
            id=await self._connector.reply(self._service_url, conversation, reply_to, said, once=self._once)
        )

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        return ResourceResponse(
            id=await self._connector.send(self._service_url, conversation, _written(activity))
        )


async def _nobody(_claims: ClaimsIdentity) -> None:
    return None


def _activity(incoming: Incoming) -> Activity:
    """The same activity as botbuilder wants it."""
    members = incoming.members_added
    return Activity(
        type=incoming.type,
        id=incoming.id,
        service_url=incoming.service_url,
        channel_id=incoming.channel_id,
        locale=incoming.locale,
        name=incoming.name,
        action=incoming.action,
        text=incoming.text,
        value=incoming.value,
        delivery_mode=incoming.delivery_mode,
        from_property=_account(incoming.sender),
        recipient=_account(incoming.recipient),
        conversation=ConversationAccount(
            id=incoming.conversation.id,
            name=incoming.conversation.name,
            conversation_type=incoming.conversation.conversation_type,
        ),
        members_added=[_account(member) for member in members] if members else None,
    )


def _account(account: Account | None) -> ChannelAccount:
    account = account or Account()
    return ChannelAccount(
        id=account.id, name=account.name, aad_object_id=account.aad_object_id, role=account.role
    )


def _incoming(context: TurnContext) -> Incoming:
    incoming: Incoming = context.turn_state[Incoming.__name__]
    return incoming


def _shown(view: View) -> _Said:
    """One message with one card. Never text beside it: Teams would split them and the card could not be updated."""
    return _Said(
        type=ActivityTypes.message,
        summary=view.summary or text(view),
        attachments=[Attachment(content_type=CARD, content=card(view, "teams"))],
    )


def _invoke(status: int, kind: str, value: object) -> InvokeResponse:
    return InvokeResponse(status=200, body={"statusCode": status, "type": kind, "value": value})


def _written(value: Any) -> Any:
    """An activity as JSON; botbuilder's own way takes twenty times as long."""
    if isinstance(value, Model):
        places = value._attribute_map
        fields = [(name, kept) for name, kept in vars(value).items() if kept is not None and name in places]
        return {places[name]["key"]: _written(kept) for name, kept in fields}
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
