"""What one can always say, whatever is asked: back, change, stop, why, help, a person.

The words by which people say it are in `knowledge/data/woorden/opdrachten.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.hearing import plain
from knowledge.knowledge import Knowledge

FILE = "opdrachten"


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name, with what was said after it ("wijzig de waarde" -> "de waarde")."""

    name: str
    rest: str = ""


def command(knowledge: Knowledge, text: str) -> Command | None:
    """The command that these words are, or None when they are something else.

    Only "wijzig" takes words after it; all others are the whole message, so that "stop" in a sentence stops nothing.
    """
    said = plain(text)
    for name, option in knowledge.words.question(FILE, "altijd").options.items():
        for word in (option.label, *option.said):
            call = plain(word)
            # A question mark has no letters, and neither has a smiley, which asks for nothing.
            if said == call and (said or text.strip() == word):
                return Command(name)
            if name == "wijzig" and said.startswith(f"{call} "):
                return Command(name, said.removeprefix(call).strip())
    return None
