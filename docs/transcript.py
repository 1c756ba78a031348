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
from cards.plain import text
from cards.view import View
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
    written = []
    for number, line in enumerate(LINES):
        answer = await conversation.turn(person, Message(f"regel-{number}", text=line), place)
        written += [f"**Collega** · {line}", *map(quoted, answer.views)]
    await records.close()
    return "\n\n".join(written)


def quoted(view: View) -> str:
    """What Moi says as a Markdown quote, one line below another."""
    return "\n".join(f"> {line}\\" if line else ">" for line in text(view).splitlines()).removesuffix("\\")


def main() -> None:
    """Replace the talk in the README by a new one."""
    with tempfile.TemporaryDirectory() as folder:
        written = asyncio.run(talk(Path(folder)))
    readme = README.read_text()
    README.write_text(PLACE.sub(lambda found: f"{found[1]}\n{written}\n\n{found[2]}", readme))


if __name__ == "__main__":
    main()
