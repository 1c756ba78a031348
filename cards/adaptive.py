"""A view -> an Adaptive Card 1.5, for Teams and for the web.

The templates are Jinja2 in which every expression becomes a JSON value: autoescape is on and `finalize` encodes, so a
text cannot break out of its string. A card stays under the size that Teams takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cards.marks import legible, literal, runs, shortened, without_markdown
from cards.view import Action, Block, Bullets, Copyable, Input, Line, Lines, Text, Typed, View

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 28_000  # bytes of JSON; Teams refuses a card of 28 KB through Workflows.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The card library of Teams uses the name "key" itself: a button whose data has it may do nothing.
KEY_IN_TEAMS = "question"
LABEL_IN_TEAMS = "label"
KEPT = 1000  # Blocks that are kept as they were made.
CUT = Text("De rest past niet op deze kaart.", "small")


def card(view: View, channel: Literal["teams", "web"]) -> dict[str, Any]:
    """The card for a view. Typed words that make it too large are cut, with "…"; raises ValueError on an unsafe link."""
    rendered = _render(view, channel)
    smaller = _smaller(view)
    while len(rendered) > LARGEST:
        rendered = _render(next(smaller), channel)
    card: dict[str, Any] = json.loads(rendered)
    return card


def fits(view: View) -> bool:
    """Whether all of it goes on one card in Teams, with nothing cut; raises ValueError on an unsafe link."""
    return len(_render(view, "teams")) <= LARGEST


def attached(content: Mapping[str, Any]) -> dict[str, Any]:
    """A card as messages of the Bot Framework hold it."""
    return {"contentType": CARD, "content": content}


def message(content: Mapping[str, Any], summary: str) -> dict[str, Any]:
    """One message with one card. Never text beside it: Teams would split them and the card could not be updated."""
    return {"type": "message", "summary": summary, "attachments": [attached(content)]}


def _render(view: View, channel: str) -> str:
    return _CARD.render(
        view=view,
        channel=channel,
        talk=view.extra.get("talk", ""),
        remaining=view.extra.get("remaining", ""),
        fallback=_fallback(view),
    )


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


def _json(value: object) -> Markup:
    """What an expression in a template becomes; macros have been here already."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        value = legible(value)
    elif isinstance(value, Mapping):
        value = dict(value)
    return Markup(json.dumps(value))  # noqa: S704  (JSON is the output format, there is no HTML here)


def _block(block: Block, channel: str, talk: str) -> Markup:
    """One block of a card; our own words are the same for everybody, and are made once."""
    ours = isinstance(block, Text | Bullets) or (isinstance(block, Input) and not block.value)
    return _same_for_all(block, channel) if ours else _made(block, channel, talk)


@lru_cache(maxsize=KEPT)
def _same_for_all(block: Block, channel: str) -> Markup:
    return _made(block, channel, "")


def _made(block: Block, channel: str, talk: str) -> Markup:
    made: Markup = _BLOCKS.any(block, channel, talk)  # type: ignore[attr-defined]  # a macro
    return made


def _kind(thing: object) -> str:
    return type(thing).__name__


def _change(line: Line, talk: str) -> Action:
    return Action("Wijzig", {"do": "change", "talk": talk, "key": line.change}, fields=False)


def _for_channel(data: Mapping[str, Any], channel: str, label: str) -> dict[str, Any]:
    if channel != "teams":
        return dict(data)
    # Teams shows no press in the talk, so the answer to it repeats what was on the button.
    return {KEY_IN_TEAMS if name == "key" else name: data[name] for name in data} | {LABEL_IN_TEAMS: label}


def _address(url: str) -> str:
    """An address that may be opened from a card: https, or http on this machine while developing."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ValueError(f"a card may not open {url!r}")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_json,
    )
    environment.filters |= {
        "runs": runs,
        "literal": literal,
        "without_markdown": without_markdown,
        "block": _block,
        "kind": _kind,
        "change": _change,
        "for_channel": _for_channel,
        "address": _address,
    }
    environment.tests["number_text"] = str.isdecimal
    return environment


_TEMPLATES = _environment()
_CARD = _TEMPLATES.get_template("card.json.j2")
_BLOCKS = _TEMPLATES.get_template("blocks.json.j2").module
