"""A view -> an Adaptive Card 1.5, for Teams and for the web.

A card is made of values and written as JSON when it is sent, so a text cannot break out of its string
(`cards/elements.py`). It stays under the size that Teams takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cards.elements import Channel, Element, button, element, own
from cards.marks import legible, shortened, without_markdown
from cards.view import Block, Copyable, Lines, Text, Typed, View
from cards.written import as_json

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 28_000  # bytes of JSON; Teams refuses a card of 28 KB through Workflows.
WRITTEN_OUT = 3  # Written out, no legible character takes more than three times its bytes.
CUT = Text("De rest past niet op deze kaart.", "small")


def card(view: View, channel: Channel) -> Element:
    """The card for a view. Typed words that make it too large are cut, with "…"; raises ValueError on an unsafe link."""
    made = _whole(view, channel)
    smaller = _smaller(view)
    while not _is_small(made):
        made = _whole(next(smaller), channel)
    return made


def fits(view: View) -> bool:
    """Whether all of it goes on one card in Teams, with nothing cut; raises ValueError on an unsafe link."""
    return _is_small(_whole(view, "teams"))


def attached(content: Mapping[str, Any]) -> dict[str, Any]:
    """A card as messages of the Bot Framework hold it."""
    return {"contentType": CARD, "content": content}


def message(content: Mapping[str, Any], summary: str) -> dict[str, Any]:
    """One message with one card. Never text beside it: Teams would split them and the card could not be updated."""
    return {"type": "message", "summary": summary, "attachments": [attached(content)]}


def _whole(view: View, channel: Channel) -> Element:
    talk, remaining = view.extra.get("talk", ""), view.extra.get("remaining", "")
    made: Element = {"type": "AdaptiveCard", "version": "1.5", "lang": "nl"}
    if channel == "teams":
        made["msteams"] = {"width": "Full"}
    if view.summary:
        made["speak"] = legible(view.summary)
    made["fallbackText"] = _fallback(view)
    made["body"] = [element(block, channel, talk) for block in view.blocks]
    if channel == "teams" and remaining:
        made["body"].append(own(remaining, size="small", subtle=True))
    if view.actions:
        made["actions"] = [button(action, channel) for action in view.actions]
    return made


def _is_small(card: Element) -> bool:
    """Whether Teams takes it, whoever writes it: what is no ASCII counts as written out."""
    return len(as_json(card)) * WRITTEN_OUT <= LARGEST or len(json.dumps(card)) <= LARGEST


def _fallback(view: View) -> str:
    """Our own words only, for a client that shows no cards: it may read this as Markdown."""
    words = next((block.text for block in view.blocks if isinstance(block, Text)), "")
    return without_markdown(
        f"Deze kaart past niet op dit scherm: typ je antwoord. {shortened(words, 300)}".strip()
    )


def _smaller(view: View) -> Iterator[View]:
    """The view with less and less on it: first typed words are cut, at the very last whole blocks."""
    for most in (1000, 300, 100, 30):
        view = replace(
            view,
            blocks=tuple(_cut(block, most) for block in view.blocks),
            summary=shortened(view.summary, 1000),
        )
        yield view
    for kept in range(len(view.blocks) - 1, -1, -1):
        yield replace(view, blocks=(*view.blocks[:kept], CUT))


def _cut(block: Block, most: int) -> Block:
    match block:
        case Typed():
            return _cut_typed(block, most)
        case Lines(lines):
            return Lines(tuple(replace(line, value=_cut_either(line.value, most)) for line in lines))
        case Copyable(title, lines):
            return Copyable(title, tuple(_cut_either(line, most) for line in lines))
    return block


def _cut_either(words: str | Typed, most: int) -> str | Typed:
    return _cut_typed(words, most) if isinstance(words, Typed) else words


def _cut_typed(words: Typed, most: int) -> Typed:
    return replace(words, text=shortened(words.text, most))
