"""What one turn takes and gives: who said what where, the talk so far, and what must be kept of it.

Plain values without a clock, a network or a disk, so that a turn can be worked out again when two meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cards.view import View
from dialogs.existing import WhatThereIs

JSON = str | int | float | bool | None | list[Any] | dict[str, Any]
Outcome = Literal["niet-gekocht", "anders-opgelost", "koop-met-mvoi", "koop-zonder-mvoi"]
TalkState = Literal["open", "done", "stopped"]
Change = Literal["", "edited", "deleted"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message was said."""

    channel: Literal["web", "teams", "terminal"]
    conversation: str
    shared: bool = False
    """Whether colleagues can read along."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of a person."""

    talks: int
    records: int
    conversations: int
    actions: int
    reserved: int = 0
    together: int = 0
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `id` is the delivery key, the same when a channel delivers it twice. `arrived` opens a conversation.

    When it is `changed`, it is `about` an earlier message, by the delivery key of that one. `attached` tells that there
    was a file beside the text.
    """

    id: str
    text: str = ""
    tap: Mapping[str, Any] | None = None
    arrived: bool = False
    changed: Change = ""
    about: str = ""
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What Moi says back; `repeated` means that the message had already been dealt with.

    A channel that can say something only to whoever tapped says `aside` there, instead of the views.
    """

    views: tuple[View, ...]
    repeated: bool = False
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk of one person. A new talk has version 0; storing it gives the next version.

    `given` says by which message an answer was typed, where that message can still be edited or deleted.
    """

    id: str
    person_id: str
    dialog: str
    answers: Mapping[str, JSON] = field(default_factory=dict)
    state: TalkState = "open"
    record: str | None = None
    version: int = 0
    asked: str | None = None
    seen: Mapping[str, str] = field(default_factory=dict)
    """Which question was asked last in which conversation, the latest at the end."""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """What must be recorded of a talk; without `id` the talk's own record is made or changed."""

    outcome: Outcome
    category: str
    group: str | None
    value_band: str
    advice: Mapping[str, JSON]
    knowledge_version: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelNote:
    """A question for the procurement channel from somebody who wants a person; `advice` holds what is shown."""

    advice: Mapping[str, JSON]
    knowledge_version: str
    category: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a turn worked out: the talk as it now is, what to show, what to record or ask the channel, and what was `missed`:
    words for a purchase that Moi did not recognise, without anything about who said them."""

    talk: Talk | None
    views: tuple[View, ...]
    record: RecordDraft | None = None
    note: ChannelNote | None = None
    missed: str | None = None
    puzzled: bool = False
    """Whether these words were neither an answer nor anything else that Moi knows."""
    also: tuple[tuple[Talk, RecordDraft | None], ...] = ()
    """Other talks that come of the same turn, each with its record: the lines of a list, and the list they came from."""
    forget: bool = False
    """Whether all that is kept of the person must go."""
    look: WhatThereIs | None = None
    """What has to be looked up before this can be worked out; until then nothing of it counts."""
