"""A campaign as a card: what the MVOI team wrote, the buttons under it, and the way to get no more of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.marks import legible
from cards.view import MOST_ACTIONS, Action, Block, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "campagne"
DO = "campagne"
LINK, TALK, LAST = "link", "praat", "laat-maar"
KINDS = (LINK, TALK, LAST)
MOST_BUTTONS = MOST_ACTIONS - 1
"""The last place is always for getting no more campaigns."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: of which kind, what is on it, and the address or the product group or category that it leads `to`."""

    kind: str
    label: str
    to: str = ""

    def dump(self) -> dict[str, str]:
        """As it is kept."""
        return {"kind": self.kind, "label": self.label, "to": self.to}


def campaign_view(
    knowledge: Knowledge, *, id_: str, title: str, text: str, line: str, buttons: Sequence[Button]
) -> View:
    """The message; its `line` is what a phone shows, in the words of whoever wrote it."""
    say = knowledge.words.say
    paragraphs = [part.strip() for part in legible(text).split("\n\n") if part.strip()]
    blocks: list[Block] = [Text(title, "heading"), *(Typed(part) for part in paragraphs)]
    blocks.append(Text(say(FILE, "afzender"), "small"))
    actions = [_action(id_, number, button) for number, button in enumerate(buttons[:MOST_BUTTONS])]
    no_more = Action(say(FILE, "knop-geen"), {"do": DO, "act": "geen", "campaign": id_})
    return View(tuple(blocks), (*actions, no_more), summary=line)


def _action(id_: str, number: int, button: Button) -> Action | Link:
    if button.kind == LINK:
        return Link(button.label, button.to)
    tap = {"do": DO, "act": button.kind, "campaign": id_, "number": str(number), "to": button.to}
    return Action(button.label, tap)


def stopped_view(knowledge: Knowledge) -> View:
    """From now on no campaigns, with the way back."""
    say = knowledge.words.say
    back = Action(say(FILE, "knop-weer"), {"do": DO, "act": "weer"})
    return View((Text(say(FILE, "geen")),), (back,), summary=say(FILE, "geen"))
