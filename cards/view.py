"""What a card says, before it is known where it will be shown.

A view is made of blocks and actions. Our own words are `Text` and may use **bold** and *italic*. Words that a person
typed are `Typed` and are shown to the letter, so nobody can plant a link or a heading in somebody else's channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MOST_ACTIONS = 6  # Teams shows no more than six actions on a card.


@dataclass(frozen=True, slots=True)
class Text:
    """Our own words; `**bold**` and `*italic*` are the only markup."""

    text: str
    style: Literal["lead", "body", "small", "heading"] = "body"


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that a person typed, shown literally after an own label; `about` is the question they answer, for links."""

    text: str
    label: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of Moi itself: its `path` on our pages, which Teams finds at the address `home`; `alt` says what is on it."""

    path: str
    alt: str
    home: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines that belong together; every line is our own text."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One given answer: label, value, and the key under which it can be changed (none: no button).

    `about` is what links call the question.
    """

    label: str
    value: str | Typed
    change: str | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """The given answers under each other, each with its own "wijzig"."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is kept and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Input:
    """A field on a card. `id` comes back as the key in the tap; `several` gives a comma-separated value."""

    id: str
    label: str
    kind: Literal["choice", "several", "text", "number"] = "choice"
    options: tuple[Option, ...] = ()
    value: str = ""
    required: bool = True
    hint: str = ""
    expanded: bool = False
    most: int = 500


@dataclass(frozen=True, slots=True)
class Copyable:
    """Ready text to copy, such as the MVOI part of the startformulier; the lines are ours or typed."""

    title: str
    lines: tuple[str | Typed, ...]


Block = Text | Typed | Picture | Bullets | Lines | Input | Copyable


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `data` comes back as the tap, together with the values of the inputs on the same card.

    Without `fields` the inputs stay out of it, so that "terug" and "stop" work while a required field is empty.
    """

    label: str
    data: Mapping[str, Any]
    style: Literal["default", "positive", "destructive"] = "default"
    fields: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address of Moi itself or of a source."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class View:
    """One card or message: blocks in order, at most six actions, and a line for notifications and screen readers.

    `quiet` views are short remarks that a channel may show as plain text without a card.
    """

    blocks: tuple[Block, ...]
    actions: tuple[Action | Link, ...] = ()
    summary: str = ""
    quiet: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.actions) > MOST_ACTIONS:
            raise ValueError(f"a card holds at most {MOST_ACTIONS} actions, this one has {len(self.actions)}")
