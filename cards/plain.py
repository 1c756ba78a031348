"""A view -> plain text: for the terminal, for clients without cards, and for the summary as text.

Options and buttons are numbered through the whole view, so that a number is always one choice.
"""

from __future__ import annotations

from collections.abc import Iterator

from cards.marks import legible, unmarked
from cards.view import (
    Action,
    Block,
    Bullets,
    Copyable,
    Input,
    Line,
    Lines,
    Link,
    Option,
    Picture,
    Text,
    Typed,
    View,
)


def text(view: View) -> str:
    """Everything on the view, in order, without any markup."""
    numbers = iter(range(1, len(choices(view)) + 1))
    parts = ["\n".join(_lines(block, numbers)) for block in view.blocks]
    parts.append("\n".join(_button(action, numbers) for action in view.actions))
    return "\n\n".join(part for part in parts if part)


def choices(view: View) -> tuple[Option | Action, ...]:
    """What the numbers in the text stand for: the first is number 1."""
    options = [
        option
        for block in view.blocks
        if isinstance(block, Input) and block.options
        for option in block.options
    ]
    return (*options, *(action for action in view.actions if isinstance(action, Action)))


def _lines(block: Block, numbers: Iterator[int]) -> Iterator[str]:
    match block:
        case Text(words):
            yield unmarked(words)
        case Typed():
            yield _either(block)
        case Picture(_, alt):
            yield f"Afbeelding: {legible(alt)}"
        case Bullets(lines):
            yield from (f"• {unmarked(line)}" for line in lines)
        case Lines(lines):
            yield from map(_answer, lines)
        case Copyable(title, lines):
            yield unmarked(title)
            yield from map(_either, lines)
        case Input():
            yield f"{block.label}{f' ({block.hint})' if block.hint else ''}"
            yield from (f"{next(numbers)}. {option.label}" for option in block.options)


def _button(action: Action | Link, numbers: Iterator[int]) -> str:
    return f"{action.label}: {action.url}" if isinstance(action, Link) else f"{next(numbers)}. {action.label}"


def _answer(line: Line) -> str:
    change = f" (wijzig: typ 'wijzig {line.label.lower()}')" if line.change else ""
    return f"{line.label}: {_either(line.value)}{change}"


def _either(words: str | Typed) -> str:
    if isinstance(words, str):
        return unmarked(words)
    # An indent keeps a new line in typed words from looking like a line of ours.
    typed = legible(words.text).strip().replace("\n", "\n  ")
    return f"{words.label}: {typed}" if words.label else typed
