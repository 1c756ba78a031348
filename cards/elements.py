"""A block or an action of a view -> the element of an Adaptive Card 1.5 that shows it.

Text is always a TextRun, which no client reads as Markdown; only a heading has to be a TextBlock, because a screen
reader finds its way by headings. Every word becomes one value, so no text can leave its string.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from cards.marks import legible, literal, runs, without_markdown
from cards.view import Action, Block, Bullets, Copyable, Input, Line, Lines, Link, Picture, Text, Typed

Channel = Literal["teams", "web"]
Element = dict[str, Any]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The card library of Teams uses the name "key" itself: a button whose data has it may do nothing.
KEY_IN_TEAMS = "question"
LABEL_IN_TEAMS = "label"
SIZES = {"lead": "medium", "small": "small", "body": ""}


def element(block: Block, channel: Channel, talk: str) -> Element:
    """One block of a card; buttons on it are about the talk with this id. Raises ValueError on an unsafe address."""
    match block:
        case Text(text, "heading"):
            words = without_markdown(text)
            made = {"type": "TextBlock", "text": words, "style": "heading", "weight": "bolder"}
            return {**made, "size": "medium", "wrap": True}
        case Text(text, style):
            return own(text, size=SIZES[style], subtle=style == "small", bold=style == "lead")
        case Typed():
            return _rich(_runs(block))
        case Picture(path, alt, home):
            url = path if channel == "web" else _address(home + path)
            return {"type": "Image", "size": "auto", "altText": legible(alt), "url": legible(url)}
        case Bullets(lines):
            return {"type": "Container", "items": [_bullet(line) for line in lines]}
        case Lines(lines):
            fixed = all(line.change is None for line in lines)
            rows = [_beside(line) if fixed else _row(line, channel, talk) for line in lines]
            return {"type": "Container", "items": rows}
        case Input():
            return _field(block)
        case Copyable(title, lines):
            items = [own(title, bold=True), *(_rich(_runs(line), "small") for line in lines)]
            return {"type": "Container", "style": "emphasis", "items": items}


def own(text: str, *, size: str = "", subtle: bool = False, bold: bool = False) -> Element:
    """Our own words in one look."""
    look: Element = {"weight": "bolder"} if bold else {}
    if size:
        look["size"] = size
    if subtle:
        look["isSubtle"] = True
    return _rich([{**run, **look} for run in _runs(text)])


def button(action: Action | Link, channel: Channel, tooltip: str = "") -> Element:
    """Teams runs Action.Execute and falls back to Action.Submit; the web knows only Action.Submit."""
    title = legible(action.label)
    if isinstance(action, Link):
        return {"type": "Action.OpenUrl", "title": title, "url": legible(_address(action.url))}
    pressed: Element = {"title": title, "data": _data(action.data, channel, tooltip or action.label)}
    if action.style != "default":
        pressed["style"] = action.style
    if tooltip:
        pressed["tooltip"] = legible(tooltip)
    if not action.fields:
        pressed["associatedInputs"] = "none"
    submit = {"type": "Action.Submit", **pressed}
    if channel == "web":
        return submit
    return {"type": "Action.Execute", "verb": "moi", **pressed, "fallback": submit}


def _data(data: Mapping[str, Any], channel: Channel, label: str) -> Element:
    if channel == "web":
        return dict(data)
    # Teams shows no press in the talk, so the answer to it repeats what was on the button.
    return {KEY_IN_TEAMS if name == "key" else name: data[name] for name in data} | {LABEL_IN_TEAMS: label}


def _address(url: str) -> str:
    """An address that may be opened from a card: https, or http on this machine while developing."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ValueError(f"a card may not open {url!r}")


def _rich(inlines: list[Element], spacing: str = "") -> Element:
    made: Element = {"type": "RichTextBlock", "inlines": inlines}
    return {**made, "spacing": spacing} if spacing else made


def _runs(words: str | Typed) -> list[Element]:
    """Our own words with their marks, or typed ones to the letter after our label."""
    if isinstance(words, Typed):
        label = [_run(f"{words.label}: ", "bold")] if words.label else []
        return [*label, *(_run(part) for part in literal(words.text))]
    return [_run(part, style) for part, style in runs(words)]


def _run(text: str, style: str = "plain") -> Element:
    made: Element = {"type": "TextRun", "text": text}
    if style == "bold":
        made["weight"] = "bolder"
    elif style == "italic":
        made["italic"] = True
    return made


def _bullet(line: str) -> Element:
    dot = {"type": "Column", "width": "auto", "items": [own("•")]}
    words = {"type": "Column", "width": "stretch", "spacing": "small", "items": [own(line)]}
    return {"type": "ColumnSet", "spacing": "small", "columns": [dot, words]}


def _beside(line: Line) -> Element:
    """Where nothing can be changed, label and value share a line: a summary then fits on a screen."""
    label = [{**_run(legible(f"{line.label}: ")), "isSubtle": True}] if line.label else []
    return {"type": "RichTextBlock", "spacing": "small", "inlines": [*label, *_runs(line.value)]}


def _row(line: Line, channel: Channel, talk: str) -> Element:
    """Label above value, with a button beside them where the value can be changed."""
    said = [own(line.label, size="small", subtle=True), _rich(_runs(line.value), "none")]
    columns: list[Element] = [{"type": "Column", "width": "stretch", "items": said}]
    if line.change is not None:
        change = Action("Wijzig", {"do": "change", "talk": talk, "key": line.change}, fields=False)
        buttons = {"type": "ActionSet", "actions": [button(change, channel, f"Wijzig: {line.label}")]}
        columns.append(
            {"type": "Column", "width": "auto", "verticalContentAlignment": "center", "items": [buttons]}
        )
    return {"type": "ColumnSet", "spacing": "small", "columns": columns}


def _field(field: Input) -> Element:
    """A field with its label; it says in Dutch what is missing."""
    # A choice shows one line of its hint, and cuts the rest off.
    cut = field.kind == "choice" and len(field.hint) > 40
    made = _typed_in(field) if field.kind in ("text", "number") else _chosen(field)
    made |= {"id": legible(field.id), "label": legible(f"{field.label} {field.hint}" if cut else field.label)}
    if field.hint and not cut:
        made["placeholder"] = legible(field.hint)
    if field.required:
        missing = "Vul dit nog in." if field.kind in ("text", "number") else "Maak een keuze."
        made |= {"isRequired": True, "errorMessage": missing}
    return made


def _typed_in(field: Input) -> Element:
    if field.kind == "number":
        number: Element = {"type": "Input.Number", "min": 0}
        return {**number, "value": float(field.value)} if field.value.isdecimal() else number
    made: Element = {"type": "Input.Text", "maxLength": field.most}
    if field.most > 200:
        made["isMultiline"] = True
    if field.value:
        made["value"] = legible(field.value[: field.most])
    return made


def _chosen(field: Input) -> Element:
    style = "expanded" if field.expanded or field.kind == "several" else "compact"
    made: Element = {"type": "Input.ChoiceSet", "wrap": True, "style": style}
    if field.kind == "several":
        made["isMultiSelect"] = True
    if field.value:
        made["value"] = legible(field.value)
    choices = [{"title": legible(one.label), "value": legible(one.value)} for one in field.options]
    return {**made, "choices": choices}
