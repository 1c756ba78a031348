"""Puts a real talk in the README: says these lines to Moi, and writes down what Moi says back.

Run it after a change of words: `uv run python docs/transcript.py`.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from bot.conversation import Conversation
from bot.people import Person
from bot.records import Records
from bot.talk_state import Message, Place
from cards.marks import unmarked
from cards.view import Block, Bullets, Copyable, Input, Lines, Text, Typed, View
from knowledge.shelf import Shelf

README = Path(__file__).parents[1] / "README.md"
PLACE = re.compile(r"(<!-- transcript:[^\n]*-->\n).*?(<!-- /transcript -->)", re.DOTALL)
LINES = (
    "we willen 50 nieuwe bureaustoelen, zo'n 15k",
    "ja",
    "ze zijn oud maar heel",
    "opknappen, maar dan 30",
    "tussen 3 en 4 duizend",
    "neem ik mee",
    "versturen",
)


async def talk(folder: Path) -> str:
    """The whole talk as Markdown; every line of Moi as a quote."""
    records = await Records.open(f"sqlite:///{folder}/moi.sqlite")
    conversation = Conversation(Shelf(), records)
    person, place = Person("terminal:voorbeeld", "collega"), Place("terminal", "voorbeeld")
    said = []
    for number, line in enumerate(LINES):
        answer = await conversation.turn(person, Message(f"regel-{number}", text=line), place)
        said += [f"**Collega** · {line}", *map(quoted, answer.views)]
    await records.close()
    return "\n\n".join(said)


def quoted(view: View) -> str:
    """What Moi says as a Markdown quote; buttons and options between brackets, as one sees them."""
    lines = [line for block in view.blocks for line in written(block)]
    if view.actions:
        lines.append(" ".join(f"`[{action.label}]`" for action in view.actions))
    return "\n".join(f"> {line}<br>" for line in lines).removesuffix("<br>")


def written(block: Block) -> list[str]:
    """One block of a card, a line for everything on it."""
    match block:
        case Text(text=words, style=style):
            return [
                words
                if style in ("lead", "body")
                else f"**{words}**"
                if style == "heading"
                else f"<sub>{unmarked(words)}</sub>"
            ]
        case Bullets(lines=lines):
            return [f"• {line}" for line in lines]
        case Lines(lines=lines):
            return [f"{line.label}: {shown(line.value)}" for line in lines]
        case Typed():
            return [shown(block)]
        case Input(label=label, options=options):
            offered = " · ".join(option.label for option in options)
            return [f"{label} `[{offered}]`" if offered else f"{label} `[…]`"]
        case Copyable(title=title, lines=lines):
            return [f"**{title}**", *map(shown, lines)]


def shown(words: str | Typed) -> str:
    """Words of ours, or of a person after their label."""
    return words if isinstance(words, str) else f"{words.label} {words.text}".strip()


def main() -> None:
    """Replace the talk in the README by a new one."""
    with tempfile.TemporaryDirectory() as folder:
        written = asyncio.run(talk(Path(folder)))
    readme = README.read_text()
    README.write_text(PLACE.sub(lambda found: f"{found[1]}\n{written}\n\n{found[2]}", readme))


if __name__ == "__main__":
    main()
