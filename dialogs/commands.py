"""What one can always say, whatever is asked: back, change, stop, why, help, a person, inspiration.

The words by which people say it are in `knowledge/data/woorden/opdrachten.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.hearing import plain
from knowledge.knowledge import Knowledge

FILE = "opdrachten"
ABOUT_PACKAGES = frozenset({"inspiratie", "criteria"})
TAKES_WORDS = frozenset({"wijzig", *ABOUT_PACKAGES})


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name, with what was said after it ("wijzig de waarde" -> "de waarde")."""

    name: str
    rest: str = ""


def command(knowledge: Knowledge, text: str) -> Command | None:
    """The command that these words are, or None when they are something else.

    Only some take words after them; all others are the whole message, so that "stop" in a sentence stops nothing.
    """
    said = plain(text)
    longest, begun = "", None
    for name, option in knowledge.words.question(FILE, "altijd").options.items():
        for word in (option.label, *option.said):
            call = plain(word)
            # A question mark has no letters, and neither has a smiley, which asks for nothing.
            if said == call and (said or text.strip() == word):
                return Command(name)
            if name in TAKES_WORDS and len(call) > len(longest) and said.startswith(f"{call} "):
                longest, begun = call, Command(name, said.removeprefix(call).strip())
    if begun and begun.name in ABOUT_PACKAGES and _buys(knowledge, longest, begun.rest):
        return None
    return begun


def _buys(knowledge: Knowledge, call: str, rest: str) -> bool:
    """Whether words that begin as a wish for inspiration name a purchase: "inspiratie sessie inhuren"."""
    contexts = frozenset(knowledge.vocabulary.contexts)
    if contexts & {call.split()[-1], rest.split()[0]}:
        return False
    return not frozenset(knowledge.vocabulary.intent.strong_verbs).isdisjoint(rest.split())
