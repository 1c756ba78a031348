"""A campaign as a card: what the MVOI team wrote, the buttons under it, and the way to get no more of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cards.marks import legible
from cards.view import MOST_ACTIONS, Action, Block, Input, Link, Option, Picture, Text, Typed, View
from knowledge.knowledge import Knowledge

FILE = "campagne"
BACK = "reacties"
"""The words about what comes back."""
SUBJECTS = "onderwerpen"
DO = "campagne"
LINK, TALK, POLL, LAST = "link", "praat", "vraag", "laat-maar"
KINDS = (LINK, TALK, POLL, LAST)
MOST_BUTTONS = MOST_ACTIONS - 1
"""The last place is always for getting no more campaigns."""
BEGIN = "begin"
"""What a talk is about that begins at the beginning."""
CHOICE = "poll"
"""The key in the tap of a poll under which the choice is: its place among the choices, from "1"."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: of which kind, and what is on it.

    `to` is the address, the product group or category that a talk is about, or the question of a poll with its `choices`.
    """

    kind: str
    label: str
    to: str = ""
    choices: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """As it is kept; `load_button` reads it."""
        return {"kind": self.kind, "label": self.label, "to": self.to, "choices": list(self.choices)}


def load_button(kept: Mapping[str, Any]) -> Button:
    """A button as it was kept; before there were polls it had no choices."""
    return Button(kept["kind"], kept["label"], kept["to"], tuple(kept.get("choices", ())))


def campaign_view(
    knowledge: Knowledge,
    *,
    id_: str,
    title: str,
    text: str,
    line: str,
    buttons: Sequence[Button],
    subject: str = "",
    picture: Picture | None = None,
) -> View:
    """The message; its `line` is what a phone shows, in the words of whoever wrote it.

    Of several polls only the first is on the card: one press answers one question. It stands right above its button.
    """
    say = knowledge.words.say
    paragraphs = [part.strip() for part in legible(text).split("\n\n") if part.strip()]
    blocks: list[Block] = [Text(title, "heading")]
    if picture:
        blocks.append(picture)
    blocks += [Typed(part) for part in paragraphs]
    name = subject_names(knowledge).get(subject)
    about = name and name[0].lower() + name[1:]
    sender = say(FILE, "afzender-over", onderwerp=about) if about else say(FILE, "afzender")
    blocks.append(Text(sender, "small"))
    numbered = list(enumerate(buttons[:MOST_BUTTONS]))
    polls = [(number, button) for number, button in numbered if button.kind == POLL][:1]
    blocks += [_question(button) for _, button in polls]
    others = [(number, button) for number, button in numbered if button.kind != POLL]
    actions = [_action(id_, number, button) for number, button in (*polls, *others)]
    if len(actions) < MOST_BUTTONS:
        ask = {"do": DO, "act": "team-vraag", "campaign": id_}
        actions.append(Action(say(BACK, "knop-vraag"), ask, fields=False))
    stop = say(BACK, "knop-geen-over") if name else say(FILE, "knop-geen")
    no_more = Action(stop, {"do": DO, "act": "geen", "campaign": id_}, fields=False)
    return View(tuple(blocks), (*actions, no_more), summary=line)


def subject_names(knowledge: Knowledge) -> dict[str, str]:
    """What a campaign can be about, by id; the first is what it is about unless somebody says so."""
    options = knowledge.words.question(FILE, SUBJECTS).options
    return {id_: option.label for id_, option in options.items()}


def _question(poll: Button) -> Input:
    options = tuple(Option(str(place), choice) for place, choice in enumerate(poll.choices, 1))
    return Input(CHOICE, poll.to, "choice", options, expanded=True)


def _action(id_: str, number: int, button: Button) -> Action | Link:
    if button.kind == LINK:
        return Link(button.label, button.to)
    tap = {"do": DO, "act": button.kind, "campaign": id_, "number": str(number)}
    if button.kind == POLL:
        return Action(button.label, tap)
    return Action(button.label, tap | {"to": button.to}, fields=False)


def stopped_view(knowledge: Knowledge) -> View:
    """From now on no campaigns, with the way back."""
    say = knowledge.words.say
    back = Action(say(FILE, "knop-weer"), {"do": DO, "act": "weer"})
    return View((Text(say(FILE, "geen")),), (back,), summary=say(FILE, "geen"))
