"""What one can always say, whatever is asked: back, change, stop, why, help, a person, inspiration.

The words by which people say it are in `knowledge/data/woorden/opdrachten.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.hearing import plain
from knowledge.knowledge import Knowledge, once_per_version

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
    # A question mark has no letters, and neither has a smiley, which asks for nothing.
    if name := calls(knowledge).get(said or text.strip()):
        return Command(name)
    for call, takes_words in longest_first(knowledge):
        if said.startswith(call):
            rest = said.removeprefix(call).strip()
            buys = takes_words in ABOUT_PACKAGES and _buys(knowledge, call, rest)
            return None if buys else Command(takes_words, rest)
    return None


@once_per_version
def calls(knowledge: Knowledge) -> Mapping[str, str]:
    """The command by each way to say it: in plain words, or as it is written when it has no letters."""
    found: dict[str, str] = {}
    for name, option in knowledge.words.question(FILE, "altijd").options.items():
        for word in (option.label, *option.said):
            found.setdefault(plain(word) or word, name)
    return found


@once_per_version
def longest_first(knowledge: Knowledge) -> Sequence[tuple[str, str]]:
    """The ways to say the commands that take words after them, with the space before those, and the command."""
    taking = [(f"{call} ", name) for call, name in calls(knowledge).items() if name in TAKES_WORDS]
    return sorted(taking, key=lambda way: -len(way[0]))


def _buys(knowledge: Knowledge, call: str, rest: str) -> bool:
    """Whether words that begin as a wish for inspiration name a purchase: "inspiratie sessie inhuren"."""
    contexts = frozenset(knowledge.vocabulary.contexts)
    if contexts & {call.split()[-1], rest.split()[0]}:
        return False
    return not frozenset(knowledge.vocabulary.intent.strong_verbs).isdisjoint(rest.split())
