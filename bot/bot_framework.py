"""How one activity runs through botbuilder: its adapter, with our own connector on the way out.

Own glue instead of the stock CloudAdapter, because that one fetches a token per turn, breaks on a new signing key and
answers 500. Only this file and bot/teams.py know botbuilder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import structlog
from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse, TurnContext  # type: ignore[import-untyped]
from botbuilder.schema import (  # type: ignore[import-untyped]
    Activity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
    DeliveryModes,
    ResourceResponse,
)
from botframework.connector.auth import ClaimsIdentity  # type: ignore[import-untyped]
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult  # type: ignore[import-untyped]
from botframework.connector.auth.connector_factory import ConnectorFactory  # type: ignore[import-untyped]
from msrest.serialization import Model

from bot.activities import Account, Incoming
from bot.connector import Connector
from bot.connector_errors import ConnectorError
from cards.adaptive import attached, card, message
from cards.plain import text

if TYPE_CHECKING:
    from cards.view import View

INVOKE_MESSAGE = "application/vnd.microsoft.activity.message"
INVOKE_ERROR = "application/vnd.microsoft.error"
SORRY = "Er ging bij mij iets mis. Wat je al had verteld, is bewaard. Probeer het zo nog een keer."

log = structlog.get_logger()


class Adapter(CloudAdapterBase):  # type: ignore[misc]  # botbuilder has no types
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
                written(activity)
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
            sorry = invoke_answer(500, INVOKE_ERROR, {"code": "InternalError", "message": SORRY})
            context.turn_state[self._INVOKE_RESPONSE_KEY] = Activity(value=sorry)
        elif not isinstance(error, ConnectorError):
            with contextlib.suppress(ConnectorError):
                await context.send_activity(Activity(type=ActivityTypes.message, text=SORRY))


class Said(Activity):  # type: ignore[misc]  # botbuilder has no types
    """A message that is made for one turn; botbuilder copies every message to its last leaf, which this one spares."""

    def __deepcopy__(self, _memo: object) -> Said:
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
        said = written(activity)
        return ResourceResponse(
            id=await self._connector.reply(self._service_url, conversation, reply_to, said, once=self._once)
        )

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        return ResourceResponse(
            id=await self._connector.send(self._service_url, conversation, written(activity))
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


def incoming_of(context: TurnContext) -> Incoming:
    """The activity of this turn as it was read."""
    incoming: Incoming = context.turn_state[Incoming.__name__]
    return incoming


def shown(view: View) -> Said:
    """A view as a message with a card, with thumbs where it asks for them."""
    # The form behind the thumbs is ours, so that it can say that no names belong in it.
    thumbs = {"feedbackLoop": {"type": "custom"}} if view.extra.get("thumbs") else None
    return Said(channel_data=thumbs, **message(card(view, "teams"), view.summary or text(view)))


def dialog(card: Mapping[str, Any]) -> InvokeResponse:
    """A small window with a card, in answer to a press."""
    shown = {"title": "Moi", "height": "small", "width": "small", "card": attached(card)}
    return InvokeResponse(status=200, body={"task": {"type": "continue", "value": shown}})


def invoke_answer(status: int, kind: str, value: object) -> InvokeResponse:
    """What a press of a button gets back at once: a `status` of its own, since HTTP itself says 200."""
    return InvokeResponse(status=200, body={"statusCode": status, "type": kind, "value": value})


def written(value: Any) -> Any:
    """An activity as JSON; botbuilder's own way takes twenty times as long."""
    if isinstance(value, Model):
        places = value._attribute_map
        fields = [(name, kept) for name, kept in vars(value).items() if kept is not None and name in places]
        return {places[name]["key"]: written(kept) for name, kept in fields}
    if isinstance(value, list):
        return [written(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
