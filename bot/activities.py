"""What Moi reads of an activity that the Bot Framework delivers; what does not fit is refused, never guessed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Literal
from uuid import uuid4

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator
from pydantic.alias_generators import to_camel

from bot.people import Person
from bot.talk_state import Change
from cards.elements import KEY_IN_TEAMS, LABEL_IN_TEAMS

LARGEST = 256 * 1024  # bytes
TEAM_ENDED = frozenset({"teamDeleted", "teamHardDeleted", "teamArchived"})
RECEIPT = "application/vnd.microsoft.readReceipt"
ADDED_BY_TEAMS = ("text/", "messageReference", "application/vnd.microsoft.card.")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, alias_generator=to_camel)


class Account(_Part):
    """A person or a bot as the channel names them."""

    id: str = ""
    name: str | None = None
    aad_object_id: str | None = None
    role: str | None = None


class Room(_Part):
    """The conversation in which something was said."""

    id: str = Field(min_length=1)
    name: str | None = None
    conversation_type: str | None = None
    tenant_id: str | None = None


class Tenant(_Part):
    """The organisation that the channel names."""

    id: str | None = None


class Named(_Part):
    """A team or a channel by its id and its name."""

    id: str | None = None
    name: str | None = None


class Chosen(_Part):
    """What somebody chose while adding Moi to a team."""

    selected_channel: Named | None = None


class ChannelData(_Part):
    """What only Teams adds."""

    event_type: str | None = None
    tenant: Tenant | None = None
    team: Named | None = None
    channel: Named | None = None
    settings: Chosen | None = None


class Entity(_Part):
    """Something inside the text; only mentions matter to Moi."""

    type: str
    text: str | None = None
    mentioned: Account | None = None


class Reaction(_Part):
    """A reaction to a message, by the name that Teams has for it."""

    type: str | None = None


class Attached(_Part):
    """Something beside the text. Only its kind is read, so that nothing of a file is kept or fetched."""

    content_type: str | None = None

    def is_file(self) -> bool:
        """Whether a person added it: Teams itself adds the text once more as HTML, what was quoted, and previews."""
        return bool(self.content_type) and not str(self.content_type).startswith(ADDED_BY_TEAMS)


class Incoming(_Part):
    """One activity from the channel."""

    type: str
    id: str | None = None
    service_url: str
    channel_id: str
    sender: Account | None = Field(default=None, alias="from")
    recipient: Account | None = None
    conversation: Room
    text: str | None = None
    locale: str | None = None
    name: str | None = None
    action: str | None = None
    value: JsonValue = None
    entities: list[Entity] | None = None
    members_added: list[Account] | None = None
    members_removed: list[Account] | None = None
    attachments: list[Attached] | None = None
    reactions_added: list[Reaction] | None = None
    reactions_removed: list[Reaction] | None = None
    reply_to_id: str | None = None
    timestamp: str | None = None
    channel_data: ChannelData | None = None
    delivery_mode: str | None = None

    @field_validator("value")
    @classmethod
    def _can_be_kept(cls, value: JsonValue) -> JsonValue:
        json.dumps(value, allow_nan=False)  # 1e999 is read as infinity, which no database takes.
        return value

    def tenants(self) -> set[str]:
        """The tenants that the activity names; more than one, or none, is suspect."""
        named = (
            self.conversation.tenant_id,
            self.channel_data.tenant.id if self.channel_data and self.channel_data.tenant else None,
        )
        return {tenant for tenant in named if tenant}

    def delivery_key(self) -> str:
        """The same for every delivery of this activity; ids in Teams are only unique within a conversation."""
        return f"teams:{self.conversation.id}:{self.id or uuid4().hex}"

    def arrival_key(self) -> str:
        """The same for all that Teams tells about one arrival: that Moi is a member now, and that it was installed."""
        return f"voorgesteld:{self.channel() or self.conversation.id}"

    def gone(self) -> str:
        """The id of the channel or of the whole team where Moi can say nothing any more; empty when it still can."""
        data = self.channel_data or ChannelData()
        if self.type == "conversationUpdate" and data.event_type == "channelDeleted":
            return (data.channel and data.channel.id) or ""
        removed = self.type == "installationUpdate" and self.action == "remove"
        me = self.recipient.id if self.recipient else None
        removed |= me in {member.id for member in self.members_removed or ()}
        ended = self.type == "conversationUpdate" and data.event_type in TEAM_ENDED
        return self.team() if removed or ended else ""

    def team(self) -> str:
        """The id of the team, which is that of its general channel; empty outside a team."""
        data = self.channel_data or ChannelData()
        return (data.team and data.team.id) or ""

    def change(self) -> Change:
        """What somebody did with a message of their own that Moi had already; empty for everything else."""
        event = self.channel_data.event_type if self.channel_data else None
        if self.type == "messageDelete":
            return "deleted"
        edited = self.type == "messageUpdate" and event in ("editMessage", "undeleteMessage")
        return "edited" if edited else ""

    def change_key(self) -> str:
        """The same for every delivery of this change; the activity itself has the id of the message that changed."""
        what = f"{self.timestamp}\n{self.words()}"
        return f"{self.delivery_key()}:{self.change()}:{sha256(what.encode()).hexdigest()[:16]}"

    def person(self) -> Person | None:
        """The colleague who wrote; none when it was a bot, because two bots would talk for ever."""
        sender = self.sender
        if sender is None or sender.role == "bot" or not (sender.aad_object_id or sender.id):
            return None
        known = f"aad:{sender.aad_object_id}" if sender.aad_object_id else f"teams:{sender.id}"
        return Person(known, sender.name or "")

    def kind_of_room(self) -> Literal["personal", "shared"]:
        """Whether colleagues can read along."""
        return "shared" if self.conversation.conversation_type in ("channel", "groupChat") else "personal"

    def channel(self) -> str | None:
        """The conversation of the whole channel in a team, not of one thread in it; none outside a team.

        Who adds Moi to a team may choose a channel there.
        """
        if self.conversation.conversation_type != "channel":
            return None
        picked = self.channel_data.settings if self.channel_data else None
        selected = picked.selected_channel.id if picked and picked.selected_channel else None
        return selected or self.conversation.id.partition(";")[0]

    def channel_name(self) -> str:
        """Team and channel as Teams calls them; the general channel has no name there."""
        data = self.channel_data or ChannelData()
        named = (data.team and data.team.name, (data.channel and data.channel.name) or self.conversation.name)
        return " > ".join(name for name in named if name) or "een kanaal in Teams"

    def has_file(self) -> bool:
        """Whether a file, an image or something else that Moi cannot read was sent along."""
        return any(attached.is_file() for attached in self.attachments or ())

    def mentions_me(self) -> bool:
        """Whether the text is addressed to Moi by name."""
        return bool(self._my_mentions())

    def words(self) -> str:
        """What was said, without the mention of Moi."""
        said = self.text or ""
        for mention in self._my_mentions():
            said = said.replace(mention, " ") if mention else said
        return said.replace("\0", "").replace("\xa0", " ").strip()

    def tap(self) -> dict[str, Any] | None:
        """The data of the button that was pressed, if one was; the same for a submit and for an execute."""
        if (pressed := self._pressed()) is None:
            return None
        # Teams itself needs "msteams" on the button; it means nothing to the talk.
        data = {name: kept for name, kept in pressed.items() if name not in ("msteams", LABEL_IN_TEAMS)}
        return {"key" if name == KEY_IN_TEAMS else name: kept for name, kept in data.items()}

    def thumb(self) -> str:
        """Which thumb was pressed, "like" or "dislike"; empty when none was."""
        value = self.value if isinstance(self.value, dict) else {}
        said = value.get("actionValue")
        if value.get("actionName") != "feedback" or not isinstance(said, dict):
            return ""
        return str(said.get("reaction") or "")

    def last_read(self) -> str:
        """Up to which message somebody read, when Teams tells that; empty for everything else."""
        value = self.value if isinstance(self.value, dict) else {}
        if self.type != "event" or self.name != RECEIPT:
            return ""
        return str(value.get("lastReadMessageId") or "")

    def label(self) -> str:
        """What was on the button that was pressed, in the words of the sender; empty when it does not say."""
        label = (self._pressed() or {}).get(LABEL_IN_TEAMS)
        return label if isinstance(label, str) else ""

    def _pressed(self) -> dict[str, Any] | None:
        value = self.value
        if self.type == "invoke" and isinstance(value, dict):
            action = value.get("action")
            value = action.get("data") if isinstance(action, dict) else None
        return value if isinstance(value, dict) else None

    def _my_mentions(self) -> list[str]:
        me = self.recipient.id if self.recipient else None
        return [
            entity.text or ""
            for entity in self.entities or ()
            if entity.type.lower() == "mention" and entity.mentioned and me and entity.mentioned.id == me
        ]


async def read(request: web.Request) -> Incoming:
    """Read the activity in a request, and no more of it than an activity can be; raises 400, 413 or 415."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = bytearray()
    try:
        async for part in request.content.iter_any():
            body += part
            if len(body) > LARGEST:
                raise web.HTTPRequestEntityTooLarge(LARGEST, len(body))
        return Incoming.model_validate_json(bytes(body))
    except (ValueError, web.RequestPayloadError) as error:
        raise web.HTTPBadRequest from error
