"""Writing a campaign in one's own talk: the card with fields, what became of it, and which campaigns there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cards.campaign import DO, FILE
from cards.marks import shortened
from cards.view import Action, Block, Bullets, Input, Line, Lines, Link, Option, Text, Typed, View
from knowledge.knowledge import Knowledge

KEEP, CHANGE, NEW, LIST = "bewaar", "pas-aan", "nieuw", "lijst"
TEMPLATE = "sjabloon"
NONE = "geen"
"""The choice of no template."""
WORDS = (("titel", 100), ("tekst", 2000), ("regel", 120))
BUTTON = (("knop-1-tekst", 40), ("knop-1-adres", 200))
LISTED = 4
"""Campaigns that can be opened from the list; with the button for a new one, and the page, a card is full."""
BUYING = "communicatie-campagne"
"""What somebody who is not of the MVOI team may mean with a campaign."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One campaign in the list: how far it is in words, and where its page is (None: nowhere)."""

    title: str
    state: str
    page: str | None


def write_view(
    knowledge: Knowledge, given: Mapping[str, str], *, campaign: str = "", version: int = 0, wrong: str = ""
) -> View:
    """The fields of a new campaign, or of one that is kept; of that one the buttons are for the page."""
    say = knowledge.words.say
    title = say(FILE, "pas-aan-titel" if campaign else "schrijf-titel")
    blocks: list[Block] = [Text(wrong)] if wrong else []
    blocks += [Text(title, "heading"), Text(say(FILE, "schrijf-uitleg"), "small")]
    if not campaign and knowledge.campaign_templates:
        known = (Option(one.id, one.title) for one in knowledge.campaign_templates.values())
        options = (Option(NONE, say(FILE, "keuze-geen")), *known)
        blocks.append(
            Input(
                TEMPLATE,
                say(FILE, "veld-sjabloon"),
                "choice",
                options,
                given.get(TEMPLATE, NONE),
                required=False,
            )
        )
    for name, most in WORDS if campaign else WORDS + BUTTON:
        value = given.get(name, "")
        blocks.append(Input(name, say(FILE, f"veld-{name}"), "text", value=value, required=False, most=most))
    tap = {"do": DO, "act": KEEP} | ({"campaign": campaign, "version": str(version)} if campaign else {})
    keep = Action(say(FILE, "knop-bewaar"), tap, "positive")
    return View(tuple(blocks), (keep,), summary=title)


def kept_view(
    knowledge: Knowledge, campaign: str, title: str, open_: Sequence[str], page: str | None
) -> View:
    """It is kept and nobody has it yet; what must still be done before it can go."""
    say = knowledge.words.say
    blocks: list[Block] = [Text(say(FILE, "bewaard")), Typed(title)]
    if open_:
        blocks += [Text(say(FILE, "moet-nog"), "lead"), Bullets(tuple(open_))]
    change = Action(say(FILE, "knop-pas-aan"), {"do": DO, "act": CHANGE, "campaign": campaign})
    links = (Link(say(FILE, "knop-pagina"), page),) if page else ()
    return View(tuple(blocks), (*links, change), summary=say(FILE, "bewaard"))


def list_view(knowledge: Knowledge, found: Sequence[Shown], page: str | None) -> View:
    """The campaigns that were changed last, with how far they are."""
    say = knowledge.words.say
    title = say(FILE, "lijst-titel")
    blocks: list[Block] = [Text(title, "heading")]
    if found:
        blocks.append(Lines(tuple(Line(one.state, Typed(one.title)) for one in found)))
    else:
        blocks.append(Text(say(FILE, "lijst-leeg")))
    links = [Link(shortened(one.title, 40), one.page) for one in found[:LISTED] if one.page]
    if page:
        links.append(Link(say(FILE, "knop-alle"), page))
    new = Action(say(FILE, "schrijf-titel"), {"do": DO, "act": NEW})
    return View(tuple(blocks), (new, *links), summary=title)


def not_yours_view(knowledge: Knowledge) -> View:
    """Who writes these, and what somebody else may have meant."""
    said = knowledge.words.say(FILE, "alleen-mvoi")
    buying = knowledge.groups.get(BUYING)
    tap = {"do": "about", "package": BUYING}
    actions = (Action(knowledge.words.say(FILE, "knop-inkopen"), tap),) if buying else ()
    return View((Text(said),), actions, summary=said)
